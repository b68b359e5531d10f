/** The official valid launches of teachers and students: each is handed on, with no more rights than it names. */
import { institution, lti, membership, noContext, noEmail, noNames, type Payload, student, system, teacher } from './payloads.ts';
import { expectLaunched, openSchool } from './school.ts';

const school = await openSchool();
afterAll(() => school.close());
const platform = await school.newPlatform();

const launch = async (claims: Payload) => expectLaunched(await school.launch(platform, claims));
const nobody = { instructor: false, mentor: false, learner: false, administrator: false };

test('lti 13: a full teacher launch says who, where and as what', async () => {
  expect(await launch(teacher)).toEqual({
    districtId: platform.districtId,
    platformId: platform.id,
    issuer: platform.issuer,
    deploymentId: 'deployment-1',
    messageType: 'LtiResourceLinkRequest',
    sub: 'teacher-1',
    roles: { ...nobody, instructor: true },
    testUser: false,
    resourceLinkId: 'link-1',
    deepLinking: null,
    context: { id: 'course-1', title: 'Grade 3, room A' },
    services: { membershipsUrl: null, lineItemsUrl: null, scopes: [] },
    personSourcedIds: ['T-100'], // the platform's own word; a link's custom sis_user_id speaks only where there is none
    classSourcedIds: ['SEC-3A', 'OFF-3', 'SEC-3A-2'],
    mentoredSubs: [],
    mentoredSourcedIds: [],
    customIdsUnheard: false,
    person: { givenName: 'Maya', familyName: 'Torres', email: 'maya.torres@school.example' },
    locale: 'es-MX',
    targetLinkUri: school.target,
  });
});

test('lti 14: a teacher with several roles is a teacher', async () => {
  const roles = [`${membership}Instructor`, `${institution}Staff`, `${institution}Other`];
  expect((await launch({ ...teacher, [`${lti}roles`]: roles })).roles).toEqual({ ...nobody, instructor: true });
});

test('lti 15: the short role "Instructor" is understood', async () => {
  expect((await launch({ ...teacher, [`${lti}roles`]: ['Instructor'] })).roles).toEqual({ ...nobody, instructor: true });
});

test('lti 16: an unknown role alone gives no rights', async () => {
  expect((await launch({ ...teacher, [`${lti}roles`]: ['http://platform.example/roles#Wizard'] })).roles).toEqual(nobody);
});

test.each([[['']], [[]]])('lti 17: no role (%j) gives no rights', async (roles) => {
  expect((await launch({ ...teacher, [`${lti}roles`]: roles })).roles).toEqual(nobody);
});

test('lti 18: a teacher with an e-mail and no names', async () => {
  expect((await launch({ ...teacher, ...noNames })).person).toEqual({
    givenName: null,
    familyName: null,
    email: 'maya.torres@school.example',
  });
});

test('lti 19: a teacher with names and no e-mail', async () => {
  expect((await launch({ ...teacher, ...noEmail })).person).toEqual({ givenName: 'Maya', familyName: 'Torres', email: null });
});

test('lti 20: a teacher without any personal data', async () => {
  expect((await launch({ ...teacher, ...noNames, ...noEmail })).person).toEqual({ givenName: null, familyName: null, email: null });
});

test('lti 21: a teacher with an e-mail and no course', async () => {
  expect(await launch({ ...teacher, ...noNames, ...noContext })).toMatchObject({ context: null, roles: { instructor: true } });
});

test('lti 22: a teacher from a link never seen before', async () => {
  expect((await launch({ ...teacher, [`${lti}resource_link`]: { id: 'a-new-link' } })).resourceLinkId).toBe('a-new-link');
});

test('lti 23: a full student launch is a student’s', async () => {
  expect(await launch(student)).toMatchObject({ sub: 'student-1', roles: { ...nobody, learner: true }, mentoredSubs: [] });
});

test('lti 24: a student who is a mentor of the institution is no mentor here', async () => {
  const roles = [`${membership}Learner`, `${institution}Student`, `${institution}Mentor`, `${system}User`];
  expect(await launch({ ...student, [`${lti}roles`]: roles })).toMatchObject({ roles: { ...nobody, learner: true }, mentoredSubs: [] });
});

test('lti 25: the short role "Learner" is understood', async () => {
  expect((await launch({ ...student, [`${lti}roles`]: ['Learner'] })).roles).toEqual({ ...nobody, learner: true });
});

test('lti 26: an unknown role beside Learner changes nothing', async () => {
  expect((await launch({ ...student, [`${lti}roles`]: ['Wizard', `${membership}Learner`] })).roles).toEqual({ ...nobody, learner: true });
});

test('lti 27: a student without a role has no rights', async () => {
  expect((await launch({ ...student, [`${lti}roles`]: [''] })).roles).toEqual(nobody);
});

test('lti 28: a student with an e-mail and no names', async () => {
  expect((await launch({ ...student, ...noNames })).person.email).toBe('sam.rivera@school.example');
});

test('lti 29: a student with names and no e-mail', async () => {
  expect((await launch({ ...student, ...noEmail })).person).toEqual({ givenName: 'Sam', familyName: 'Rivera', email: null });
});

test('lti 30: a student without any personal data', async () => {
  expect((await launch({ ...student, ...noNames, ...noEmail })).roles.learner).toBe(true);
});

test('lti 31: a student with an e-mail and no course', async () => {
  expect(await launch({ ...student, ...noNames, ...noContext })).toMatchObject({ context: null, roles: { learner: true } });
});

test('lti 32: a student from a new link, and from a payload with the link alone', async () => {
  expect((await launch({ ...student, [`${lti}resource_link`]: { id: 'another-new-link' } })).resourceLinkId).toBe('another-new-link');
  const bare = Object.fromEntries(Object.keys(student).map((claim) => [claim, undefined]));
  const needed = ['sub', `${lti}message_type`, `${lti}version`, `${lti}deployment_id`, `${lti}roles`];
  const only = {
    ...bare,
    ...Object.fromEntries(needed.map((claim) => [claim, student[claim]])),
    [`${lti}resource_link`]: { id: 'only-link' },
  };
  expect(await launch(only)).toMatchObject({
    resourceLinkId: 'only-link',
    context: null,
    personSourcedIds: [],
    classSourcedIds: [],
    locale: null,
  });
});
