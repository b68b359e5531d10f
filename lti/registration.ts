/**
 * LTI Dynamic Registration 1.0: an invited platform's configuration is read, we ask it for a client, and what it answers becomes a
 * registration of the inviting district. Every address comes from outside, so each is judged before it is called or kept. A deployment the
 * platform names waits for district IT like any other.
 * @throws Refusal `registration_*` | `invitation_unknown`
 */
import { z } from 'zod';
import type { Db } from '../src/db/db.ts';
import { AppError } from '../src/errors.ts';
import { outbound } from '../src/outbound.ts';
import { address, isSafeAddress } from './address.ts';
import { speaksFor } from './house.ts';
import { claim, settle } from './invitations.ts';
import { addPlatform, noteDeployment, type Platform } from './platforms.ts';
import { clientOf } from './profile.ts';
import { Refusal, type Where } from './refusal.ts';

export type Asked = {
  invitation: string;
  configurationUrl: string;
  /** D2L offers none; Canvas wants it on the configuration too. */
  registrationToken: string | null;
  /** The page that opened ours: it will frame the tool. */
  openedBy: string | null;
};

const timeout = 10_000;
const maxBytes = 256 * 1024;
const platformConfiguration = 'https://purl.imsglobal.org/spec/lti-platform-configuration';
const toolConfiguration = 'https://purl.imsglobal.org/spec/lti-tool-configuration';

/** @returns the district and its new platform */
export async function register(tool: { db: Db; url: string }, asked: Asked): Promise<Where> {
  if (!isSafeAddress(asked.configurationUrl)) {
    throw new Refusal('registration_malformed', 'the openid_configuration parameter is missing or not an https address');
  }
  const districtId = await claim(tool.db, asked.invitation);
  const where: Where = { districtId, platformId: null, issuer: '', deploymentId: null };
  let made: Platform | null = null;
  try {
    made = await registerFor(tool, districtId, asked);
    return { ...where, platformId: made.id, issuer: made.issuer };
  } catch (error) {
    if (error instanceof Refusal) error.where = where;
    throw error;
  } finally {
    await settle(tool.db, asked.invitation, made?.id ?? null);
  }
}

async function registerFor({ db, url }: { db: Db; url: string }, districtId: number, asked: Asked): Promise<Platform> {
  const configuration = await readConfiguration(asked);
  const client = await askForClient(url, configuration, asked.registrationToken);
  const frames = [asked.configurationUrl, asked.openedBy].filter((from) => from !== null && isSafeAddress(from));
  const platform = await addPlatform(db, districtId, {
    issuer: configuration.issuer,
    clientId: client.client_id,
    authUrl: configuration.authorization_endpoint,
    tokenUrl: configuration.token_endpoint,
    jwksUrl: configuration.jwks_uri,
    tokenAudience: configuration.authorization_server?.startsWith('https://') ? configuration.authorization_server : null,
    frameOrigins: [...new Set(frames.map((from) => new URL(from as string).origin))], // null was filtered out
  }).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'platform_exists') throw error;
    throw new Refusal('registration_exists', 'the platform gives us a client id that is registered already', { cause: error });
  });
  const deploymentId = client[toolConfiguration]?.deployment_id;
  if (deploymentId) await noteDeployment(db, districtId, platform.id, deploymentId);
  return platform;
}

// --- the platform's configuration ---

const configurationShape = z.object({
  issuer: address,
  authorization_endpoint: address,
  token_endpoint: address,
  jwks_uri: address,
  registration_endpoint: address,
  /** What it wants to be called when a token is asked for; Canvas writes a bare host there and means its token address. */
  authorization_server: z.string().max(2048).optional(),
  id_token_signing_alg_values_supported: z
    .array(z.string())
    .refine((names) => names.includes('RS256'))
    .optional(),
  [platformConfiguration]: z.object({ product_family_code: z.string().max(100).optional() }).optional(),
});
type Configuration = z.output<typeof configurationShape>;

async function readConfiguration({ configurationUrl, registrationToken }: Asked): Promise<Configuration> {
  const answer = await ask(configurationUrl, registrationToken);
  const parsed = configurationShape.safeParse(answer);
  if (!parsed.success) {
    const field = String(parsed.error.issues[0]?.path[0] ?? 'whole');
    throw new Refusal('registration_contract', `the platform’s configuration: its ${field} is missing or cannot be used`);
  }
  const { issuer, authorization_endpoint, token_endpoint, jwks_uri, registration_endpoint } = parsed.data;
  if (!speaksFor(issuer, configurationUrl, [authorization_endpoint, token_endpoint, jwks_uri, registration_endpoint])) {
    throw new Refusal('registration_issuer', 'the configuration is for another platform than the one that serves it');
  }
  return parsed.data;
}

// --- the client it makes for us ---

const id = z
  .string()
  .min(1)
  .max(255)
  .refine((value) => !value.includes('\0')); // PostgreSQL keeps no NUL
const clientShape = z.object({
  client_id: z.union([id, z.number().int().nonnegative().transform(String)]),
  [toolConfiguration]: z.object({ deployment_id: id.optional() }).optional(),
});

async function askForClient(url: string, configuration: Configuration, registrationToken: string | null) {
  const family = configuration[platformConfiguration]?.product_family_code?.toLowerCase() ?? null;
  const answer = await ask(configuration.registration_endpoint, registrationToken, clientOf(url, family));
  const parsed = clientShape.safeParse(answer);
  if (!parsed.success) throw new Refusal('registration_contract', 'the platform’s answer to our registration names no client id');
  return parsed.data;
}

/** The answer's JSON. */
async function ask(to: string, registrationToken: string | null, body: object | null = null): Promise<unknown> {
  const headers = {
    ...(registrationToken !== null && { authorization: `Bearer ${registrationToken}` }),
    ...(body && { 'content-type': 'application/json' }),
  };
  const { status, body: text } = await outbound(to, {
    headers,
    timeout,
    maxBytes,
    ...(body && { method: 'POST' as const, body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    if (!(cause instanceof AppError)) throw cause;
    throw new Refusal('registration_unreachable', `${body ? 'registering' : 'the platform’s configuration'}: ${cause.message}`, { cause });
  });
  if (status !== 200 && status !== 201) {
    throw new Refusal('registration_refused', `${body ? 'registering' : 'the platform’s configuration'}: the platform answers ${status}`);
  }
  try {
    return JSON.parse(text.toString('utf8'));
  } catch (cause) {
    throw new Refusal('registration_contract', 'the platform answers something that is not JSON', { cause });
  }
}
