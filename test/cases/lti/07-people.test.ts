/** Who a launch says somebody is; what that opens is decided by access, and tested on the whole service. */
import { institution, lti, membership, mentor, type Payload, student, system, teacher } from './payloads.ts';
import { expectLaunched, openSchool } from './school.ts';

const school = await openSchool();
afterAll(() => school.close());
const platform = await school.newPlatform();

const launch = async (claims: Payload) => expectLaunched(await school.launch(platform, claims));
const withRoles = async (...roles: string[]) => (await launch({ ...teacher, [`${lti}roles`]: roles })).roles;
const nobody = { instructor: false, mentor: false, learner: false, administrator: false };

test('lti 101: a mentor is here for the children the launch names, and no others', async () => {
  expect(await launch(mentor)).toMatchObject({
    roles: { ...nobody, mentor: true },
    mentoredSubs: ['student-1', 'student-2'],
    mentoredSourcedIds: ['S-100', 'S-200'],
  });
});

test.each([undefined, [], [''], 'student-1', ['$com.instructure.User.observees']])(
  'lti 102: a mentor without named children (%j) is a mentor of nobody',
  async (scope) => {
    expect(await launch({ ...mentor, [`${lti}role_scope_mentor`]: scope })).toMatchObject({
      roles: { ...nobody, mentor: true },
      mentoredSubs: [],
      mentoredSourcedIds: [],
    });
  },
);

test('lti 101: a custom parameter that names more children than the platform does is not believed', async () => {
  const claims = { ...mentor, [`${lti}custom`]: { observee_sourcedids: 'S-100,S-200,S-300' } };
  expect(await launch(claims)).toMatchObject({ mentoredSubs: ['student-1', 'student-2'], mentoredSourcedIds: [] });
});

test('lti 102: children named to somebody who is no mentor are not heard', async () => {
  expect(await launch({ ...mentor, [`${lti}roles`]: [`${membership}Instructor`] })).toMatchObject({
    mentoredSubs: [],
    mentoredSourcedIds: [],
  });
  expect(await launch({ ...mentor, [`${lti}roles`]: [`${membership}Learner`, `${institution}Mentor`] })).toMatchObject({
    mentoredSubs: [],
  });
});

test('lti 105: LTI 1.1 role names are understood', async () => {
  expect(await launch({ ...mentor, [`${lti}roles`]: ['urn:lti:role:ims/lis/Mentor'] })).toMatchObject({
    roles: { ...nobody, mentor: true },
    mentoredSubs: ['student-1', 'student-2'],
  });
  expect(await withRoles('urn:lti:role:ims/lis/Instructor')).toEqual({ ...nobody, instructor: true });
  expect(await withRoles('urn:lti:role:ims/lis/Learner')).toEqual({ ...nobody, learner: true });
  expect(await withRoles('urn:lti:instrole:ims/lis/Administrator')).toEqual({ ...nobody, administrator: true });
  expect(await withRoles('urn:lti:sysrole:ims/lis/SysAdmin')).toEqual({ ...nobody, administrator: true });
});

test('lti 106: a teacher who is a parent is both, each in its own place', async () => {
  const roles = [`${membership}Instructor`, `${membership}Mentor`];
  expect(await launch({ ...mentor, [`${lti}roles`]: roles })).toMatchObject({
    roles: { ...nobody, instructor: true, mentor: true },
    mentoredSubs: ['student-1', 'student-2'],
  });
});

test('lti 107: the platform’s made-up test user has no rights', async () => {
  const roles = [`${membership}Learner`, 'http://purl.imsglobal.org/vocab/lti/system/person#TestUser'];
  expect(await launch({ ...student, [`${lti}roles`]: roles })).toMatchObject({ testUser: true, roles: nobody });
});

test('lti 108: an instructor of the institution who learns in this course is a student here', async () => {
  expect(await withRoles(`${institution}Instructor`, `${membership}Learner`)).toEqual({ ...nobody, learner: true });
  expect(await withRoles(`${institution}Instructor`, `${membership}Member`)).toEqual(nobody);
  expect(await withRoles(`${institution}Instructor`)).toEqual({ ...nobody, instructor: true });
});

test('lti 109: a role in one course is not carried into the launch of another', async () => {
  expect((await launch(teacher)).roles.instructor).toBe(true);
  const elsewhere = { ...teacher, [`${lti}context`]: { id: 'course-2' }, [`${lti}roles`]: [`${membership}Learner`] };
  expect(await launch(elsewhere)).toMatchObject({ context: { id: 'course-2' }, roles: { ...nobody, learner: true } });
});

test('a course’s administrator is not the district’s', async () => {
  expect(await withRoles(`${membership}Administrator`)).toEqual(nobody);
  expect(await withRoles('Administrator')).toEqual(nobody);
  expect(await withRoles(`${institution}Administrator`, `${membership}Instructor`)).toEqual({
    ...nobody,
    administrator: true,
    instructor: true,
  });
  expect(await withRoles(`${system}Administrator`)).toEqual({ ...nobody, administrator: true });
});

test('a sub-role alone gives no rights', async () => {
  expect(await withRoles('http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant')).toEqual(nobody);
  expect(await withRoles('urn:lti:role:ims/lis/Instructor/TeachingAssistant')).toEqual(nobody);
});

test('lti 121: a variable the platform did not fill in counts as absent', async () => {
  expect(
    await launch({
      ...mentor,
      given_name: '$Person.name.given',
      email: '$Person.email.primary',
      [`${lti}lis`]: { person_sourcedid: '$Person.sourcedId', course_section_sourcedid: '$CourseSection.sourcedId' },
      [`${lti}custom`]: {
        sis_user_id: '$Canvas.user.sisSourceId',
        sis_section_ids: '$Canvas.course.sectionSisSourceIds,SEC-9',
        observee_sourcedids: '$com.instructure.Observee.sisIds',
      },
      [`${lti}context`]: { id: '$Context.id', title: '$Context.title' },
      [`${lti}launch_presentation`]: { locale: '$Message.locale' },
    }),
  ).toMatchObject({
    person: { givenName: null, familyName: 'Rivera', email: null },
    personSourcedIds: [],
    classSourcedIds: ['SEC-9'],
    mentoredSourcedIds: [],
    context: null,
    locale: 'en-US',
  });
  expect((await launch({ ...teacher, given_name: '$am' })).person.givenName).toBeNull();
  expect((await launch({ ...teacher, given_name: 'A$AP' })).person.givenName).toBe('A$AP');
});

test.each([
  ['sub', 'x'.repeat(256)],
  ['sub', 'nul\0'],
  [`${lti}deployment_id`, 'nul\0'],
  [`${lti}context`, { id: 'x'.repeat(300) }],
])('an identifier no database could keep (%s) is refused', async (claim, value) => {
  expect(await school.launch(platform, { ...teacher, [claim]: value })).toMatchObject({ status: 400, event: { reason: 'claim_invalid' } });
});

test('where the platform itself says nothing, custom parameters say who somebody is, if district IT trusts them', async () => {
  const custom = { person_sourcedid: 'T-7', sis_user_id: 'T-8' };
  const said = { ...teacher, [`${lti}custom`]: custom };
  expect(await launch(said)).toMatchObject({ personSourcedIds: ['T-100'], customIdsUnheard: false });
  expect(await launch({ ...said, [`${lti}lis`]: {} })).toMatchObject({ personSourcedIds: ['T-7', 'T-8'], customIdsUnheard: false });
});
