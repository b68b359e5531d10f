/**
 * The only door to PostgreSQL. Tenant data is reached through `inDistrict` alone: it sets the service's role and the tenant for one
 * transaction, and row-level security does the rest. `atFrontDoor` sees only what must be found before the tenant is known
 * (platforms, deployments, logins, sessions). Both are safe behind pgbouncer in transaction mode.
 */
import { createConnection } from 'node:net';
import postgres from 'postgres';
import { AppError } from '../errors.ts';
import { startEmbedded } from './embedded.ts';
import { migrate } from './migrate.ts';

export type Sql = postgres.Sql;
/** A transaction under a role: the only thing queries accept. */
export type Tx = postgres.TransactionSql;

export type Db = {
  /** The pool itself: for migrations and for COPY benchmarks, never for tenant data. */
  sql: Sql;
  inDistrict<T>(districtId: number, work: (tx: Tx) => Promise<T>): Promise<T>;
  atFrontDoor<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** The same for one statement, in one packet. What it is told goes as JSON and stands in it as `$said`. */
  onceInDistrict<Row>(districtId: number, statement: string, said: object): Promise<Row[]>;
  onceAtFrontDoor<Row>(statement: string, said: object): Promise<Row[]>;
  /** For the operator's commands that create or list districts. */
  asOperator<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** The same database over connections of its own, for work that holds many of them: whoever waits for one of the others is not kept. Closed with this. */
  apart(max: number): Db;
  close(): Promise<void>;
};

/** @param max connections of the pool */
export function connect(url: string, options: { max?: number } = {}): Db {
  const settings = {
    max: options.max ?? 10,
    prepare: false, // pgbouncer in transaction mode has no named prepared statements
    onnotice: () => {},
    connection: { application_name: 'aptt-connect' },
    // Without this every COPY waits 80 ms for acknowledgements it does not need. Writes wait by themselves until it is connected.
    socket: ({ path, host, port }: { path?: string; host: string[]; port: number[] }) =>
      path ? createConnection({ path }) : createConnection({ host: host[0] ?? 'localhost', port: port[0] ?? 5432, noDelay: true }),
    // bigint ids stay below 2^53; dates stay the text the source wrote.
    types: {
      bigint: { to: 20, from: [20], parse: Number, serialize: String },
      date: { to: 1082, from: [1082], parse: (value: string) => value, serialize: (value: string) => value },
    },
  };
  // The driver's types lack `socket`, and custom parsers change only the parameter types, which Sql already allows.
  const sql = postgres(url, settings as postgres.Options<Record<string, postgres.PostgresType>>) as unknown as Sql;

  // Not waited for, so that it goes in one packet with the work's first statement. It is the first in the queue, and should it fail the
  // transaction is aborted, that statement with it.
  const as = <T>(role: Role, districtId: number | null, work: (tx: Tx) => Promise<T>): Promise<T> =>
    sql.begin(async (tx) => {
      const set = tx.unsafe(settingsOf(role, districtId)).execute();
      const [, result] = await Promise.all([set, work(tx)]);
      return result;
    }) as Promise<T>; // begin() unwraps promise arrays, which no caller returns

  // Statements sent together without a BEGIN are one transaction, and the first to fail is the last.
  const once = async <Row>(role: Role, districtId: number | null, statement: string, said: object): Promise<Row[]> => {
    const text = statement.replace('$said', () => literalOf(said));
    const [, rows] = await sql.unsafe<[unknown, Row[]]>(`${settingsOf(role, districtId)}; ${text}`);
    return rows;
  };

  const parts = new Set<Db>();
  const apart = (max: number): Db => {
    const part = connect(url, { max });
    parts.add(part);
    const close = () => {
      parts.delete(part);
      return part.close();
    };
    return { ...part, close };
  };

  return {
    sql,
    inDistrict: (districtId, work) => as('aptt_service', ofDistrict(districtId), work),
    atFrontDoor: (work) => as('aptt_front', null, work),
    onceInDistrict: (districtId, statement, said) => once('aptt_service', ofDistrict(districtId), statement, said),
    onceAtFrontDoor: (statement, said) => once('aptt_front', null, statement, said),
    asOperator: (work) => sql.begin(work) as Promise<never>, // the connecting role: owner of the schema
    apart,
    close: async () => {
      await Promise.all([...[...parts].map((part) => part.close()), sql.end({ timeout: 5 })]);
    },
  };
}

type Role = 'aptt_service' | 'aptt_front';

const settingsOf = (role: Role, districtId: number | null) =>
  `SELECT set_config('role', '${role}', true), set_config('aptt.district_id', '${districtId ?? ''}', true)`;

function ofDistrict(districtId: number): number {
  if (!Number.isSafeInteger(districtId)) throw new AppError('district_missing', 'no district was named', { status: 500 });
  return districtId;
}

/** Base64 holds nothing that needs escaping. Half a surrogate pair, which jsonb refuses, becomes what UTF-8 makes of it. */
function literalOf(said: object): string {
  const whole = (_name: string, value: unknown) => (typeof value === 'string' ? Buffer.from(value).toString() : value);
  const plain = JSON.stringify(said); // writes such a half as an escape
  const json = /\\ud[89a-f]/.test(plain) ? JSON.stringify(said, whole) : plain;
  return `convert_from(decode('${Buffer.from(json).toString('base64')}', 'base64'), 'UTF8')::jsonb`;
}

/** Connects to DATABASE_URL or the embedded server and brings the schema up to date. */
export async function openDb(env: { databaseUrl: string | null; dataDir: string }, options: { max?: number } = {}): Promise<Db> {
  const embedded = env.databaseUrl ? null : await startEmbedded(env.dataDir);
  const db = connect(env.databaseUrl ?? (embedded?.url as string), options); // one of the two is there by construction
  try {
    await migrate(db.sql);
  } catch (error) {
    await db.close();
    await embedded?.leave();
    throw error;
  }
  return {
    ...db,
    close: async () => {
      await db.close();
      await embedded?.leave();
    },
  };
}
