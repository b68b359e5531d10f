/** Who is a guardian by the word a source has for the relation. Pure: one rule for every source, so that none can make a guardian of an emergency contact. */

/** Parents, and who stands in for them; `step-mother` ends in one of these too. */
const close = /(mother|father|parent|mom|dad|guardian|custodian|conservator|foster|grand(ma|pa)|madre|padre|abuel[oa]|tutora?)\b/;
const distant = /(aunt|uncle|brother|sister|sibling|cousin|relative|spouse|t[ií][oa])\b/;
const outsider =
  /(neighbou?r|friend|sitter|nanny|day ?care|child ?care|doctor|physician|dentist|driver|coach|teacher|\baide\b|case ?worker|social worker|god(mother|father|parent)|vecin[oa]|amig[oa])/;

/** `guardian` may be told of a child; `never` may not, whatever else the row says; `unknown` is for a person to settle. */
export function standing(relation: string, alsoGuardians: readonly string[]): 'guardian' | 'never' | 'unknown' {
  const written = relation.toLowerCase();
  if (alsoGuardians.some((also) => also.toLowerCase() === written)) return 'guardian';
  if (outsider.test(written)) return 'never';
  if (close.test(written)) return 'guardian';
  if (/emergenc/.test(written)) return 'never';
  return distant.test(written) ? 'guardian' : 'unknown';
}
