/**
 * The doors of a tab in Teams: its page, the sign-in it opens in a window, and the address Microsoft sends people back to. The page shows nothing
 * about anybody: that begins with the session a sign-in opens. Who teaches what, and who is a student, is the roster's to say: Microsoft is asked who
 * somebody is, and no more. A student gets a kind page, and leaves nothing behind.
 * @throws Refusal, and what `admit` throws
 */
import type { Router } from 'express';
import express from 'express';
import { z } from 'zod';
import { isFromOurselves, languageOf, sendPage } from '../answer.ts';
import { donePage, hopPage, kindPage } from '../classroom/pages.ts';
import {
  beginCodeFlow,
  bindingCookie,
  bindingIn,
  consume,
  noBindingCookie,
  type Redeemed,
  readAnswer,
  redeem,
  type Tool,
} from '../code-flow.ts';
import { deploymentFor } from '../deployments.ts';
import { acceptedAt, type LaunchEvent } from '../event.ts';
import type { Launch } from '../launch-shape.ts';
import { Refusal, type Where } from '../refusal.ts';
import { tabPage } from './pages.ts';
import { findTab, type Tab } from './tabs.ts';

export type TeamsOptions = Tool & {
  log: (event: LaunchEvent) => void;
  /** Opens a session for a verified launch. @returns where its page is, below our own address */
  admit: (launch: Launch) => Promise<string>;
  isStudent: (launch: Launch) => Promise<boolean>;
};

const purpose = 'teams';
const from = 'Microsoft';
export const callbackAddress = (url: string): string => `${url}/lti/teams-callback`;

const asked = z.object({ tab: z.coerce.number().int().positive().max(2_147_483_647), hint: z.string().max(320).optional() });

export function teamsDoors(router: Router, { admit, isStudent, log, ...tool }: TeamsOptions): void {
  const callback = callbackAddress(tool.url);

  router.get(/^\/lti\/teams-(\d{1,9})$/, async (req, res) => {
    const { frameOrigins } = await findTab(tool.db, Number(req.params[0]));
    sendPage(res, 200, tabPage(languageOf(req), readAsked({ tab: req.params[0], hint: req.query.hint })), frameOrigins);
  });

  router.get(/^\/lti\/teams-(\d{1,9})-student$/, async (req, res) => {
    const { frameOrigins } = await findTab(tool.db, Number(req.params[0]));
    sendPage(res, 200, kindPage(languageOf(req)), frameOrigins);
  });

  router.post('/lti/teams-sign-in', express.urlencoded({ extended: false, limit: '4kb', parameterLimit: 5 }), async (req, res) => {
    if (!isFromOurselves(req, tool.url)) throw new Refusal('binding_foreign', 'the sign-in was begun by another site');
    const { tab, hint } = readAsked(req.body);
    const how = { purpose, callback, scopes: ['openid', 'profile', 'email'], request: '', loginHint: hint };
    const { redirect, state, binding } = await beginCodeFlow(tool, await findTab(tool.db, tab), how);
    res.append('Set-Cookie', bindingCookie(purpose, state, tool.url, binding));
    sendPage(res, 200, hopPage(languageOf(req), redirect, from), []);
  });

  router.get('/lti/teams-callback', async (req, res) => {
    const said = readAnswer(req.query, from);
    const begun = await consume(tool.db, callback, said.state, bindingIn(req, purpose, said.state, tool.url));
    const tab = await findTab(tool.db, begun.platformId);
    const where: Where = { districtId: tab.districtId, platformId: tab.platformId, issuer: tab.issuer, deploymentId: null };
    res.append('Set-Cookie', noBindingCookie(purpose, said.state, tool.url));
    try {
      const launch = launchOf(tab, await redeem(tool, tab, begun, said, { purpose, callback, from }), tool.url);
      where.deploymentId = launch.deploymentId;
      await deploymentFor(tool.db, launch);
      const open = (await isStudent(launch)) ? `/lti/teams-${tab.platformId}-student` : await admit(launch);
      log(acceptedAt('launch', { ...where, deploymentId: launch.deploymentId }));
      sendPage(res, 200, donePage(languageOf(req), open), []);
    } catch (failure) {
      if (failure instanceof Refusal) failure.where = where;
      throw failure;
    }
  });
}

function readAsked(said: unknown): z.infer<typeof asked> {
  const parsed = asked.safeParse(said);
  if (parsed.success) return parsed.data;
  throw new Refusal('login_malformed', `Teams’ ${String(parsed.error.issues[0]?.path[0])} is missing, repeated or malformed`);
}

/** https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference */
const identity = z.object({
  sub: z.string().min(1).max(255),
  oid: z.string().min(1).max(255),
  tid: z.string().min(1).max(255),
  preferred_username: z.string().max(320).optional(),
  name: z.string().optional(),
});

function launchOf(tab: Tab, { payload }: Redeemed, url: string): Launch {
  const parsed = identity.safeParse(payload);
  if (!parsed.success) throw new Refusal('claim_missing', `the ${parsed.error.issues[0]?.path.join('.')} claim is missing or malformed`);
  const who = parsed.data;
  const id = tab.person === 'oid' ? who.oid : who.preferred_username;
  if (id === undefined) throw new Refusal('claim_missing', 'the preferred_username claim is missing');
  return {
    districtId: tab.districtId,
    platformId: tab.platformId,
    issuer: tab.issuer,
    deploymentId: who.tid.toLowerCase(),
    messageType: 'LtiResourceLinkRequest',
    sub: who.oid,
    // A door for teachers: which class is whose, whether there is any, and who is a student after all, the roster says.
    roles: { instructor: true, mentor: false, learner: false, administrator: false },
    testUser: false,
    resourceLinkId: null,
    deepLinking: null,
    context: null,
    services: { membershipsUrl: null, lineItemsUrl: null, scopes: [] },
    personSourcedIds: [id],
    classSourcedIds: [],
    mentoredSubs: [],
    mentoredSourcedIds: [],
    customIdsUnheard: false,
    person: { givenName: who.name ?? null, familyName: null, email: null }, // an address of Entra's is not verified
    locale: null,
    targetLinkUri: `${url}/app/?open=class`,
  };
}
