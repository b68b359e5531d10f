/** What platforms say: one full payload a kind of person, to be bent by each case. `undefined` removes a claim. */
export type Payload = Record<string, unknown>;

export const lti = 'https://purl.imsglobal.org/spec/lti/claim/';
export const membership = 'http://purl.imsglobal.org/vocab/lis/v2/membership#';
export const institution = 'http://purl.imsglobal.org/vocab/lis/v2/institution/person#';
export const system = 'http://purl.imsglobal.org/vocab/lis/v2/system/person#';

export const teacher: Payload = {
  sub: 'teacher-1',
  given_name: 'Maya',
  family_name: 'Torres',
  name: 'Maya Torres',
  email: 'maya.torres@school.example',
  locale: 'en-US',
  [`${lti}message_type`]: 'LtiResourceLinkRequest',
  [`${lti}version`]: '1.3.0',
  [`${lti}deployment_id`]: 'deployment-1',
  [`${lti}resource_link`]: { id: 'link-1', title: 'Family meeting' },
  [`${lti}roles`]: [`${membership}Instructor`],
  [`${lti}context`]: {
    id: 'course-1',
    label: '3A',
    title: 'Grade 3, room A',
    type: ['http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection'],
  },
  [`${lti}tool_platform`]: { guid: 'platform-guid', name: 'A school platform', product_family_code: 'lms', version: '1' },
  [`${lti}launch_presentation`]: { document_target: 'iframe', locale: 'es_MX', return_url: 'https://platform.example/return' },
  [`${lti}lis`]: { person_sourcedid: 'T-100', course_section_sourcedid: 'SEC-3A', course_offering_sourcedid: 'OFF-3' },
  [`${lti}custom`]: { sis_user_id: 'T-100-sis', class_sourcedid: 'SEC-3A', sis_section_ids: 'SEC-3A,SEC-3A-2' },
};

export const student: Payload = {
  ...teacher,
  sub: 'student-1',
  given_name: 'Sam',
  family_name: 'Rivera',
  name: 'Sam Rivera',
  email: 'sam.rivera@school.example',
  [`${lti}roles`]: [`${membership}Learner`],
  [`${lti}lis`]: { person_sourcedid: 'S-100', course_section_sourcedid: 'SEC-3A' },
  [`${lti}custom`]: {},
};

export const mentor: Payload = {
  ...teacher,
  sub: 'mentor-1',
  given_name: 'Rosa',
  family_name: 'Rivera',
  name: 'Rosa Rivera',
  email: 'rosa.rivera@home.example',
  [`${lti}roles`]: [`${membership}Mentor`],
  [`${lti}role_scope_mentor`]: ['student-1', 'student-2'],
  [`${lti}lis`]: { person_sourcedid: 'G-100' },
  [`${lti}custom`]: { observee_sourcedids: 'S-100,S-200' },
};

export const noNames = { given_name: undefined, family_name: undefined, name: undefined };
export const noEmail = { email: undefined };
export const noContext = { [`${lti}context`]: undefined };
