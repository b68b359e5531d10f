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
