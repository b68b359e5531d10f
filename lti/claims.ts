/**
 * From the platform's claims to our words; wire names stop here. Pure. Reads a payload whose signature, times, issuer and audience are
 * already verified. What is absent, empty, of the wrong type or an unexpanded `$Variable` is one thing: null.
 * @throws Refusal `claim_missing` | `claim_invalid` | `version_unsupported` | `message_unsupported`, naming the claim, never its value.
 */
import { isSafeAddress } from './address.ts';
import type { DeepLinking, Launch } from './launch-shape.ts';
import { Refusal } from './refusal.ts';
import { isTestUser, type Roles, readRoles } from './roles.ts';

export type Claims = Omit<Launch, 'districtId' | 'platformId' | 'issuer' | 'targetLinkUri'> & {
  /** Null where a platform that asks for links says no more than it did at login. */
  targetLinkUri: string | null;
};
type Json = Record<string, unknown>;

const lti = 'https://purl.imsglobal.org/spec/lti/claim/';
const deepLinking = 'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings';
const memberships = 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice';
const grades = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint';

/** @param trustCustom only administrators write this platform's custom parameters, so that they may say who people are */
export function readClaims(payload: Json, trustCustom: boolean): Claims {
  const messageType = text(payload[`${lti}message_type`]);
  if (messageType === null) throw new Refusal('claim_missing', 'the message_type claim is missing');
  const version = text(payload[`${lti}version`]);
  if (version === null) throw new Refusal('claim_missing', 'the version claim is missing');
  if (version !== '1.3.0') throw new Refusal('version_unsupported', 'the message is not LTI 1.3.0');
  if (messageType !== 'LtiResourceLinkRequest' && messageType !== 'LtiDeepLinkingRequest') {
    throw new Refusal('message_unsupported', 'only resource link launches and requests for links are answered');
  }
  const isDeepLinking = messageType === 'LtiDeepLinkingRequest';

  const lis = record(payload[`${lti}lis`]);
  const custom = record(payload[`${lti}custom`]);
  const testUser = isTestUser(payload[`${lti}roles`]);
  const { mentoredSubs, ...roles } = readMentor(payload[`${lti}roles`], list(payload[`${lti}role_scope_mentor`]));
  return {
    deploymentId: id(payload[`${lti}deployment_id`], 'deployment_id'),
    messageType,
    sub: id(payload.sub, 'sub'),
    roles,
    testUser,
    resourceLinkId: isDeepLinking ? null : id(record(payload[`${lti}resource_link`]).id, 'resource_link.id'),
    deepLinking: isDeepLinking ? readDeepLinking(payload[deepLinking]) : null,
    context: readContext(payload[`${lti}context`]),
    services: readServices(record(payload[memberships]), record(payload[grades])),
    ...readNotices(record(payload[`${lti}platformnotificationservice`])),
    ...readPeople(lis, custom, mentoredSubs.length, trustCustom),
    classSourcedIds: distinct([
      text(lis.course_section_sourcedid),
      text(lis.course_offering_sourcedid),
      ...commaList(custom.class_sourcedid),
      ...commaList(custom.sis_section_ids),
    ]),
    mentoredSubs,
    person: { givenName: text(payload.given_name), familyName: text(payload.family_name), email: text(payload.email) },
    locale: readLocale(record(payload[`${lti}launch_presentation`]).locale) ?? readLocale(payload.locale),
    targetLinkUri: (isDeepLinking ? text : required)(payload[`${lti}target_link_uri`], 'target_link_uri'),
  };
}

function readDeepLinking(value: unknown): DeepLinking {
  const asked = record(value);
  const returnUrl = required(asked.deep_link_return_url, 'deep_link_return_url');
  if (!isSafeAddress(returnUrl)) throw new Refusal('claim_invalid', 'the deep_link_return_url claim is not an https address');
  return {
    returnUrl,
    accepts: Array.isArray(asked.accept_types) ? list(asked.accept_types) : commaList(asked.accept_types),
    multiple: asked.accept_multiple === true || asked.accept_multiple === 'true',
    ...('data' in asked && { data: asked.data }),
  };
}

/** Of a payload not verified yet: good for choosing which row to look at. Null when readClaims() would refuse it. */
export function deploymentIdOf(payload: Json): string | null {
  const value = payload[`${lti}deployment_id`];
  return isId(value) ? value : null;
}

function readNotices(service: Json): Pick<Claims, 'notices'> {
  const { platform_notification_service_url: url } = service;
  if (typeof url !== 'string' || !isSafeAddress(url)) return {};
  return { notices: { url, types: list(service.notice_types_supported) } };
}

/** Names and Roles 2.0 §2.1, Assignment and Grade Services 2.0 §3.1 */
function readServices(memberships: Json, grades: Json): Claims['services'] {
  const address = (value: unknown) => (typeof value === 'string' && isSafeAddress(value) ? value : null);
  const versions = list(memberships.service_versions);
  return {
    membershipsUrl: versions.length === 0 || versions.includes('2.0') ? address(memberships.context_memberships_url) : null,
    lineItemsUrl: address(grades.lineitems),
    scopes: list(grades.scope),
  };
}

/** Children are heard only from somebody who is their mentor here. */
function readMentor(value: unknown, scope: string[]): Roles & { mentoredSubs: string[] } {
  if (!Array.isArray(value)) throw new Refusal('claim_missing', 'the roles claim is missing');
  const roles = readRoles(value, { namesChildren: scope.length > 0 });
  return { ...roles, mentoredSubs: roles.mentor ? scope : [] };
}

/**
 * Whoever made a link may have written its custom parameters: a teacher, on some platforms. So they name nobody unless district IT says that
 * only administrators write them; even then they speak only where the platform itself says nothing, and name no more children than it does.
 */
function readPeople(
  lis: Json,
  custom: Json,
  mostChildren: number,
  trustCustom: boolean,
): Pick<Claims, 'personSourcedIds' | 'mentoredSourcedIds' | 'customIdsUnheard'> {
  const own = text(lis.person_sourcedid);
  const person = own === null ? distinct([text(custom.person_sourcedid), text(custom.sis_user_id)]) : [];
  const children = commaList(custom.observee_sourcedids);
  const mentored = children.length > mostChildren ? [] : children;
  return {
    personSourcedIds: own !== null ? [own] : trustCustom ? person : [],
    mentoredSourcedIds: trustCustom ? mentored : [],
    customIdsUnheard: !trustCustom && person.length + mentored.length > 0,
  };
}

function readContext(value: unknown): Claims['context'] {
  const context = record(value);
  return text(context.id) === null ? null : { id: id(context.id, 'context.id'), title: text(context.title) };
}

// --- values ---

/** The longest id LTI allows; ours are keys of an index. */
const maxId = 255;
const unexpanded = /^\$[A-Za-z][\w.]*$/;

function text(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const trimmed = value.replaceAll('\0', '').trim();
  return trimmed === '' || unexpanded.test(trimmed) ? null : trimmed;
}

function required(value: unknown, claim: string): string {
  const found = text(value);
  if (found === null) throw new Refusal('claim_missing', `the ${claim} claim is missing`);
  return found;
}

const isId = (value: unknown): value is string =>
  typeof value === 'string' && text(value) !== null && value.length <= maxId && !value.includes('\0');

/** An identifier: kept exactly as the platform wrote it. */
function id(value: unknown, claim: string): string {
  required(value, claim);
  if (!isId(value)) throw new Refusal('claim_invalid', `the ${claim} claim is longer than ${maxId} characters`);
  return value;
}

const record = (value: unknown): Json => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}); // an object's keys are strings

const distinct = (values: (string | null)[]): string[] => [...new Set(values.filter((value) => value !== null))];
const list = (value: unknown): string[] => (Array.isArray(value) ? distinct(value.map(text)) : []);
const commaList = (value: unknown): string[] => distinct((text(value) ?? '').split(',').map(text));

/** BCP 47 as platforms write it, `es_MX` included; null for what is no language. */
function readLocale(value: unknown): string | null {
  const said = text(value)?.replaceAll('_', '-');
  return said && /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$/.test(said) ? said : null;
}
