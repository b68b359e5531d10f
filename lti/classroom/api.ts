/**
 * The few questions the add-on asks Google, each with the person's own token, which is forgotten with the request.
 * @throws Refusal `classroom_refused` | `classroom_unreachable`
 */
import { z } from 'zod';
import { AppError } from '../../src/errors.ts';
import { outbound } from '../../src/outbound.ts';
import { Refusal } from '../refusal.ts';
import type { Addon } from './addons.ts';
import type { Asked } from './asked.ts';

const limits = { timeout: 10_000, maxBytes: 256 * 1024 };

const context = z.object({
  courseId: z.string(),
  teacherContext: z.looseObject({}).optional(),
  studentContext: z.looseObject({}).optional(),
});

/** What this person is in this course, by Google's word: the one thing a role comes from. */
export async function roleIn(addon: Addon, token: string, about: Asked): Promise<'teacher' | 'student'> {
  const url = item(addon, about, 'addOnContext');
  if (about.attachmentId) url.searchParams.set('attachmentId', about.attachmentId);
  if (about.addOnToken) url.searchParams.set('addOnToken', about.addOnToken);
  const said = await ask(url, { headers: bearer(token) }, context);
  if (said.courseId !== about.courseId) throw new Refusal('classroom_refused', 'Google answers about another course');
  if (said.teacherContext && !said.studentContext) return 'teacher';
  if (said.studentContext) return 'student';
  throw new Refusal('classroom_refused', 'Google does not say what this person is in the course');
}

/** Courses this attachment was copied from, the oldest first. */
export async function copiedFrom(addon: Addon, token: string, about: Asked): Promise<string[]> {
  if (!about.attachmentId) return [];
  const shape = z.object({
    copyHistory: z
      .array(z.object({ courseId: z.string().max(128) }))
      .max(200)
      .default([]),
  });
  const url = item(addon, about, `addOnAttachments/${encodeURIComponent(about.attachmentId)}`);
  const { copyHistory } = await ask(url, { headers: bearer(token) }, shape);
  return [...new Set(copyHistory.map(({ courseId }) => courseId))].filter((courseId) => courseId !== about.courseId);
}

export async function attach(
  addon: Addon,
  token: string,
  about: Asked,
  made: { title: string; teacher: string; student: string },
): Promise<void> {
  const url = item(addon, about, 'addOnAttachments');
  if (about.addOnToken) url.searchParams.set('addOnToken', about.addOnToken);
  const body = JSON.stringify({ title: made.title, teacherViewUri: { uri: made.teacher }, studentViewUri: { uri: made.student } });
  const headers = { ...bearer(token), 'content-type': 'application/json' };
  await ask(url, { method: 'POST', headers, body }, z.object({ id: z.string() }));
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

function item({ apiUrl }: Addon, { courseId, itemType, itemId }: Asked, below: string): URL {
  const path = ['v1', 'courses', courseId, itemType, itemId].map(encodeURIComponent).join('/');
  return new URL(`/${path}/${below}`, apiUrl);
}

async function ask<T>(url: string | URL, request: Parameters<typeof outbound>[1], shape: z.ZodType<T>): Promise<T> {
  const { status, body } = await outbound(url, { ...limits, ...request }).catch((cause: unknown) => {
    if (cause instanceof AppError) throw new Refusal('classroom_unreachable', cause.message, { cause });
    throw cause;
  });
  if (status >= 500 || status === 429) throw new Refusal('classroom_unreachable', `Google answers ${status}`);
  if (status >= 300) throw new Refusal('classroom_refused', `Google answers ${status}`);
  const parsed = shape.safeParse(json(body));
  if (!parsed.success)
    throw new Refusal('classroom_refused', `Google’s answer has no readable ${parsed.error.issues[0]?.path.join('.') || 'body'}`);
  return parsed.data;
}

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}
