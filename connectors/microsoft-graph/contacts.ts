/**
 * Whom School Data Sync keeps with a student, to guardians. A contact has no id: the same name with the same address (or, without one, the same
 * phone) is the same person, also beside a brother or sister; with a name alone it is this student's only. Pure.
 */
import { createHash } from 'node:crypto';
import type { RecordOf } from '../../src/roster/model.ts';
import type { Notes } from '../notes.ts';
import { standing } from '../relations.ts';
import { said } from './map.ts';
import type { Contact } from './wire.ts';

export type Guardian = { user: RecordOf['users']; role: RecordOf['roles']; guardianship: RecordOf['guardianships'] };

/** @param student the id under which the student is found */
export function guardiansOf(student: string, contacts: readonly Contact[], alsoGuardians: readonly string[], notes: Notes): Guardian[] {
  const linked: Guardian[] = [];
  const seen = new Set<string>();
  for (const contact of contacts) {
    const guardian = idOf(student, contact);
    if (guardian === null || seen.has(guardian)) continue;
    seen.add(guardian);
    const relation = said(contact.relationship)?.toLowerCase() ?? '';
    const not = whyNot(relation, contact, alsoGuardians);
    const place = { sourcedId: student, field: 'relatedContacts' };
    if (!not) linked.push(linkOf(student, guardian, relation, contact));
    else if (not.code === 'relation_unknown')
      notes.warn(not.code, not.message, place); // for a person to settle, so each is named
    else notes.habit(not.code, not.message, place);
  }
  return linked;
}

/** Links to contacts who stand with the student and are no guardians, such as those whose consent was taken back. */
export function unlinked(student: string, contacts: readonly Contact[], guardians: readonly Guardian[]): string[] {
  const linked = new Set(guardians.map(({ guardianship }) => guardianship.sourcedId));
  const links = contacts.flatMap((contact) => idOf(student, contact) ?? []).map((guardian) => linkId(student, guardian));
  return [...new Set(links)].filter((link) => !linked.has(link));
}

function whyNot(relation: string, { accessConsent }: Contact, alsoGuardians: readonly string[]): { code: string; message: string } | null {
  // Whether a contact may be told of the student is a fact of its own.
  if (accessConsent === false)
    return { code: 'consent_missing', message: 'a contact without consent to see the student’s data is not linked to the child' };
  const is = relation === 'child' ? 'never' : standing(relation, alsoGuardians);
  if (is === 'guardian') return null;
  return is === 'never' && relation !== ''
    ? { code: 'emergency_contact_excluded', message: 'an aide, doctor or other contact is not a guardian and is not linked to the child' }
    : {
        code: 'relation_unknown',
        message: 'a contact whose relation says nothing (“other”) is not linked to the child; correct it at the source',
      };
}

const digest = (...parts: string[]) => `contact/${createHash('sha256').update(parts.join('\0')).digest('base64url').slice(0, 24)}`;

/** Not readable: ids stand in reports. */
function idOf(student: string, contact: Contact): string | null {
  const name = said(contact.displayName)?.toLowerCase() ?? '';
  const address = said(contact.emailAddress)?.toLowerCase();
  const phone = (contact.mobilePhone ?? '').replace(/\D/g, '');
  if (address) return digest('address', name, address);
  if (phone !== '') return digest('phone', name, phone);
  return name === '' ? null : digest('student', name, student);
}

const linkId = (student: string, guardian: string) => `${student}|${guardian}`;

function linkOf(student: string, guardian: string, relation: string, contact: Contact): Guardian {
  const email = said(contact.emailAddress);
  return {
    user: {
      sourcedId: guardian,
      enabledUser: true,
      username: null,
      userIds: [],
      givenName: said(contact.displayName) ?? '', // whole: where a name falls apart cannot be known
      familyName: '',
      middleName: null,
      preferredGivenName: null,
      preferredFamilyName: null,
      identifier: null,
      email,
      grades: [],
    },
    role: {
      sourcedId: `${guardian}/guardian`,
      userSourcedId: guardian,
      orgSourcedId: null,
      role: 'guardian',
      roleType: null,
      beginDate: null,
      endDate: null,
    },
    guardianship: {
      sourcedId: linkId(student, guardian),
      studentSourcedId: student,
      guardianSourcedId: guardian,
      undirected: false,
      relation,
      primary: false,
      livesWith: null,
      noContact: false,
      language: null,
      interpreter: null,
      phone: said(contact.mobilePhone),
      email,
      confirmedOn: null,
    },
  };
}
