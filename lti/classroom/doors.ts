/**
 * The doors of the Google Classroom add-on: its five views, the sign-in they open in a window, and the address Google sends people back to.
 * A view shows nothing about anybody: that begins with the session a sign-in opens. Students get a page that asks nothing of them.
 * @throws Refusal, and what `admit` throws
 */
import type { Router } from 'express';
import express from 'express';
import type { Db } from '../../src/db/db.ts';
import { isFromOurselves, languageOf, sendPage } from '../answer.ts';
import { bindingCookie, bindingIn, noBindingCookie, type Tool } from '../code-flow.ts';
import { acceptedAt, type LaunchEvent } from '../event.ts';
import type { PlatformKeys } from '../jwks.ts';
import type { Launch } from '../launch-shape.ts';
import { linkAddress, linkOf, linkWords } from '../links.ts';
import type { OnNotice } from '../notice.ts';
import { Refusal } from '../refusal.ts';
import { findAddon } from './addons.ts';
import { attach } from './api.ts';
import { type Asked, asked, isAdding, views } from './asked.ts';
import { donePage, framePage, hopPage, kindPage } from './pages.ts';
import { beginSignIn, finishSignIn, purpose, type SignedIn } from './sign-in.ts';

export type ClassroomOptions = {
  db: Db;
  url: string;
  secret: string;
  keys: PlatformKeys;
  log: (event: LaunchEvent) => void;
  onNotice: OnNotice;
  /** Opens a session for a verified launch. @returns where its page is, below our own address */
  admit: (launch: Launch) => Promise<string>;
};

export function classroomDoors(router: Router, { admit, log, onNotice, ...tool }: ClassroomOptions): void {
  const form = express.urlencoded({ extended: false, limit: '16kb', parameterLimit: 20 });

  router.get(new RegExp(`^/lti/classroom-(\\d{1,9})-(${views.join('|')})$`), async (req, res) => {
    const { 0: addon, 1: view } = req.params;
    const { frameOrigins } = await findAddon(tool.db, Number(addon));
    if (view === 'student') return sendPage(res, 200, kindPage(languageOf(req)), frameOrigins);
    const { urlToUpgrade } = req.query;
    // A link of ours a teacher has pasted says which page it is of.
    const pasted = typeof urlToUpgrade === 'string' ? linkOf(urlToUpgrade) : null;
    const said = readAsked({ ...req.query, addon, view, ...(pasted && { open: pasted }) });
    sendPage(res, 200, framePage(languageOf(req), said), frameOrigins);
  });

  router.post('/lti/classroom-sign-in', form, async (req, res) => {
    if (!isFromOurselves(req, tool.url)) throw new Refusal('binding_foreign', 'the sign-in was begun by another site');
    const { redirect, state, binding } = await beginSignIn(tool, readAsked(req.body));
    res.append('Set-Cookie', bindingCookie(purpose, state, tool.url, binding));
    sendPage(res, 200, hopPage(languageOf(req), redirect), []);
  });

  router.get('/lti/classroom-callback', async (req, res) => {
    const state = String(req.query.state ?? '');
    const signedIn = await finishSignIn(tool, req.query, bindingIn(req, purpose, state, tool.url));
    const { launch, addon } = signedIn;
    res.append('Set-Cookie', noBindingCookie(purpose, state, tool.url));
    const where = { districtId: addon.districtId, platformId: addon.platformId, issuer: addon.issuer, deploymentId: launch.deploymentId };
    const open = await answer(tool, signedIn, { admit, onNotice, language: languageOf(req, launch.locale) }).catch((error: unknown) => {
      throw error instanceof Refusal ? Object.assign(error, { where }) : error;
    });
    log(acceptedAt('launch', where));
    sendPage(res, 200, donePage(languageOf(req, launch.locale), open), []);
  });
}

type Answering = Pick<ClassroomOptions, 'admit' | 'onNotice'> & { language: 'en' | 'es' };

/** @returns where the frame goes; null: an attachment was made */
async function answer(
  tool: Tool,
  { addon, request, role, launch, origins, accessToken }: SignedIn,
  how: Answering,
): Promise<string | null> {
  if (isAdding(request)) {
    if (role !== 'teacher') throw new Refusal('deep_link_role', 'only a teacher of the course adds attachments');
    const { title } = linkWords[how.language][request.open];
    await attach(addon, accessToken, request, { title, ...addressesOf(tool.url, request) });
    return null;
  }
  if (role === 'student') return `/lti/classroom-${addon.platformId}-student`;
  if (origins.length > 0) {
    const about = { kind: 'context-copied' as const, context: { id: request.courseId, title: null }, origins };
    const { districtId, platformId, deploymentId } = launch;
    await tool.db.inDistrict(districtId, (tx) => how.onNotice(tx, { districtId, platformId, deploymentId, about }));
  }
  return how.admit(launch);
}

/** What the attachment opens is in its addresses, which a copy of the course keeps: nothing about it is remembered here. */
const addressesOf = (url: string, { addon, open }: Asked) => ({
  teacher: `${url}/lti/classroom-${addon}-teacher${new URL(linkAddress(url, open)).search}`,
  student: `${url}/lti/classroom-${addon}-student`,
});

function readAsked(said: unknown): Asked {
  const parsed = asked.safeParse(said);
  if (parsed.success) return parsed.data;
  throw new Refusal('login_malformed', `Classroom’s ${String(parsed.error.issues[0]?.path[0])} is missing, repeated or malformed`);
}
