/** The picker's two doors: the launch that opens it, and POST /lti/deep-link, which answers the platform. Throws what deep-linking.ts throws. */
import type { Request, Response } from 'express';
import type { Db } from '../src/db/db.ts';
import { isFromOurselves, languageOf, sendPage } from './answer.ts';
import { answerPicker, openPicker, type Picker } from './deep-linking.ts';
import type { DeepLinking, Launch } from './launch-shape.ts';
import type { Language } from './pages.ts';
import { answerPage, nothingPage, pickerPage } from './picker-pages.ts';
import { Refusal } from './refusal.ts';

type Tool = { db: Db; url: string; secret: string };

export async function showPicker({ db }: Tool, launch: Launch, deepLinking: DeepLinking, req: Request, res: Response): Promise<void> {
  sendPicker(res, languageOf(req, launch.locale), await openPicker(db, launch, deepLinking), 'first');
}

export function takeChoice(tool: Tool) {
  return async (req: Request, res: Response): Promise<void> => {
    if (!isFromOurselves(req, tool.url)) throw new Refusal('deep_link_malformed', 'the choice comes from another site');
    const said = (req.body ?? {}) as Record<string, unknown>; // the form parser's answer, absent for another content type
    const token = typeof said.token === 'string' ? said.token : '';
    const language: Language = said.language === 'es' ? 'es' : 'en';
    const chosen = [said.link ?? []].flat().map(String);
    const answer = await answerPicker(tool, { token, chosen, isCancelled: said.cancel !== undefined, language });
    if ('token' in answer) return sendPicker(res, language, answer, 'empty');
    sendPage(res, 200, answerPage(language, answer.returnUrl, answer.jwt), '*', new URL(answer.returnUrl).origin);
  };
}

/** Framed by whom: the token in it, and nothing else, is what a choice needs, and nobody else's page can read that. */
function sendPicker(res: Response, language: Language, { token, multiple, offers }: Picker, time: 'first' | 'empty'): void {
  const html = offers ? pickerPage(language, token, multiple, time === 'empty') : nothingPage(language, token);
  sendPage(res, time === 'first' ? 200 : 422, html, '*');
}
