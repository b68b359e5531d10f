/**
 * What the learning objectives of a column say: the codes a teacher knows, and the skill they are of. Common Core codes are understood, in
 * the spellings schools use (`CCSS.ELA-LITERACY.RF.1.3`, `RF.K.2`, `1.OA.C.6`); what a registry's own identifier means, only the registry
 * knows. Pure; imports nobody.
 */

export type Learning = { subject: string; skill: string | null };

const language = /^(CCSS\.)?(?:ELA-LITERACY\.)?(RF|RL|RI|SL|W|L)\.(K|\d{1,2}(?:-\d{1,2})?)\.(\d{1,2})(?:\.?([A-Z]))?$/i;
const mathematics =
  /^(?:CCSS\.)?(?:MATH\.)?(?:CONTENT\.)?(K|[1-8])\.(CC|OA|NBT|NF|MD|G|RP|NS|EE|SP|F)(?:\.[A-D])?(?:\.\d{1,2}(?:\.?[A-Z])?)?$/i;

/** In a family's words, by strand or domain; of the foundational skills by number. */
const skills: Record<string, string> = {
  'RF.1': 'how books and print work',
  'RF.2': 'sounds heard in spoken words',
  'RF.3': 'reading words by their letters and sounds',
  'RF.4': 'reading smoothly',
  RL: 'understanding stories',
  RI: 'reading about real things',
  W: 'writing',
  SL: 'speaking and listening',
  L: 'words, spelling and grammar',
  CC: 'counting',
  NBT: 'tens, ones and larger numbers',
  NF: 'fractions',
  MD: 'measuring, time and data',
  G: 'shapes',
};

/** What one code is of; null for a code of another make. */
function learningOf(code: string): Learning | null {
  const [, prefix, strand, grade, number, part] = language.exec(code.toUpperCase()) ?? [];
  if (strand !== undefined) {
    if (strand.length === 1 && prefix === undefined) return null; // L.3.1 is life science somewhere
    if (`${strand}.${grade}.${number}.${part}` === 'RF.K.1.D') return { subject: 'Reading', skill: 'naming letters' };
    return { subject: 'Reading', skill: skills[strand === 'RF' ? `RF.${number}` : strand] ?? null };
  }
  const [, of, domain] = mathematics.exec(code.toUpperCase()) ?? [];
  if (of === undefined || domain === undefined) return null;
  if (domain !== 'OA') return { subject: 'Mathematics', skill: skills[domain] ?? null };
  return { subject: 'Mathematics', skill: /[K12]/.test(of) ? 'adding and taking away' : 'number problems and patterns' };
}

const codeOf = (objective: string) => objective.slice(objective.indexOf(':') + 1);

/** The skill that all of them are of: of two, neither is said. */
export function skillOf(objectives: readonly string[] | null | undefined): Partial<Learning> {
  const found = (objectives ?? []).flatMap((objective) => learningOf(codeOf(objective)) ?? []);
  const [first] = found;
  if (!first || found.some(({ subject }) => subject !== first.subject)) return {};
  return { subject: first.subject, skill: found.every(({ skill }) => skill === first.skill) ? first.skill : null };
}

const registryOwn = /^[0-9a-f-]{16,}$|^\d+$/i;

/** Those that people read, in short: `RF.1.3`. */
export const readableCodes = (objectives: readonly string[] | null | undefined): string[] => [
  ...new Set(
    (objectives ?? [])
      .map(codeOf)
      .filter((code) => !registryOwn.test(code))
      .map((code) => (learningOf(code) ? code.replace(/^CCSS\.(ELA-LITERACY\.|MATH\.CONTENT\.)?/i, '') : code)),
  ),
];
