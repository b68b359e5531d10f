/** Grade levels as sources write them, to OneRoster's codes (CEDS): IT PR PK TK KG 01 … 13 PS UG. Pure. What is not recognised stays as written. */

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth', 'eleventh', 'twelfth'];

const words = new Map<string, string>([
  ...['k', 'kg', 'kindergarten', 'kindergarden', '0', '00', 'k5'].map((word): [string, string] => [word, 'KG']),
  ...['pk', 'prek', 'prekindergarten', 'preschool', 'preschoolprekindergarten', 'p3', 'p4', 'k4', 'k3'].map((word): [string, string] => [
    word,
    'PK',
  ]),
  ...['tk', 'transitionalkindergarten'].map((word): [string, string] => [word, 'TK']),
  ...['it', 'infant', 'toddler', 'infanttoddler'].map((word): [string, string] => [word, 'IT']),
  ...['ps', 'postsecondary'].map((word): [string, string] => [word, 'PS']),
  ...['ug', 'ungraded'].map((word): [string, string] => [word, 'UG']),
  ...['13', 'grade13'].map((word): [string, string] => [word, '13']),
  ...ordinals.map((word, index): [string, string] => [word, String(index + 1).padStart(2, '0')]),
]);

export function readGrade(text: string): string {
  const bare = text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const core = bare.replace(/^(grade|gr)(?=.)|grade$/g, '');
  const known = words.get(core) ?? words.get(bare);
  if (known) return known;
  const number = /^0?(\d|1[0-3])(st|nd|rd|th)?$/.exec(core);
  return number?.[1] ? number[1].padStart(2, '0') : text;
}
