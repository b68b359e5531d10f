/** The simulated Classroom around an add-on: assignments with attachments, the API's word on who somebody is there, and pages that frame its views. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { classroom_v1 } from '@googleapis/classroom';
import type { Domain } from './domain.ts';
import type { Grant } from './tokens.ts';

type Attachment = classroom_v1.Schema$AddOnAttachment;
export type Item = { courseId: string; itemId: string; itemType: string };

const teacherScope = 'https://www.googleapis.com/auth/classroom.addons.teacher';
const escaped = (text: string) => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);

export class Classroom {
  readonly attachments: Attachment[] = [];
  private readonly url: string;
  private readonly domain: () => Domain;

  constructor(url: string, domain: () => Domain) {
    this.url = url;
    this.domain = domain;
  }

  /** As when a teacher reuses a course for the new year. */
  copy(attachmentId: string, to: Item): Attachment {
    const from = this.attachments.find(({ id }) => id === attachmentId);
    if (!from) throw new Error('there is no such attachment');
    const { courseId = '', itemId = '', id = '' } = from;
    const made = {
      ...from,
      courseId: to.courseId,
      itemId: to.itemId,
      id: `a${this.attachments.length + 1}`,
      copyHistory: [...(from.copyHistory ?? []), { courseId, itemId, attachmentId: id }],
    };
    this.attachments.push(made);
    return made;
  }

  /** A page of Classroom with one of the add-on's views in it. @param view an address of the add-on */
  page(item: Item, view: string, more: Record<string, string> = {}): string {
    const frame = new URL(view);
    for (const [name, value] of Object.entries({ ...item, ...more })) frame.searchParams.set(name, value);
    return `${this.url}/classroom?frame=${encodeURIComponent(frame.href)}`;
  }

  /** @returns whether the address is one of ours */
  get(url: URL, res: ServerResponse): boolean {
    if (url.pathname !== '/classroom') return false;
    const frame = escaped(url.searchParams.get('frame') ?? '');
    res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(`<!doctype html><html lang="en"><title>Classroom</title>
<style>body{margin:0;font:1rem sans-serif}iframe{inline-size:100%;block-size:80vh;border:0}</style>
<h1>Classroom</h1><p id="told"></p><iframe name="tool" title="Add-on" src="${frame}"></iframe>
<script>addEventListener('message', ({ data }) => { if (data?.type === 'Classroom') document.getElementById('told').textContent = data.action; });</script></html>`);
    return true;
  }

  /** @returns the status and what is answered; null: no address of the add-on's API */
  async api(path: string, req: IncomingMessage, grant: Grant): Promise<[number, object] | null> {
    const found =
      /^\/v1\/courses\/([^/]+)\/(courseWork|courseWorkMaterials|announcements)\/([^/]+)\/(addOnContext|addOnAttachments)(?:\/([^/]+))?$/.exec(
        path,
      );
    if (!found) return null;
    const [, courseId = '', , itemId = '', what, attachmentId] = found;
    const role = this.roleOf(courseId, grant);
    if (!role || !grant.scopes.has(teacherScope)) return [403, { error: { code: 403, status: 'PERMISSION_DENIED' } }];
    if (what === 'addOnContext')
      return [
        200,
        { courseId, itemId, postId: itemId, ...(role === 'teacher' ? { teacherContext: {} } : { studentContext: { submissionId: 's1' } }) },
      ];
    const here = this.attachments.filter((one) => one.courseId === courseId && one.itemId === itemId);
    if (req.method === 'GET') {
      const one = here.find(({ id }) => id === attachmentId);
      return attachmentId === undefined
        ? [200, { addOnAttachments: here }]
        : one
          ? [200, one]
          : [404, { error: { code: 404, status: 'NOT_FOUND' } }];
    }
    if (role !== 'teacher') return [403, { error: { code: 403, status: 'PERMISSION_DENIED' } }];
    let body = '';
    for await (const chunk of req) body += chunk;
    const made: Attachment = { ...(JSON.parse(body) as Attachment), courseId, itemId, id: `a${this.attachments.length + 1}` };
    this.attachments.push(made);
    return [200, made];
  }

  private roleOf(courseId: string, { email }: Grant): 'teacher' | 'student' | null {
    const isIn = (members: { profile?: { emailAddress?: string | null } }[] = []) =>
      members.some(({ profile }) => profile?.emailAddress === email);
    const { teachers, students } = this.domain();
    return isIn(teachers[courseId]) ? 'teacher' : isIn(students[courseId]) ? 'student' : null;
  }
}
