/** How a service is reached: by which client, and where each listing stands. */
import { type Client, politeClient } from '../http.ts';
import { authorityOf } from './auth.ts';
import type { Service } from './settings.ts';
import type { Place } from './wire.ts';

/** One a host: a district's gradebook may stand elsewhere. */
export function clientsOf(service: Service, signal?: AbortSignal, tries = 10): (at: URL) => Client {
  const authority = authorityOf(service, Math.min(tries, 7));
  const known = new Map<string, Client>();
  return ({ origin }) => {
    const client = known.get(origin) ?? politeClient({ origin, authority, signal, limits: { tries } });
    known.set(origin, client);
    return client;
  };
}

export const addressOf = (service: Service, { service: which, collection }: Place): URL | null => {
  const base = which === 'rostering' ? service.rostering : service.gradebook;
  return base && new URL(collection, base);
};
