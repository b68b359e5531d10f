/** The school's contact list: who brings up whom, who must not be called, and who is only called in an emergency. Pure rows. */
import { line } from './csv.ts';
import { emergencyContactOf, guardiansOf, studentAt } from './people.ts';
import { type Plan, studentsOf } from './plan.ts';

export const contactsHeader =
  'studentUniqueId,contactUniqueId,givenName,familyName,relation,primaryContact,livesWith,emergencyContact,noContact,language,interpreter,phone,email,confirmedOn';

export function* contactRows(plan: Plan): Generator<string> {
  for (const room of plan.homerooms) {
    for (const student of studentsOf(plan, room)) {
      const { number, lead } = studentAt(plan, room.school, student);
      for (const guardian of guardiansOf(plan, lead)) yield guardianRow(number, guardian);
      const called = emergencyContactOf(plan, student);
      if (called)
        yield line([
          number,
          called.number,
          called.givenName,
          called.familyName,
          called.relation,
          false,
          false,
          true,
          false,
          '',
          '',
          called.phone,
          '',
          '',
        ]);
    }
  }
  yield* faults(plan);
}

function guardianRow(student: string, guardian: ReturnType<typeof guardiansOf>[number]): string {
  const { number, givenName, familyName, relation, primary, livesWith, noContact, language, interpreter, phone, email } = guardian;
  const confirmed = primary ? '2026-08-24' : '';
  return line([
    student,
    number,
    givenName,
    familyName,
    relation,
    primary,
    livesWith,
    primary,
    noContact,
    language,
    interpreter,
    phone,
    email,
    confirmed,
  ]);
}

/** Dirt: a parent of two unknown children, and one row twice. */
function* faults(plan: Plan): Generator<string> {
  const room = plan.homerooms[0];
  const guardian = room && guardiansOf(plan, studentAt(plan, room.school, room.from).lead)[0];
  if (!room || !guardian) return;
  for (const unknown of ['999998', '999999']) yield guardianRow(unknown, guardian);
  yield guardianRow(studentAt(plan, room.school, room.from).number, guardian);
}
