/**
 * A source's secrets (client secrets, tokens), which lie sealed in the database and are opened for the one who asks that system.
 * @throws AppError `secret_needed` when one would lie open · `secret_changed` when one does not open
 */
import { z } from 'zod';
import { connectorFor } from '../../connectors/registry.ts';
import { AppError } from '../errors.ts';
import { seal, unseal } from '../seal.ts';

type Settings = Record<string, unknown>;
type Place = { districtId: number; name: string; kind: string };

const mark = 'sealed:';

/** The settings of a kind that are secrets. */
export function secretFields(kind: string): string[] {
  const { properties = {} } = z.toJSONSchema(connectorFor(kind).settings, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).flatMap(([field, of]) => (typeof of === 'object' && of.secret === true ? [field] : []));
}

const to = ({ districtId, name }: Place, field: string) => ({ purpose: 'aptt source settings', name: `${districtId}/${name}/${field}` });

/** Asked for only when something is sealed or opened. */
export type Secret = () => string;

/** @param secret null: there must be nothing to seal */
export const sealed = (settings: Settings, place: Place, secret: Secret | null): Settings =>
  changed(settings, place, (value, field) => {
    if (value.startsWith(mark)) return value;
    if (secret === null) throw new AppError('secret_needed', `the setting ${field} is a secret and would not be sealed`, { status: 500 });
    return mark + seal(value, secret(), to(place, field));
  });

export const opened = (settings: Settings, place: Place, secret: Secret): Settings =>
  changed(settings, place, (value, field) => {
    if (!value.startsWith(mark)) return value;
    return unseal(value.slice(mark.length), secret(), to(place, field), {
      message: `the ${field} of source "${place.name}" does not open with this APTT_SECRET`,
      hint: 'Start with the secret it was entered with, or remove the source and add it anew.',
    });
  });

function changed(settings: Settings, { kind }: Place, change: (value: string, field: string) => string): Settings {
  const made = { ...settings };
  for (const field of secretFields(kind)) {
    const value = made[field];
    if (typeof value === 'string') made[field] = change(value, field);
  }
  return made;
}
