/** What docs/platforms tells people to paste is what the code says of itself: every value, every address, every scope. */
import { readdirSync, readFileSync } from 'node:fs';
import { gradeBookScopes } from '../../config/policy.ts';
import { guidesOf } from '../../lti/guides.ts';
import { canvasJson, profileOf, scopes } from '../../lti/profile.ts';

const url = 'https://aptt.example.org';
const folder = new URL('../../docs/platforms/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const guides = guidesOf(url);

test('every platform has its page, and no page is without a platform', () => {
  expect(readdirSync(folder).sort()).toEqual(guides.map(({ family }) => `${family}.md`).sort());
});

describe.each(guides)('$family', ({ family, registers, values, says }) => {
  const text = read(`${family}.md`).replace(/ +/g, ' '); // tables are padded

  test('names each field, with the value to paste', () => {
    for (const { label, value } of values) {
      expect(text).toContain(label);
      if (value.includes('\n')) expect(text).toContain(`${label}:\n\n\`\`\`\n${value}\n\`\`\``);
      else expect(text).toContain(`| ${label} | \`${value}\` |`);
    }
  });

  test('shows what the platform says of itself as the page fills it in', () => {
    const [command = ''] = text.match(/aptt platform add [^`]*/) ?? [];
    const school =
      /https:\/\/(?:SCHOOL|moodle\.school|school|schoology)\.(?:instructure\.com|example|brightspace\.com|blackboard\.com|schoology\.com)/.exec(
        command,
      )?.[0];
    const filled = (value: string) => value.replace('{school}', school ?? 'no school').replace('{client}', 'APPLICATION_ID');
    const options = { issuer: says.issuer, 'auth-url': says.authUrl, 'token-url': says.tokenUrl, 'jwks-url': says.jwksUrl };
    for (const [option, value] of Object.entries(options)) expect(command).toContain(`--${option} ${filled(value)}`);
    if (says.tokenAudience) expect(command).toContain(`--token-audience ${says.tokenAudience}`);
    if (says.frameOrigins[0]) expect(command).toContain(`--frame-origin ${filled(says.frameOrigins[0])}`);
  });

  test('names no address of ours that is not there, and all scopes and no other', () => {
    const known: string[] = [url, ...Object.values(profileOf(url))];
    const named = text.match(/https:\/\/aptt\.example\.org[^\s`|)]*/g) ?? [];
    expect(named.filter((address) => !known.includes(address))).toEqual([]);
    expect(new Set(text.match(/https:\/\/purl\.imsglobal\.org\/[^\s`|]*/g))).toEqual(new Set([...scopes, ...gradeBookScopes]));
    const asked = text.indexOf('“APTT goal met” in the grade book');
    for (const scope of scopes) expect(text.indexOf(`${scope}\``)).toBeLessThan(asked);
    for (const scope of gradeBookScopes) expect(text.indexOf(`${scope}\``)).toBeGreaterThan(asked);
  });

  test('says whether it can register by itself, what parents may expect, and what does not work', () => {
    expect(text.includes('invitation link (recommended)')).toBe(registers && family !== 'blackboard');
    expect(text).toContain('## Parents');
    expect(text).toContain('## Known not to work');
    expect(text).toContain(`aptt platform add --district SLUG --issuer https://`);
  });
});

test('Canvas’ JSON asks for the same as a registration does', () => {
  const json = canvasJson(url) as { scopes: string[]; custom_fields: object; extensions: { privacy_level: string; domain: string }[] };
  expect(json).toMatchObject({
    title: 'APTT Connect',
    oidc_initiation_url: `${url}/lti/login`,
    target_link_uri: `${url}/app/`,
    redirect_uris: [`${url}/lti/launch`],
    public_jwk_url: `${url}/lti/jwks`,
    scopes,
    extensions: [
      {
        platform: 'canvas.instructure.com',
        domain: 'aptt.example.org',
        privacy_level: 'public',
        settings: {
          placements: [
            { placement: 'course_navigation', message_type: 'LtiResourceLinkRequest', default: 'disabled' },
            { placement: 'link_selection', message_type: 'LtiDeepLinkingRequest' },
          ],
        },
      },
    ],
  });
  expect(json.custom_fields).toMatchObject({
    observee_sourcedids: '$com.instructure.Observee.sisIds',
    sis_user_id: '$Canvas.user.sisSourceId',
  });
});
