/** The picker's two doors: the launch that opens it, and POST /lti/deep-link, which answers the platform. Throws what deep-linking.ts throws. */
import type { Request, Response } from 'express';
import type { Db } from '../src/db/db.ts';
import { isFromOurselves, languageOf, sendPage } from './answer.ts';
import { answerPicker, openPicker, type Picker } from './deep-linking.ts';
import type { DeepLinking, Launch } from './launch-shape.ts';
import type { Language } from './pages.ts';
import { answerPage, nothingPage, pickerPage } from './picker-pages.ts';
import { originsThatFrame } from './platforms.ts';
import { Refusal } from './refusal.ts';

type Tool = { db: Db; url: string; secret: string };

export async function showPicker({ db }: Tool, launch: Launch, deepLinking: DeepLinking, req: Request, res: Response): Promise<void> {
  await sendPicker(db, res, languageOf(req, launch.locale), await openPicker(db, launch, deepLinking), 'first');
}

export function takeChoice(tool: Tool) {
  return async (req: Request, res: Response): Promise<void> => {
    if (!isFromOurselves(req, tool.url)) throw new Refusal('deep_link_malformed', 'the choice comes from another site');
    const said = (req.body ?? {}) as Record<string, unknown>; // the form parser's answer, absent for another content type
    const token = typeof said.token === 'string' ? said.token : '';
    const language: Language = said.language === 'es' ? 'es' : 'en';
    const chosen = [said.link ?? []].flat().map(String);
    const answer = await answerPicker(tool, { token, chosen, isCancelled: said.cancel !== undefined, language });
    if ('token' in answer) return sendPicker(tool.db, res, language, answer, 'empty');
    const { returnUrl, jwt, platformId } = answer;
    sendPage(res, 200, answerPage(language, returnUrl, jwt), await originsThatFrame(tool.db, platformId), new URL(returnUrl).origin);
  };
}

/** Framed by its own platform, like everything that was launched. */
async function sendPicker(db: Db, res: Response, language: Language, picker: Picker, time: 'first' | 'empty'): Promise<void> {
  const { token, multiple, offers, platformId } = picker;
  const html = offers ? pickerPage(language, token, multiple, time === 'empty') : nothingPage(language, token);
  sendPage(res, time === 'first' ? 200 : 422, html, await originsThatFrame(db, platformId));
}
