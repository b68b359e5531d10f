/**
 * One family link out of what several sources say of a child and a guardian. Pure; the one place that says which source's fact wins. Whether the
 * two are linked the database says by the same rule (its view `family_link`); a test holds both together.
 * An order that forbids contact wins over every source that links the two, also where its row has ended: only the source that wrote it can
 * lift it. Emergency contacts are no links: they stop in the connectors (connectors/relations.ts).
 */

/** Whose word counts first: lists kept for reaching families, then rosters, then what only helps to find somebody. */
const wordOf = ['contacts-csv', 'sds-csv', 'microsoft-graph', 'oneroster-rest', 'oneroster-csv', 'google-classroom'];
/** Good for finding a person, never for linking one. */
const matchingOnly: readonly string[] = ['google-classroom'];

const factNames = ['relation', 'livesWith', 'language', 'interpreter', 'phone', 'email', 'confirmedOn'] as const;
type Facts = {
  relation: string | null;
  livesWith: boolean | null;
  language: string | null;
  interpreter: boolean | null;
  phone: string | null;
  email: string | null;
  confirmedOn: string | null;
};

/** What one source says of the pair. */
export type Said = Facts & { source: string; kind: string; noContact: boolean; ended: boolean };

export type FamilyLink = {
  /** The guardian may be told of the child. */
  linked: boolean;
  /** The sources that forbid it, and those that link the two. */
  forbiddenBy: string[];
  linkedBy: string[];
  /** Each fact with the source it is from; what nobody says is not there. */
  facts: { [F in keyof Facts]?: { value: NonNullable<Facts[F]>; source: string } };
};

export function mergeLinks(said: readonly Said[]): FamilyLink {
  const forbiddenBy = said.filter((one) => one.noContact).map((one) => one.source);
  const linkedBy = said.filter((one) => !one.noContact && !one.ended && !matchingOnly.includes(one.kind)).map((one) => one.source);
  const inOrder = said.filter((one) => !one.ended).sort((a, b) => rank(a) - rank(b) || later(a, b));
  const facts: Record<string, unknown> = {};
  for (const name of factNames) {
    const first = inOrder.find((one) => one[name] !== null);
    if (first) facts[name] = { value: first[name], source: first.source };
  }
  // Each fact was put under its own name, which the loop's type cannot say.
  return { linked: forbiddenBy.length === 0 && linkedBy.length > 0, forbiddenBy, linkedBy, facts: facts as FamilyLink['facts'] };
}

const rank = ({ kind }: Said): number => (wordOf.includes(kind) ? wordOf.indexOf(kind) : wordOf.length);

/** Of two sources of one kind, the one confirmed later. */
const later = (a: Said, b: Said): number => (b.confirmedOn ?? '').localeCompare(a.confirmedOn ?? '') || a.source.localeCompare(b.source);
