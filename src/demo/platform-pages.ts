/** The simulated platform's own pages: a plain, tidy course site. Every value is escaped; nothing is fetched from anywhere else. */
import type { PlatformCourse, PlatformPerson } from './platform.ts';
import type { PlacedLink } from './platform-links.ts';

const kinds: Record<string, string> = {
  instructor: 'Teacher',
  mentor: 'Parent or guardian',
  learner: 'Student',
  administrator: 'Administrator',
};
const nameOf = (person: PlatformPerson) => `${person.givenName} ${person.familyName}`;
const kindOf = (person: PlatformPerson) => person.roles.flatMap((role) => kinds[role] ?? []).join(', ') || 'Member';
const initials = (person: PlatformPerson) => `${person.givenName.slice(0, 1)}${person.familyName.slice(0, 1)}`;

export function homePage(title: string, people: PlatformPerson[], courses: PlatformCourse[]): string {
  const cards = people.map((person) => {
    const count = courses.filter((course) => course.members.some((member) => member.person === person.key)).length;
    return `<li><a class="card" href="/as/${encodeURIComponent(person.key)}"><span class="face" aria-hidden="true">${html(initials(person))}</span>
<span><strong>${html(nameOf(person))}</strong><br><span class="quiet">${html(kindOf(person))} · ${count} ${count === 1 ? 'course' : 'courses'}</span></span></a></li>`;
  });
  return page(
    title,
    'Sign in',
    null,
    `<h1>Sign in as</h1><p class="quiet">A practice platform: choose who you are.</p><ul class="cards">${cards.join('')}</ul>`,
  );
}

export function personPage(title: string, person: PlatformPerson, courses: PlatformCourse[]): string {
  const cards = courses.map(
    (course) =>
      `<li><a class="card course" href="${courseAddress(person, course)}"><strong>${html(course.title)}</strong><span class="quiet">Family meetings</span></a></li>`,
  );
  const list = cards.length > 0 ? `<ul class="cards">${cards.join('')}</ul>` : '<p>No courses yet.</p>';
  return page(title, 'My courses', person, `<h1>My courses</h1>${list}`);
}

export type Tool = { address: string; origin: string };

/** @param links what was placed in the course; a teacher may add some */
export function coursePage(
  title: string,
  person: PlatformPerson,
  course: PlatformCourse,
  tool: Tool,
  links: PlacedLink[],
  heading: string,
): string {
  const here = courseAddress(person, course);
  const placed = links.map((link) => `<a href="${here}/links/${link.id}">${html(link.title)}</a>`);
  const add = person.roles.some((role) => role === 'instructor' || role === 'administrator')
    ? [`<a href="${here}/add">Add content</a>`]
    : [];
  const body = `<div class="bar"><nav aria-label="Courses"><a href="/as/${encodeURIComponent(person.key)}">My courses</a></nav>
<h1>${html(course.title)} · ${html(heading)}</h1>
<nav aria-label="In this course">${[...placed, ...add].join(' · ')}</nav>
<a href="${html(tool.address)}" target="_blank" rel="noopener">Open in a new tab</a></div>
<iframe name="tool" title="${html(heading)}" src="${html(tool.address)}" data-origin="${html(tool.origin)}" allow="fullscreen; storage-access; clipboard-write"></iframe>
<script type="module" src="/course.js"></script>`;
  return page(title, course.title, person, body, 'filled');
}

/** Inside the frame: the course around it is loaded again. */
export function addedPage(title: string, back: string, titles: string[]): string {
  const list = titles.map((each) => `<li>${html(each)}</li>`).join('');
  const body = `<h1>${titles.length > 0 ? 'Added to the course' : 'Nothing was added'}</h1><ul>${list}</ul><p><a href="${html(back)}" target="_top">Back to the course</a></p>`;
  return page(title, 'Added', null, body);
}

export const adminPage = (title: string, body: string): string => page(title, 'Tools', null, body);

export const errorPage = (title: string, words: string): string => page(title, 'Not here', null, `<h1>Not here</h1><p>${html(words)}</p>`);

/** OAuth 2.0 Form Post Response Mode. */
export function formPost(action: string, fields: Record<string, string>): string {
  const inputs = Object.entries(fields).map(([name, value]) => `<input type="hidden" name="${html(name)}" value="${html(value)}">`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Opening…</title></head><body>
<form method="post" action="${html(action)}">${inputs.join('')}<noscript><button>Continue</button></noscript></form><script src="/post.js"></script></body></html>`;
}

const courseAddress = (person: PlatformPerson, course: PlatformCourse) =>
  `/as/${encodeURIComponent(person.key)}/courses/${encodeURIComponent(course.key)}`;

function page(title: string, heading: string, person: PlatformPerson | null, body: string, kind = ''): string {
  const who = person
    ? `<span class="who"><span class="face small" aria-hidden="true">${html(initials(person))}</span> ${html(nameOf(person))} · <a href="/">Switch person</a></span>`
    : '';
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html(heading)} · ${html(title)}</title><link rel="stylesheet" href="/page.css"><link rel="icon" href="data:,"></head>
<body class="${kind}"><header><a class="home" href="/">${html(title)}</a>${who}</header><main>${body}</main></body>
</html>
`;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const html = (value: string): string => value.replace(/[&<>"']/g, (character) => entities[character] ?? '');

export const postScript = 'document.forms[0].submit();\n';

/** Platform storage: keeps what the tool's frame gives it, for this page's life, and answers the tool alone. */
export const courseScript = `const { origin } = document.querySelector('iframe').dataset;
const kept = new Map();
addEventListener('message', (event) => {
  const { subject, message_id, key, value } = event.data ?? {};
  if (event.origin !== origin || typeof subject !== 'string') return;
  const reply = (more) => event.source?.postMessage({ subject: subject + '.response', message_id, ...more }, origin);
  if (subject === 'lti.put_data') reply({ key, value: kept.set(key, value).get(key) });
  if (subject === 'lti.get_data') reply({ key, value: kept.get(key) });
  if (subject === 'lti.capabilities') {
    const supported_messages = ['lti.put_data', 'lti.get_data', 'lti.capabilities'].map((name) => ({ subject: name }));
    reply({ supported_messages });
  }
});
`;

export const style = `:root { --ink: #24292f; --quiet: #57606a; --line: #d4d8dd; --brand: #34495e; --link: #0b5394; --ground: #f6f7f8; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; justify-content: space-between; align-items: center; padding: 0.6rem 1.25rem; background: var(--brand); color: #fff; }
header a { color: #fff; }
.home { font-weight: 700; text-decoration: none; }
.who { font-size: 0.9375rem; }
main { max-width: 64rem; margin: 0 auto; padding: 1.5rem 1.25rem; }
h1 { margin: 0 0 0.5rem; font-size: 1.5rem; }
a { color: var(--link); }
.quiet { color: var(--quiet); font-size: 0.9375rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); gap: 0.9rem; margin: 1.25rem 0; padding: 0; list-style: none; }
.card { display: flex; gap: 0.8rem; align-items: center; height: 100%; padding: 0.9rem; border: 1px solid var(--line); border-radius: 6px; background: #fff; color: inherit; text-decoration: none; }
.card:hover, .card:focus-visible { border-color: var(--link); }
.course { flex-direction: column; align-items: flex-start; gap: 0.2rem; border-top: 6px solid var(--brand); }
.face { display: inline-grid; place-items: center; width: 2.6rem; height: 2.6rem; flex: none; border-radius: 50%; background: #dfe6ec; color: var(--brand); font-weight: 600; }
.face.small { width: 1.7rem; height: 1.7rem; font-size: 0.75rem; }
.filled { display: flex; flex-direction: column; height: 100vh; height: 100dvh; }
.filled main { display: flex; flex: 1; flex-direction: column; width: 100%; max-width: none; min-height: 0; padding: 0; }
.bar { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; justify-content: space-between; padding: 0.5rem 1.25rem; border-bottom: 1px solid var(--line); background: #fff; font-size: 0.9375rem; }
.bar h1 { margin: 0; font-size: inherit; }
iframe { flex: 1; width: 100%; min-height: 0; border: 0; background: #fff; }
@media (max-width: 30rem) { header, .bar { padding-inline: 0.75rem; } }
`;
