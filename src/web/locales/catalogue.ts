/** What a catalogue is: English says which messages there are and what they need; every other language has exactly those. */
import type { en } from './en.ts';

/** A text, or one for each plural form its language has. `{name}` is a hole; `{n}` chooses the plural. */
export type Message = string | ({ readonly other: string } & { readonly [form in Intl.LDMLPluralRule]?: string });

export type Key = keyof typeof en;
export type Catalogue = { readonly [K in Key]: Message };

type Text<M> = M extends { readonly other: infer S } ? S : M;
type Holes<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Holes<Rest> : never;
/** What `t(key)` must be given. */
export type Values<K extends Key> = { [Name in Holes<Text<(typeof en)[K]>>]: string | number };
