/**
 * Signing in with Google (code-flow.ts), and a role that only Google's answer about the course gives. What comes out is a Launch, as from any
 * platform.
 * @throws Refusal
 */
import { z } from 'zod';
import { beginCodeFlow, consume, type Redeemed, readAnswer, redeem, type Tool } from '../code-flow.ts';
import { deploymentFor } from '../deployments.ts';
import type { Launch } from '../launch-shape.ts';
import { Refusal, type Where } from '../refusal.ts';
import { type Addon, findAddon } from './addons.ts';
import { copiedFrom, roleIn } from './api.ts';
import { type Asked, asked, isAdding } from './asked.ts';

export const purpose = 'classroom';

/** To know who it is, and what they are in the course. Reading or writing anything else is not asked for. */
const scopes = {
  everybody: ['openid', 'email', 'profile'],
  teacher: ['https://www.googleapis.com/auth/classroom.addons.teacher'],
};

export const callbackAddress = (url: string): string => `${url}/lti/classroom-callback`;

/** @returns Google's address to go on to, and the cookie that ties the sign-in to this browser */
export async function beginSignIn(tool: Tool, request: Asked): Promise<{ redirect: string; state: string; binding: string }> {
  const addon = await findAddon(tool.db, request.addon);
  return beginCodeFlow(tool, addon, {
    purpose,
    callback: callbackAddress(tool.url),
    scopes: [...scopes.everybody, ...scopes.teacher],
    request: JSON.stringify(request),
    loginHint: request.login_hint,
  });
}

export type SignedIn = {
  addon: Addon;
  request: Asked;
  launch: Launch;
  role: 'teacher' | 'student';
  /** Courses the attachment was copied from. */
  origins: string[];
  accessToken: string;
};

export async function finishSignIn(tool: Tool, query: unknown, binding: string | null): Promise<SignedIn> {
  const said = readAnswer(query, 'Google');
  const callback = callbackAddress(tool.url);
  const begun = await consume(tool.db, callback, said.state, binding);
  const addon = await findAddon(tool.db, begun.platformId);
  const where: Where = { districtId: addon.districtId, platformId: addon.platformId, issuer: addon.issuer, deploymentId: null };
  try {
    const redeemed = await redeem(tool, addon, begun, said, { purpose, callback, from: 'Google' });
    return await signedIn(tool, addon, asked.parse(JSON.parse(begun.request)), redeemed, where); // as beginSignIn wrote it
  } catch (failure) {
    if (failure instanceof Refusal) failure.where = where;
    throw failure;
  }
}

async function signedIn(
  { db, url }: Tool,
  addon: Addon,
  request: Asked,
  { accessToken, payload }: Redeemed,
  where: Where,
): Promise<SignedIn> {
  const parsed = identity.safeParse(payload);
  if (!parsed.success)
    throw new Refusal(
      'claim_missing',
      `the ${parsed.error.issues[0]?.path.join('.')} claim is missing: the account is of no Workspace domain`,
    );
  const who = parsed.data;
  where.deploymentId = who.hd;
  await deploymentFor(db, { ...addon, deploymentId: who.hd });
  const role = await roleIn(addon, accessToken, request);
  const origins = role === 'teacher' && !isAdding(request) ? await copiedFrom(addon, accessToken, request) : [];
  return { addon, request, role, origins, accessToken, launch: launchOf(addon, request, who, role, url) };
}

const identity = z.object({
  sub: z.string().min(1).max(255),
  /** The Workspace domain: Google signs it for accounts of one, and for no others. */
  hd: z.string().min(1).max(255),
  email: z.string().optional(),
  email_verified: z.boolean().optional(),
  given_name: z.string().optional(),
  family_name: z.string().optional(),
  locale: z.string().optional(),
});

function launchOf(addon: Addon, request: Asked, who: z.infer<typeof identity>, role: 'teacher' | 'student', url: string): Launch {
  return {
    districtId: addon.districtId,
    platformId: addon.platformId,
    issuer: addon.issuer,
    deploymentId: who.hd,
    messageType: 'LtiResourceLinkRequest',
    sub: who.sub,
    roles: { instructor: role === 'teacher', mentor: false, learner: role === 'student', administrator: false },
    testUser: false,
    resourceLinkId: request.attachmentId ?? null,
    deepLinking: null,
    context: { id: request.courseId, title: null },
    services: { membershipsUrl: null, lineItemsUrl: null, scopes: [] },
    // As the connector google-classroom names its people and classes.
    personSourcedIds: [who.sub],
    classSourcedIds: [`google:${request.courseId}`],
    mentoredSubs: [],
    mentoredSourcedIds: [],
    customIdsUnheard: false,
    person: {
      givenName: who.given_name ?? null,
      familyName: who.family_name ?? null,
      email: who.email_verified === true ? (who.email ?? null) : null,
    },
    locale: who.locale ?? null,
    targetLinkUri: `${url}/app/?open=${request.open}`,
  };
}
