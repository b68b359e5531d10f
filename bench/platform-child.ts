/**
 * The simulated platform in a process of its own: what it costs to answer is not ours. Answers `platform`: what a registration needs, and a course;
 * `night`: some members have another name from now on.
 */
import { startPlatform } from '../src/demo/platform.ts';
import { type AccentName, accents } from '../src/demo/platform-accents.ts';
import { membershipsAddress, type ServiceMember } from '../src/demo/platform-services.ts';
import { answer } from './child.ts';

const [toolUrl, count, accent] = process.argv.slice(2);
if (!toolUrl || !count) throw new Error('usage: platform-child TOOL_URL MEMBERS ACCENT');

const roster: ServiceMember[] = Array.from({ length: Number(count) }, (_, n) => ({
  sub: `user-${String(n).padStart(6, '0')}-5f0e2d5c`,
  givenName: `Given${n}`,
  familyName: `Family${n % 400}`,
  email: `student${n}@school.example`,
  lisPersonSourcedId: `S-${n}`,
  roles: [n % 100 === 0 ? 'instructor' : 'learner'],
  status: 'Active',
}));
const platform = await startPlatform({
  tool: { loginUrl: `${toolUrl}/lti/login`, targetLinkUri: `${toolUrl}/app/` },
  people: [],
  courses: [{ key: 'big', id: 'big', title: 'A large course', members: [], roster }],
  accent: accent as AccentName, // memberships.ts names one
});

const membershipsUrl = membershipsAddress('big', { url: platform.url, accent: accents[accent as AccentName] });

let nights = 0;

answer({
  night: () => {
    nights++;
    for (const [n, member] of roster.entries()) if (n % 200 === nights % 200) member.familyName = `Family${nights}`;
  },
  platform: () => {
    const { issuer, clientId, deploymentId, authUrl, tokenUrl, jwksUrl } = platform;
    return { issuer, clientId, deploymentId, authUrl, tokenUrl, jwksUrl, membershipsUrl };
  },
});
