/** Where a person lands: their own door, or the page a teacher's link was placed for, as far as it is theirs. */
import { linkAddress, linkOf, links } from '../../lti/links.ts';
import type { MeShape } from '../../src/read-models/shapes.ts';
import { homeOf, isOnTheWay, roleOf } from '../../src/web/doors.ts';
import { routeOf } from '../../src/web/route.ts';

const me = (of: Partial<MeShape>): MeShape => ({
  name: 'A',
  district: 'B',
  roles: ['teacher'],
  locale: null,
  classId: '7',
  meetingId: '5',
  waiting: null,
  ...of,
});

test('each link leads a teacher and a parent to their own side of it', () => {
  const teacher = links.map((link) => homeOf(me({}), link));
  expect(teacher).toEqual(['#/classes/7', '#/meetings/5', '#/classes/7', '#/classes/7/sheets']);
  const parent = links.map((link) => homeOf(me({ roles: ['guardian'], classId: null, meetingId: null }), link));
  expect(parent).toEqual(['#/children', '#/children', '#/children', '#/sheets']);
});

test('a teacher who is a parent opens the family page as a parent, and the class as its teacher', () => {
  const both = me({ roles: ['teacher', 'guardian'] });
  expect([homeOf(both, 'family'), homeOf(both, 'class'), homeOf(both)]).toEqual(['#/children', '#/classes/7', '#/classes/7']);
});

test('without a meeting under preparation, or a class, the link leads where the person always lands', () => {
  expect(homeOf(me({ meetingId: null }), 'meeting')).toBe('#/classes/7');
  expect(homeOf(me({ classId: null, meetingId: null }), 'meeting')).toBe('#/classes');
  expect(homeOf(me({ roles: ['leader'], classId: null }), 'class')).toBe('#/schools');
  expect(homeOf(me({ roles: [] }), 'class')).toBe('#/waiting');
});

test('whatever else an address says leads home, and to nobody else’s page', () => {
  for (const open of ['', 'https://attacker.example', '../sync', 'sync', '__proto__']) expect(homeOf(me({}), open)).toBe('#/classes/7');
  expect(isOnTheWay(routeOf('#/open/meeting'))).toBe(true);
  expect(roleOf(routeOf('#/open/meeting'))).toBeNull();
});

test('the address of a link says which page it is, and only ours are believed', () => {
  for (const link of links) expect(linkOf(linkAddress('https://tool.example', link))).toBe(link);
  for (const address of ['https://tool.example/app/', 'https://tool.example/app/?open=sync', 'https://tool.example/app/?open=//x', 'x']) {
    expect(linkOf(address)).toBeNull();
  }
});
