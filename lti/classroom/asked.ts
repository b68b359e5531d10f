/** What Classroom's frame says when it opens one of our views. None of it is believed: it only says what to ask Google about. Pure. */
import { z } from 'zod';
import type { links } from '../links.ts';

export const views = ['discovery', 'teacher', 'student', 'review', 'upgrade'] as const;

/** Links a teacher may attach: what families and students open there would show them nothing. */
export const attachable = ['class', 'meeting'] as const satisfies readonly (typeof links)[number][];

const id = z.string().regex(/^[\w-]{1,128}$/);
const token = z.string().regex(/^[\x21-\x7e]{1,4096}$/);

export const asked = z.object({
  addon: z.coerce.number().int().positive().max(2_147_483_647),
  view: z.enum(views),
  courseId: id,
  itemId: id,
  itemType: z.enum(['courseWork', 'courseWorkMaterials', 'announcements']),
  attachmentId: id.optional(),
  addOnToken: token.optional(),
  login_hint: token.optional(),
  /** Which page of ours. */
  open: z.enum(attachable).catch('class'),
});
export type Asked = z.infer<typeof asked>;

/** Both make attachments; the others open one. */
export const isAdding = ({ view }: Pick<Asked, 'view'>): boolean => view === 'discovery' || view === 'upgrade';
