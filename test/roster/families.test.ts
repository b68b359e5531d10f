/** Which source's fact wins, and that an order against contact wins over all of them. */
import { mergeLinks, type Said } from '../../src/roster/families.ts';

const nothing = { relation: null, livesWith: null, language: null, interpreter: null, phone: null, email: null, confirmedOn: null };
const said = (source: string, kind: string, own: Partial<Said> = {}): Said => ({
  source,
  kind,
  noContact: false,
  ended: false,
  ...nothing,
  ...own,
});
const sis = (own: Partial<Said> = {}) => said('sis', 'oneroster-csv', own);
const contacts = (own: Partial<Said> = {}) => said('contacts', 'contacts-csv', own);

test('each fact is the most trusted source’s that has it, and says whose it is', () => {
  const link = mergeLinks([
    sis({ relation: 'guardian', email: 'sis@home.example', language: 'en' }),
    contacts({ relation: 'mother', phone: '555 0100', livesWith: false }),
  ]);
  expect(link).toEqual({
    linked: true,
    forbiddenBy: [],
    linkedBy: ['sis', 'contacts'],
    facts: {
      relation: { value: 'mother', source: 'contacts' },
      livesWith: { value: false, source: 'contacts' },
      phone: { value: '555 0100', source: 'contacts' },
      email: { value: 'sis@home.example', source: 'sis' },
      language: { value: 'en', source: 'sis' },
    },
  });
});

test('of two sources of one kind the later confirmed wins', () => {
  const old = contacts({ phone: '1', confirmedOn: '2026-08-01' });
  const fresh = said('front office', 'contacts-csv', { phone: '2', confirmedOn: '2026-10-01' });
  for (const order of [
    [old, fresh],
    [fresh, old],
  ])
    expect(mergeLinks(order).facts.phone).toEqual({ value: '2', source: 'front office' });
});

test('an order of any source wins over every other source’s link, and a row that ended keeps it', () => {
  expect(mergeLinks([contacts(), sis({ noContact: true })])).toMatchObject({ linked: false, forbiddenBy: ['sis'], linkedBy: ['contacts'] });
  expect(mergeLinks([contacts(), sis({ noContact: true, ended: true })]).linked).toBe(false);
  expect(mergeLinks([said('gc', 'google-classroom', { noContact: true }), contacts()]).linked).toBe(false);
});

test('an ended row links nobody and says nothing; what only helps to find a person links nobody', () => {
  expect(mergeLinks([sis({ ended: true, relation: 'mother' })])).toEqual({ linked: false, forbiddenBy: [], linkedBy: [], facts: {} });
  expect(mergeLinks([said('gc', 'google-classroom', { email: 'a@b.example' })])).toMatchObject({
    linked: false,
    facts: { email: { source: 'gc' } },
  });
});
