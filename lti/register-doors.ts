/**
 * /lti/register-INVITATION: a platform opens it in a frame or a window (GET), its administrator agrees (POST). Framed by a page that is not
 * registered yet: the invitation in the address is what protects it. Throws what registration.ts throws.
 */
import type { Request, RequestHandler, Response, Router } from 'express';
import type { Db } from '../src/db/db.ts';
import { isSafeAddress } from './address.ts';
import { isFromOurselves, languageOf, sendPage } from './answer.ts';
import { acceptedAt, type LaunchEvent } from './event.ts';
import { invitedBy } from './invitations.ts';
import { Refusal } from './refusal.ts';
import { donePage, questionPage } from './register-pages.ts';
import { register } from './registration.ts';

type Tool = { db: Db; url: string; log: (event: LaunchEvent) => void };

export const askToRegister =
  ({ db }: Tool) =>
  async (req: Request, res: Response): Promise<void> => {
    const { district } = await invitedBy(db, String(req.params.invitation));
    const said = readAsked(req.query);
    if (!isSafeAddress(said.configurationUrl)) {
      throw new Refusal('registration_malformed', 'the openid_configuration parameter is missing or not an https address');
    }
    const openedBy = safeOrigin(req.get('referer'));
    sendPage(res, 200, questionPage(languageOf(req), { district, ...said, openedBy }), '*');
  };

export const takeRegistration =
  (tool: Tool) =>
  async (req: Request, res: Response): Promise<void> => {
    if (!isFromOurselves(req, tool.url)) throw new Refusal('registration_malformed', 'the consent comes from another site');
    const said = readAsked(req.body);
    const openedBy = safeOrigin((req.body as { opened_by?: unknown } | undefined)?.opened_by); // the form parser's answer
    const where = await register(tool, { invitation: String(req.params.invitation), ...said, openedBy });
    tool.log(acceptedAt('registration', where));
    sendPage(res, 200, donePage(languageOf(req)), '*');
  };

export function registerDoors(router: Router, form: RequestHandler, tool: Tool): void {
  router.get('/lti/register-:invitation', askToRegister(tool));
  router.post('/lti/register-:invitation', form, takeRegistration(tool));
  router.get('/lti/register', () => {
    throw new Refusal('invitation_unknown', 'no invitation in the address');
  });
}

function readAsked(from: unknown): { configurationUrl: string; registrationToken: string | null } {
  const fields = (from ?? {}) as Record<string, unknown>; // a query or a form
  const text = (name: string, max: number) => {
    const value = fields[name];
    return typeof value === 'string' && value !== '' && value.length <= max ? value : null;
  };
  return { configurationUrl: text('openid_configuration', 2048) ?? '', registrationToken: text('registration_token', 8192) };
}

const safeOrigin = (value: unknown): string | null => (typeof value === 'string' && isSafeAddress(value) ? new URL(value).origin : null);
