/** What an operator says of a OneRoster service, and what follows from it. Pure. */
import { z } from 'zod';
import { type Preset, presetNames, presets, scopesOf, type Version } from './presets.ts';

const address = z.url({ protocol: /^https?$/, error: 'must be an https address' });
const secret = () => z.string().min(1).optional().meta({ secret: true });

const fields = z
  .object({
    preset: z.enum(presetNames).default('generic'),
    /** Where the system is; or the whole address of its OneRoster service, as its administrator was told it. */
    url: address,
    version: z.enum(['1.1', '1.2']).optional(),
    /** Where the 1.2 services stand apart. */
    rosteringUrl: address.optional(),
    gradebookUrl: address.optional(),
    auth: z.enum(['oauth2', 'oauth1', 'bearer']).optional(),
    tokenUrl: address.optional(),
    clientId: z.string().min(1).optional(),
    clientSecret: secret(),
    clientAuth: z.enum(['basic', 'body']).optional(),
    signature: z.enum(['HMAC-SHA1', 'HMAC-SHA256']).optional(),
    /** Of auth=bearer. */
    token: secret(),
    /** Instead of the version's own; an empty list asks for none. */
    scopes: z.array(z.string().min(1)).optional(),
    pageSize: z.number().int().min(1).max(10_000).optional(),
    /** Scores and assessments too. */
    gradebook: z.boolean().default(true),
  })
  .strict();
type Fields = z.infer<typeof fields>;

export const settings = fields.superRefine((given, context) => {
  const preset = presets[given.preset];
  const auth = given.auth ?? preset.auth;
  const needs = (field: keyof Fields, why: string) => {
    if (given[field] === undefined) context.addIssue({ code: 'custom', path: [field], message: `is needed for ${why}` });
  };
  if (auth === 'bearer') needs('token', 'auth=bearer: the token the system handed out');
  else {
    needs('clientId', `auth=${auth}: the client id (or key) the system handed out`);
    needs('clientSecret', `auth=${auth}: the secret the system handed out`);
  }
  if (auth === 'oauth2' && preset.tokenPath === null) needs('tokenUrl', `preset=${given.preset}: where the system hands out tokens`);
});
export type Settings = z.infer<typeof settings>;

/** The settings, decided. */
export type Service = {
  version: Version;
  rostering: URL;
  /** Null: not asked for. */
  gradebook: URL | null;
  auth: Preset['auth'];
  clientAuth: Preset['clientAuth'];
  signature: Preset['signature'];
  tokenUrl: URL | null;
  scopes: string[];
  pageSize: number;
  clientId: string;
  clientSecret: string;
  token: string;
};

export function serviceOf(given: Settings): Service {
  const preset = presets[given.preset];
  const whole = given.url.replace(/[?#].*$/, '').replace(/\/+$/, '');
  const said = /\/v1p([12])$/.exec(given.rosteringUrl ?? whole)?.[1];
  const version: Version = given.version ?? (said === '1' ? '1.1' : said === '2' ? '1.2' : preset.version);
  const auth = given.auth ?? preset.auth;
  const at = (address: string) => new URL(`${address.replace(/\/+$/, '')}/`);
  return {
    version,
    rostering: at(given.rosteringUrl ?? pathOf(whole, version, 'rostering')),
    gradebook: given.gradebook ? at(given.gradebookUrl ?? pathOf(whole, version, 'gradebook')) : null,
    auth,
    clientAuth: given.clientAuth ?? preset.clientAuth,
    signature: given.signature ?? preset.signature,
    tokenUrl: auth === 'oauth2' ? new URL(given.tokenUrl ?? `${root(whole)}${preset.tokenPath ?? ''}`) : null,
    scopes: given.scopes ?? scopesOf(version, given.gradebook),
    pageSize: given.pageSize ?? preset.pageSize,
    clientId: given.clientId ?? '',
    clientSecret: given.clientSecret ?? '',
    token: given.token ?? '',
  };
}

const root = (whole: string) => whole.replace(/\/ims\/oneroster(\/.*)?$/, '');

/** An address that names a service already is taken as it is; 1.2 keeps its services side by side. */
function pathOf(whole: string, version: Version, service: 'rostering' | 'gradebook'): string {
  if (version === '1.1') return /\/v1p1$/.test(whole) ? whole : `${root(whole)}/ims/oneroster/v1p1`;
  if (/\/(rostering|gradebook)\/v1p2$/.test(whole)) return whole.replace(/\/(rostering|gradebook)\/v1p2$/, `/${service}/v1p2`);
  return `${root(whole)}/ims/oneroster/${service}/v1p2`;
}
