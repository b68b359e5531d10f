/** Whatever is sent to the front door: a refusal, never a defect, and nobody let in. */
import fc from 'fast-check';
import { readClaims } from '../../lti/claims.ts';
import { Refusal } from '../../lti/refusal.ts';
import { lti, mentor } from '../cases/lti/payloads.ts';
import { openSchool } from '../cases/lti/school.ts';

const school = await openSchool();
afterAll(() => school.close());
const platform = await school.newPlatform();

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', '\0', '$User.id', '<script>', 'a.b.c', 'https://x.example', '[]'),
);

test('claims of any shape are read or refused', () => {
  const claims = fc.dictionary(fc.constantFrom(...Object.keys(mentor)), fc.oneof(fc.jsonValue(), text, fc.array(text)));
  const said = { ...mentor, [`${lti}target_link_uri`]: school.target };
  fc.assert(
    fc.property(claims, (changed) => {
      try {
        const launch = readClaims({ ...said, ...changed }, true);
        expect(launch.sub).not.toBe('');
        expect(launch.mentoredSourcedIds.length).toBeLessThanOrEqual(launch.mentoredSubs.length);
        if (!launch.roles.mentor) expect(launch.mentoredSubs).toEqual([]);
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal);
      }
    }),
    { numRuns: 2000 },
  );
});

test('login requests of any content are answered 4xx or sent on to the platform', async () => {
  const right = school.loginRequest(platform);
  const names = [...Object.keys(right), 'lti_message_hint', 'lti_deployment_id', 'lti_storage_target', 'iss[]', '__proto__'];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...names), text), { maxLength: 4 }), async (changes) => {
      const answer = await school.askLogin({ ...right, ...Object.fromEntries(changes) });
      expect([200, 302, 400]).toContain(answer.status);
      const next = answer.headers.get('location');
      if (next) expect(next).toMatch(new RegExp(`^${platform.issuer}/auth\\?`));
    }),
    { numRuns: 200 },
  );
});

test('launch posts of any content are answered 4xx', async () => {
  const names = ['state', 'id_token', 'binding', 'error', 'error_description', 'lti_storage_target'];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...names), text), { maxLength: 5 }), fc.boolean(), async (fields, mine) => {
      const logged = await school.login(platform);
      const headers = { cookie: logged.cookie, ...(mine && { 'sec-fetch-site': 'same-origin' }) };
      const answer = await school.post({ state: logged.state, ...Object.fromEntries(fields) }, headers);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.launch).toBeNull();
    }),
    { numRuns: 150 },
  );
});

test('a post that is no form, and a cookie that is no cookie, are refused', async () => {
  const post = (init: RequestInit) => fetch(`${school.url}/lti/launch`, { method: 'POST', ...init });
  expect((await post({ body: '{"id_token":1}', headers: { 'content-type': 'application/json' } })).status).toBe(400);
  expect((await post({})).status).toBe(400);
  const many = new URLSearchParams(Array.from({ length: 500 }, (_, i): [string, string] => [`field${i}`, 'x']));
  expect((await post({ body: many })).status).toBe(413);
  expect((await school.post({ state: 'x', id_token: 'a.b.c' }, { cookie: '=;;=; aptt-login' })).status).toBe(400);
});
