/** A contact list as schools export it: the columns we look for under the headers seen, and what the words in them mean. */

/** Every header met for a column; the first is the one we suggest. */
export const columns = {
  student: ['studentUniqueId', 'studentSourcedId', 'studentId', 'studentNumber', 'studentIdentifier', 'pupilId', 'student'],
  contact: [
    'contactUniqueId',
    'contactSourcedId',
    'contactId',
    'guardianSourcedId',
    'guardianUniqueId',
    'guardianId',
    'parentId',
    'contact',
  ],
  givenName: ['firstName', 'contactFirstName', 'guardianFirstName', 'contactGivenName'],
  familyName: ['lastName', 'contactLastName', 'guardianLastName', 'contactFamilyName', 'surname'],
  relation: ['relationship', 'relationToStudent', 'relationshipToStudent', 'contactRelation', 'contactType'],
  primaryContact: ['primary', 'isPrimary', 'primaryContactStatus', 'primaryGuardian'],
  livesWith: ['livesWithStudent', 'residesWith', 'sameHousehold'],
  emergencyContact: ['emergency', 'isEmergencyContact', 'emergencyContactStatus'],
  noContact: ['restricted', 'contactRestriction', 'courtOrder', 'restrainingOrder', 'doNotContact'],
  custody: ['custodyFlag', 'custodyStatus', 'custodyAlert', 'legalAlert'],
  language: ['homeLanguage', 'preferredLanguage', 'contactLanguage', 'correspondenceLanguage'],
  interpreter: ['needsInterpreter', 'interpreterNeeded', 'interpreterRequired'],
  phone: ['phoneNumber', 'mobile', 'cell', 'cellPhone', 'homePhone'],
  email: ['emailAddress', 'contactEmail'],
  confirmedOn: ['confirmed', 'verifiedOn', 'lastVerified', 'lastConfirmed'],
} as const;
export type ColumnName = keyof typeof columns;
export const columnNames = Object.keys(columns) as [ColumnName, ...ColumnName[]]; // the keys of a const object are its columns

/** Parents, and who stands in for them; `step-mother` ends in one of these too. */
const close = /(mother|father|parent|mom|dad|guardian|custodian|conservator|foster|grand(ma|pa)|madre|padre|abuel[oa]|tutora?)\b/;
const distant = /(aunt|uncle|brother|sister|sibling|cousin|relative|spouse|t[ií][oa])\b/;
const outsider =
  /(neighbou?r|friend|sitter|nanny|day ?care|child ?care|doctor|physician|dentist|driver|coach|teacher|case ?worker|social worker|god(mother|father|parent)|vecin[oa]|amig[oa])/;

/** `guardian` may be told of a child; `never` may not, whatever else the row says; `unknown` is for a person to settle. */
export function standing(relation: string, alsoGuardians: readonly string[]): 'guardian' | 'never' | 'unknown' {
  const written = relation.toLowerCase();
  if (alsoGuardians.some((also) => also.toLowerCase() === written)) return 'guardian';
  if (outsider.test(written)) return 'never';
  if (close.test(written)) return 'guardian';
  if (/emergenc/.test(written)) return 'never';
  return distant.test(written) ? 'guardian' : 'unknown';
}

/** A custody note that forbids contact. That somebody has custody, or has not, forbids nothing. */
export const forbids = (custody: string): boolean => /no[ -]?contact|restrict|restrain|court|protect|denied|forbid/i.test(custody);

const languages = new Map([
  ['english', 'en'],
  ['spanish', 'es'],
  ['español', 'es'],
  ['arabic', 'ar'],
  ['vietnamese', 'vi'],
  ['chinese', 'zh'],
  ['mandarin', 'zh'],
  ['cantonese', 'yue'],
  ['portuguese', 'pt'],
  ['haitian creole', 'ht'],
  ['haitian', 'ht'],
  ['russian', 'ru'],
  ['french', 'fr'],
  ['somali', 'so'],
  ['korean', 'ko'],
  ['tagalog', 'tl'],
  ['hmong', 'hmn'],
  ['ukrainian', 'uk'],
]);

/** BCP 47; null for what is neither a code nor a language we know by name. */
export function readLanguage(written: string): string | null {
  const named = languages.get(written.toLowerCase());
  if (named) return named;
  const code = written.replace('_', '-');
  if (!/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(code)) return null;
  return Intl.getCanonicalLocales(code)[0] ?? null;
}
