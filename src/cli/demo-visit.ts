/** Walks through a launch as a browser does, without one: course page, login, platform, launch, session. For `aptt demo --once`. */
import { AppError } from '../errors.ts';
import type { MeShape } from '../read-models/shapes.ts';

/** @returns what the service says about whoever came in. @throws AppError `demo_failed` naming the step that went wrong */
export async function visit(coursePage: string, service: string): Promise<MeShape> {
  const frame = await found(coursePage, /<iframe[^>]* src="([^"]+)"/);
  const login = await fetch(frame, { redirect: 'manual' });
  const cookies = login.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
  const authorisation = login.headers.get('location');
  if (!authorisation) throw failed(new URL(frame).pathname, login.status);

  const form = await (await fetch(authorisation)).text();
  const fields = [...form.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(
    ([, name = '', value = '']) => [name, unescaped(value)] as [string, string],
  ); // a pair, not a list
  const launch = await fetch(`${service}/lti/launch`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: cookies.join('; ') },
    body: new URLSearchParams(fields),
  });
  const ticket = /#ticket=(.+)$/.exec(launch.headers.get('location') ?? '')?.[1];
  if (!ticket) throw failed('/lti/launch', launch.status);

  const session = await fetch(`${service}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ticket: decodeURIComponent(ticket) }),
  });
  if (!session.ok) throw failed('/api/session', session.status);
  const { token } = (await session.json()) as { token: string }; // our own service's answer
  const me = await fetch(`${service}/api/me`, { headers: { authorization: `Bearer ${token}` } });
  if (!me.ok) throw failed('/api/me', me.status);
  return (await me.json()) as MeShape; // our own service's answer
}

const failed = (step: string, status: number) => new AppError('demo_failed', `${step} answers ${status}`);

const unescaped = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

async function found(address: string, pattern: RegExp): Promise<string> {
  const answer = await fetch(address);
  const [, value] = pattern.exec(await answer.text()) ?? [];
  if (!answer.ok || !value) throw failed(new URL(address).pathname, answer.status);
  return unescaped(value);
}
