/**
 * Deep Linking 2.0: a teacher or an administrator chooses what of ours to place in a course. What the platform asked for waits in one row for
 * half an hour, found by a token only the picker's page holds, and is consumed by the answer. Only types the platform takes are offered.
 * @throws Refusal `deep_link_role` | `deep_link_closed` | `deep_link_malformed`
 */
import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Db } from '../src/db/db.ts';
import { signingKey } from './keys.ts';
import type { DeepLinking, Launch } from './launch-shape.ts';
import { type Link, linkAddress, links, linkWords } from './links.ts';
import { hash } from './login.ts';
import type { Language } from './pages.ts';
import { Refusal } from './refusal.ts';

const minutesOpen = 30;
const claim = 'https://purl.imsglobal.org/spec/lti/claim/';
const dl = 'https://purl.imsglobal.org/spec/lti-dl/claim/';

/** What a request becomes. `offers` null: the platform takes nothing we have. */
export type Picker = { token: string; multiple: boolean; offers: ItemType | null; platformId: number };
type ItemType = 'ltiResourceLink' | 'link';
export type Answer = { returnUrl: string; jwt: string; platformId: number };

export async function openPicker(db: Db, launch: Launch, deepLinking: DeepLinking): Promise<Picker> {
  // Whoever may write in a course places links in it; families and students open what is there.
  if (!launch.roles.instructor && !launch.roles.administrator) {
    throw new Refusal('deep_link_role', 'only a teacher or an administrator of the course may place links');
  }
  const token = randomBytes(32).toString('base64url');
  await db.atFrontDoor(async (tx) => {
    await tx`DELETE FROM lti_deep_link WHERE expires_at < now() - interval '1 hour'`;
    await tx`
      INSERT INTO lti_deep_link (district_id, token_hash, platform_id, deployment_id, asked, expires_at)
      VALUES (${launch.districtId}, ${hash(token)}, ${launch.platformId}, ${launch.deploymentId}, ${Buffer.from(JSON.stringify(deepLinking))},
        now() + make_interval(mins => ${minutesOpen}))`;
  });
  return { token, platformId: launch.platformId, ...offered(deepLinking) };
}

const offered = ({ accepts, multiple }: DeepLinking) => ({
  multiple,
  offers: (['ltiResourceLink', 'link'] as const).find((type) => accepts.includes(type)) ?? null,
});

export type Choice = { token: string; chosen: string[]; isCancelled: boolean; language: Language };

/** The answer to post, or the picker once more where nothing was chosen. */
export async function answerPicker(tool: { db: Db; url: string; secret: string }, choice: Choice): Promise<Answer | Picker> {
  const row = await find(tool.db, choice.token);
  const { multiple, offers } = offered(row.asked);
  const chosen = choice.isCancelled ? [] : [...new Set(choice.chosen)].map(known);
  if (chosen.length > 1 && !multiple) throw new Refusal('deep_link_malformed', 'several links, where the platform takes one');
  if (chosen.length > 0 && !offers) throw new Refusal('deep_link_malformed', 'a link, where the platform takes none');
  if (chosen.length === 0 && !choice.isCancelled) return { token: choice.token, multiple, offers, platformId: row.platformId };
  const items = offers ? chosen.map((link) => contentItem(offers, tool.url, link, choice.language)) : [];
  const jwt = await sign(tool, row, items);
  await consume(tool.db, choice.token);
  return { returnUrl: row.asked.returnUrl, jwt, platformId: row.platformId };
}

function known(name: string): Link {
  const link = links.find((each) => each === name);
  if (!link) throw new Refusal('deep_link_malformed', 'a link that does not exist');
  return link;
}

/** Deep Linking 2.0 §2 */
const contentItem = (type: ItemType, url: string, link: Link, language: Language) => ({
  type,
  url: linkAddress(url, link),
  ...linkWords[language][link],
});

type Row = { platformId: number; deploymentId: string; issuer: string; clientId: string; asked: DeepLinking };

async function find(db: Db, token: string): Promise<Row> {
  const [row] = await db.atFrontDoor(
    (tx) => tx<(Omit<Row, 'asked'> & { asked: Buffer })[]>`
      SELECT p.id AS "platformId", d.deployment_id AS "deploymentId", d.asked, p.issuer, p.client_id AS "clientId"
      FROM lti_deep_link d JOIN lti_platform p ON p.district_id = d.district_id AND p.id = d.platform_id AND p.active
        JOIN lti_deployment l ON l.district_id = d.district_id AND l.platform_id = d.platform_id AND l.deployment_id = d.deployment_id AND l.status = 'active'
      WHERE d.token_hash = ${hash(token)} AND d.expires_at > now()`,
  );
  if (!row) throw closed();
  return { ...row, asked: JSON.parse(row.asked.toString()) as DeepLinking }; // written by openPicker
}

/** Of two answers at once, one. */
async function consume(db: Db, token: string): Promise<void> {
  const { count } = await db.atFrontDoor((tx) => tx`DELETE FROM lti_deep_link WHERE token_hash = ${hash(token)}`);
  if (count === 0) throw closed();
}

const closed = () => new Refusal('deep_link_closed', 'this choice was already sent, or waited too long');

/** Deep Linking 2.0 §4.4 and Security Framework 1.0 §5.2: the tool's message, signed with a key of its own key set. */
async function sign({ db, secret }: { db: Db; secret: string }, { deploymentId, issuer, clientId, asked }: Row, items: object[]) {
  const { kid, key } = await signingKey(db, secret);
  const payload = {
    nonce: randomBytes(16).toString('base64url'),
    [`${claim}message_type`]: 'LtiDeepLinkingResponse',
    [`${claim}version`]: '1.3.0',
    [`${claim}deployment_id`]: deploymentId,
    [`${dl}content_items`]: items,
    ...('data' in asked && { [`${dl}data`]: asked.data }),
  };
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
    .setIssuer(clientId)
    .setAudience(issuer)
    .setIssuedAt()
    .setExpirationTime('5 minutes')
    .sign(key);
}
