/**
 * Walks one registration the way a visit does, and says of each step whether it holds: the registration, the platform's keys, a deployment,
 * a sign-in and a launch that came through, a service token, a roster and a grade book that answer. What only a person's visit can show is
 * taken from the launch diary. Counts what the services answer and keeps none of it. Changes nothing.
 * @throws AppError `platform_missing`
 */
import { z } from 'zod';
import type { Db, Tx } from '../src/db/db.ts';
import { AppError } from '../src/errors.ts';
import { outbound } from '../src/outbound.ts';
import { type AccessToken, serviceTokens } from './services/token.ts';

export type StepName = 'registration' | 'keys' | 'deployment' | 'login' | 'launch' | 'token' | 'roster' | 'grades';
export type Step = {
  step: StepName;
  /** `waiting`: nobody came yet who could show it, or the platform does not offer it. */
  state: 'good' | 'bad' | 'waiting';
  /** A stable code of what did not hold. */
  code: string | null;
  /** The minute of the visit that showed it. */
  at: string | null;
};
export type Connection = { issuer: string; authUrl: string; steps: Step[]; missing: string[] };

const timeout = 8_000; // ms
const maxBytes = 2 * 1024 * 1024;
const scopes = {
  roster: 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
  grades: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
};
const media = {
  roster: 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json',
  grades: 'application/vnd.ims.lis.v2.lineitemcontainer+json',
};
const shapes = { roster: z.object({ members: z.array(z.unknown()) }), grades: z.array(z.unknown()) };

type Facts = {
  platform: { issuer: string; authUrl: string; jwksUrl: string; active: boolean };
  deployments: { active: number; pending: number };
  let_in: { minute: Date; missing: string[] } | null;
  refused: { minute: Date; door: string; reason: string } | null;
  roster: string | null;
  grades: string | null;
};

export async function testConnection(
  { db, secret }: { db: Db; secret: string },
  districtId: number,
  platformId: number,
): Promise<Connection> {
  const facts = await db.inDistrict(districtId, (tx) => factsOf(tx, districtId, platformId));
  const { platform, deployments } = facts;
  const tokens = serviceTokens({ db, secret }); // asked for anew: one at hand shows nothing
  const steps: Step[] = [
    platform.active ? good('registration') : bad('registration', 'platform_inactive'),
    await keysOf(platform.jwksUrl),
    deployments.active > 0 ? good('deployment') : deployments.pending > 0 ? bad('deployment', 'deployment_pending') : waiting('deployment'),
    visitOf('login', facts),
    visitOf('launch', facts),
    ...(await servicesOf(tokens.of(districtId, platformId), facts)),
  ];
  return { issuer: platform.issuer, authUrl: platform.authUrl, steps, missing: facts.let_in?.missing ?? [] };
}

async function factsOf(tx: Tx, districtId: number, platformId: number): Promise<Facts> {
  const [platform] = await tx<Facts['platform'][]>`
    SELECT issuer, auth_url AS "authUrl", jwks_url AS "jwksUrl", active FROM lti_platform WHERE district_id = ${districtId} AND id = ${platformId}`;
  if (!platform) throw new AppError('platform_missing', `this district has no platform ${platformId}`, { status: 404 });
  const [deployments = { active: 0, pending: 0 }] = await tx<Facts['deployments'][]>`
    SELECT (count(*) FILTER (WHERE status = 'active'))::int AS active, (count(*) FILTER (WHERE status = 'pending'))::int AS pending
    FROM lti_deployment WHERE district_id = ${districtId} AND platform_id = ${platformId}`;
  const [letIn = null] = await tx<{ minute: Date; missing: string[] }[]>`
    SELECT minute, missing FROM launch_diary
    WHERE district_id = ${districtId} AND platform_id = ${platformId} AND door = 'launch' AND reason = '' ORDER BY id DESC LIMIT 1`;
  const [refused = null] = await tx<{ minute: Date; door: string; reason: string }[]>`
    SELECT minute, door, reason FROM launch_diary
    WHERE district_id = ${districtId} AND platform_id = ${platformId} AND door IN ('login', 'launch') AND reason <> '' ORDER BY id DESC LIMIT 1`;
  const [services] = await tx<{ roster: string | null; grades: string | null }[]>`
    SELECT (SELECT memberships_url FROM lti_context WHERE district_id = ${districtId} AND platform_id = ${platformId} AND memberships_url IS NOT NULL
        ORDER BY id DESC LIMIT 1) AS roster,
      (SELECT line_items_url FROM lti_context WHERE district_id = ${districtId} AND platform_id = ${platformId} AND line_items_url IS NOT NULL
        ORDER BY id DESC LIMIT 1) AS grades`;
  return { platform, deployments, let_in: letIn, refused, roster: services?.roster ?? null, grades: services?.grades ?? null };
}

async function keysOf(jwksUrl: string): Promise<Step> {
  const set = z.object({ keys: z.array(z.object({ kty: z.literal('RSA'), kid: z.string() }).loose()).min(1) });
  const answer = await read(jwksUrl, {});
  return answer.status === 200 && set.safeParse(answer.json).success ? good('keys') : bad('keys', 'keys_unreachable');
}

/** The last visit counts: one refused after one let in is what is wrong now. A refusal in the same minute may be somebody's old tab. */
function visitOf(step: 'login' | 'launch', { let_in, refused }: Facts): Step {
  if (refused && refused.door === step && (!let_in || refused.minute > let_in.minute)) {
    return { ...bad(step, refused.reason), at: refused.minute.toISOString() };
  }
  // A launch that was refused has a login behind it.
  const shown = let_in?.minute ?? (step === 'login' && refused?.door === 'launch' ? refused.minute : null);
  return shown ? { ...good(step), at: shown.toISOString() } : waiting(step);
}

/** One token for what the platform offers, then the first page of each. */
async function servicesOf(token: AccessToken, facts: Facts): Promise<Step[]> {
  const offered = (['roster', 'grades'] as const).filter((name) => facts[name] !== null);
  if (offered.length === 0) return [waiting('token'), waiting('roster'), waiting('grades')];
  const steps: Step[] = [];
  for (const name of ['roster', 'grades'] as const) {
    const url = facts[name];
    if (url === null) {
      steps.push(waiting(name));
      continue;
    }
    const bearer = await token([scopes[name]]).catch(codeOf);
    if (typeof bearer !== 'string') {
      steps.push(bad(name, bearer.code));
      continue;
    }
    const answer = await read(url, { authorization: `Bearer ${bearer}`, accept: media[name] });
    const holds = answer.status === 200 && shapes[name].safeParse(answer.json).success;
    steps.push(holds ? good(name) : bad(name, answer.status === 200 ? 'service_unreadable' : answer.code));
  }
  const refused = steps.find(({ code }) => code?.startsWith('platform_'));
  return [refused ? bad('token', refused.code ?? '') : good('token'), ...steps];
}

type Read = { status: number; json: unknown; code: string };

async function read(url: string, headers: Record<string, string>): Promise<Read> {
  try {
    const { status, body } = await outbound(url, { headers, timeout, maxBytes });
    return {
      status,
      json: JSON.parse(body.toString('utf8')),
      code: status === 401 || status === 403 ? 'service_denied' : `service_${status}`,
    };
  } catch (error) {
    if (error instanceof SyntaxError) return { status: 0, json: null, code: 'service_unreadable' };
    return { status: 0, json: null, ...codeOf(error) };
  }
}

/** @throws what is no AppError */
function codeOf(error: unknown): { code: string } {
  if (!(error instanceof AppError)) throw error;
  return { code: error.code };
}

const good = (step: StepName): Step => ({ step, state: 'good', code: null, at: null });
const bad = (step: StepName, code: string): Step => ({ step, state: 'bad', code, at: null });
const waiting = (step: StepName): Step => ({ step, state: 'waiting', code: null, at: null });
