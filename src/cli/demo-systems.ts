/**
 * The demo's school systems to try connectors on: OneRoster REST for a district that has nothing yet, Google and Microsoft beside the sample
 * district's records. Real HTTP servers of invented people. Their secrets are made at the first start and kept with the sample files, so
 * that a source of an earlier day still fits.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { connectorFor } from '../../connectors/registry.ts';
import type { Db } from '../db/db.ts';
import type { Options } from '../demo/district/plan.ts';
import { sampleDomain } from '../demo/google/domain.ts';
import { startGoogle } from '../demo/google/server.ts';
import { startGraph } from '../demo/graph/server.ts';
import { sampleTenant } from '../demo/graph/tenant.ts';
import { sampleCollections } from '../demo/oneroster/collections.ts';
import { startOneRoster } from '../demo/oneroster/server.ts';
import { AppError } from '../errors.ts';
import { findSource } from '../sync/sources.ts';
import { listDistricts } from './context.ts';

export type System = {
  title: string;
  url: string;
  kind: string;
  source: string;
  district: string;
  settings: Record<string, string | boolean | string[]>;
  /** The setting that is a secret, and the file it lies in. */
  secret: { name: string; file: string };
  close(): Promise<void>;
};

/** Where they listen: whoever calls them has to be allowed to. */
export const systemsHost = '127.0.0.1';

/** Made here by whoever tries; the sample district has its people from elsewhere. */
const emptyDistrict = { slug: 'birch', name: 'Birch County Schools' };

/** @param folder for their secrets; @param freePort finds a port for the next one; @param size of the district, as its files have it */
export async function startSystems(folder: string, freePort: () => Promise<number>, size?: Options): Promise<System[]> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const random = () => randomBytes(24).toString('base64url');
  const clientSecret = { name: 'clientSecret' };
  const keys = { sis: join(folder, 'oneroster-secret'), google: join(folder, 'google-key.json'), m365: join(folder, 'microsoft-secret') };

  const sis = await startOneRoster({ collections: sampleCollections(size), clientSecret: kept(keys.sis, random), port: await freePort() });
  const serviceAccountKey = existsSync(keys.google) ? readFileSync(keys.google, 'utf8') : undefined;
  const google = await startGoogle({ domain: sampleDomain(size), port: await freePort(), ...(serviceAccountKey && { serviceAccountKey }) });
  kept(keys.google, () => google.settings.serviceAccountKey);
  const app = { clientSecret: kept(keys.m365, random) };
  const m365 = await startGraph({ tenant: sampleTenant(size), app, port: await freePort() });
  const { tenant, clientId, authority } = m365.settings;
  const { tokenUrl, admin } = google.settings;
  return [
    {
      title: 'OneRoster REST',
      kind: 'oneroster-rest',
      source: 'sis',
      district: emptyDistrict.slug,
      url: sis.url,
      close: sis.close,
      settings: { tokenUrl: sis.tokenUrl, clientId: sis.clientId },
      secret: { ...clientSecret, file: keys.sis },
    },
    {
      title: 'Google Classroom',
      kind: 'google-classroom',
      source: 'classroom',
      district: 'sample',
      url: google.url,
      close: google.close,
      settings: { tokenUrl, admin, match: ['email'], courses: 'aliases' },
      secret: { name: 'serviceAccountKey', file: keys.google },
    },
    {
      title: 'Microsoft 365',
      kind: 'microsoft-graph',
      source: 'm365',
      district: 'sample',
      url: m365.url,
      close: m365.close,
      settings: { authority, tenant, clientId, roster: false, guardian: ['email'] },
      secret: { ...clientSecret, file: keys.m365 },
    },
  ];
}

function kept(file: string, make: () => string): string {
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

export type Try = { title: string; url: string; type: string };

/** What to type for each. What is there already is not added again. */
export async function systemsTold(db: Db, systems: readonly System[]): Promise<Try[]> {
  const told: Try[] = [];
  for (const system of systems) told.push({ title: system.title, url: system.url, type: await linesFor(db, system) });
  return told;
}

async function linesFor(db: Db, { district: slug, source, kind, url, settings, secret }: System): Promise<string> {
  const district = (await listDistricts(db)).find((of) => of.slug === slug);
  const known = district && (await findSource(db, district.id, source));
  const sets = Object.entries(settings).map(
    ([name, value]) => `--set ${quoted(`${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)}`,
  );
  const near = relative(process.cwd(), secret.file);
  const from = `--secret ${quoted(`${secret.name}=file:${near.startsWith('..') ? secret.file : near}`)}`;
  const steps = [
    ...(district ? [] : [`district add ${slug} --name ${quoted(emptyDistrict.name)}`]),
    ...(known ? [] : [['source add', source, '--district', slug, '--kind', kind, '--url', url, ...sets, from].join(' ')]),
    `source check ${source} --district ${slug}`,
    `sync --district ${slug} --source ${source} --dry-run`,
  ];
  return steps.map((step) => `aptt ${step}`).join(' && ');
}

const quoted = (text: string) => (/^[\w./:=@-]+$/.test(text) ? text : `'${text}'`);

/** Tries each as `aptt source check` does. @throws AppError `demo_failed` naming what the first one lacks */
export async function checkSystems(systems: readonly System[], say: (line: string) => void): Promise<void> {
  for (const { title, kind, url, settings, secret } of systems) {
    const connector = connectorFor(kind);
    const given = { ...settings, url, [secret.name]: readFileSync(secret.file, 'utf8') };
    const { ok, findings } = await connector.check(connector.settings.parse(given));
    const lacking = findings.find((finding) => !finding.ok);
    if (!ok) throw new AppError('demo_failed', `${title}: ${lacking?.text ?? 'it cannot be read'}`);
    say(`  ${title}: lets us in`);
  }
}
