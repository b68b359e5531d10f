/** Tokens that are forged, stale, meant for somebody else, or merely unusual. */
import { createHmac, createPublicKey, KeyObject, sign } from 'node:crypto';
import { importJWK } from 'jose';
import { type Payload, teacher } from './payloads.ts';
import { type Answer, expectLaunched, expectRefused, newKey, openSchool } from './school.ts';

const school = await openSchool();
afterAll(() => school.close());
const platform = await school.newPlatform();
const stranger = await newKey('stranger');

const seconds = () => Math.floor(Date.now() / 1000);
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Posts whatever `forge` makes of the payload that would have been right. */
async function launchWith(forge: (payload: Payload) => string | Promise<string>, claims: Payload = teacher): Promise<Answer> {
  const logged = await school.login(platform);
  const idToken = await forge(school.payloadOf(platform, logged, claims));
  return school.post({ state: logged.state, id_token: idToken }, { cookie: logged.cookie });
}

test('lti 51: alg none is refused', async () => {
  for (const alg of ['none', 'None', 'NONE', '']) {
    expectRefused(await launchWith((payload) => `${encode({ alg, kid: 'key-1' })}.${encode(payload)}.`), 'algorithm_refused');
  }
});

test('lti 52: HS256 signed with the public key is refused', async () => {
  const pem = createPublicKey({ key: platform.key.publicJwk as never, format: 'jwk' }).export({ type: 'spki', format: 'pem' }); // node's JsonWebKey is jose's JWK
  const answer = await launchWith((payload) => {
    const signed = `${encode({ alg: 'HS256', typ: 'JWT', kid: 'key-1' })}.${encode(payload)}`;
    return `${signed}.${createHmac('sha256', pem).update(signed).digest('base64url')}`;
  });
  expectRefused(answer, 'algorithm_refused');
});

test('lti 53: RS384 is refused', async () => {
  const { d, p, q, dp, dq, qi, ...rest } = await exported();
  const key = await importJWK({ ...rest, d, p, q, dp, dq, qi, alg: 'RS384' } as never, 'RS384'); // the platform's own key, under another algorithm
  expectRefused(await school.launch(platform, teacher, { header: { alg: 'RS384' }, key: key as never }), 'algorithm_refused');
});

test('lti 54: a changed payload is refused', async () => {
  const answer = await launchWith(async (payload) => {
    const [header, , signature] = (await platform.sign(payload)).split('.');
    return `${header}.${encode({ ...payload, sub: 'somebody-else' })}.${signature}`;
  });
  expectRefused(answer, 'signature_invalid');
});

test('lti 55: a key of another registered platform is refused', async () => {
  const other = await school.newPlatform({ kid: 'key-of-another' });
  expectLaunched(await school.launch(other, teacher));
  expectRefused(await school.launch(platform, teacher, { header: { kid: 'key-of-another' }, key: other.key.privateKey }), 'key_unknown');
  expectRefused(await school.launch(platform, teacher, { key: other.key.privateKey }), 'signature_invalid');
});

test('lti 56: another issuer is refused', async () => {
  expectRefused(await school.launch(platform, { ...teacher, iss: 'https://platform.example' }), 'issuer_mismatch');
});

test.each(['client-2', ['client-2'], ''])('lti 57: a token for another audience (%j) is refused', async (aud) => {
  expectRefused(await school.launch(platform, { ...teacher, aud }), 'audience_mismatch');
});

test('lti 58: an audience in a list of one is accepted', async () => {
  expectLaunched(await school.launch(platform, { ...teacher, aud: ['client-1'] }));
});

test('lti 59: two audiences and no authorised party are refused', async () => {
  expectRefused(await school.launch(platform, { ...teacher, aud: ['client-1', 'client-2'] }), 'audience_untrusted');
});

test('lti 60: two audiences are accepted when both are ours and the token names us', async () => {
  await school.newPlatform({ issuer: platform.issuer, clientId: 'client-of-ours', districtId: platform.districtId });
  expectLaunched(await school.launch(platform, { ...teacher, aud: ['client-1', 'client-of-ours'], azp: 'client-1' }));
  expectLaunched(await school.launch(platform, { ...teacher, aud: ['client-1', school.url], azp: 'client-1' }));
  expectRefused(await school.launch(platform, { ...teacher, aud: ['client-1', 'a-stranger'], azp: 'client-1' }), 'audience_untrusted');
});

test('lti 61: a token made for another party is refused', async () => {
  expectRefused(await school.launch(platform, { ...teacher, azp: 'client-2' }), 'azp_mismatch');
  expectRefused(await school.launch(platform, { ...teacher, aud: ['client-1', 'client-2'], azp: 'client-2' }), 'azp_mismatch');
});

test('lti 62: a token without an expiry is refused', async () => {
  expectRefused(await school.launch(platform, { ...teacher, exp: undefined }), 'claim_missing');
});

test('lti 63: a token without a time of issue is refused', async () => {
  expectRefused(await school.launch(platform, { ...teacher, iat: undefined }), 'claim_missing');
});

test('lti 64: a token issued an hour ahead is refused', async () => {
  expectRefused(await school.launch(platform, { ...teacher, iat: seconds() + 3600, exp: seconds() + 7200 }), 'token_not_yet_valid');
});

test('lti 65: expired half a minute ago is accepted, two minutes ago is refused', async () => {
  expectLaunched(await school.launch(platform, { ...teacher, iat: seconds() - 200, exp: seconds() - 30 }));
  expectRefused(await school.launch(platform, { ...teacher, iat: seconds() - 200, exp: seconds() - 120 }), 'token_expired');
});

test('lti 66: a token valid in half a minute is accepted, in two minutes refused', async () => {
  expectLaunched(await school.launch(platform, { ...teacher, nbf: seconds() + 30 }));
  expectRefused(await school.launch(platform, { ...teacher, nbf: seconds() + 120 }), 'token_not_yet_valid');
});

test('lti 67: a token older than the maximum age is refused, whatever its expiry', async () => {
  expectRefused(await school.launch(platform, { ...teacher, iat: seconds() - 3600, exp: seconds() + 3600 }), 'token_too_old');
});

test('lti 68: keys named or carried by the token itself are ignored', async () => {
  const forged = { jku: 'https://attacker.example/jwks', jwk: stranger.publicJwk, x5u: 'https://attacker.example/cert' };
  expectRefused(await school.launch(platform, teacher, { header: forged, key: stranger.privateKey }), 'signature_invalid');
  expectRefused(
    await school.launch(platform, teacher, { header: { ...forged, kid: 'stranger' }, key: stranger.privateKey }),
    'key_unknown',
  );
  expectLaunched(await school.launch(platform, teacher, { header: forged }));
});

test('a token whose header must be understood in a way we do not is refused', async () => {
  const answer = await launchWith((payload) => {
    const signed = `${encode({ alg: 'RS256', kid: 'key-1', crit: ['exp'], exp: 1 })}.${encode(payload)}`;
    return `${signed}.${sign('sha256', Buffer.from(signed), KeyObject.from(platform.key.privateKey as never)).toString('base64url')}`; // jose's CryptoKey is the platform's
  });
  expectRefused(answer, 'token_malformed');
});

test.each([
  ['iat', 'yesterday'],
  ['exp', '2099-01-01'],
  ['nbf', null],
])('a token whose %s is no number is refused', async (claim, value) => {
  expectRefused(await school.launch(platform, { ...teacher, [claim]: value }), 'claim_invalid');
});

test('lti 69: a token above 64 KiB is refused, one just below is not', async () => {
  expectRefused(await school.launch(platform, { ...teacher, padding: 'x'.repeat(64 * 1024) }), 'token_too_large');
  expectRefused(await school.launch(platform, { ...teacher, padding: 'x'.repeat(512 * 1024) }), 'token_too_large');
  expectLaunched(await school.launch(platform, { ...teacher, padding: 'x'.repeat(40 * 1024) }));
});

test('lti 70: a token of two or four parts is refused', async () => {
  const parts = (count: number) =>
    launchWith(async (payload) => [...(await platform.sign(payload)).split('.'), 'extra'].slice(0, count).join('.'));
  expectRefused(await parts(2), 'token_malformed');
  expectRefused(await parts(4), 'token_malformed');
  expectRefused(await launchWith(() => 'a.b.c'), 'token_malformed');
});

test('lti 71: no token is refused, and the platform’s own error is put in words', async () => {
  const logged = await school.login(platform);
  const post = (fields: Record<string, string>) => school.post({ state: logged.state, ...fields }, { cookie: logged.cookie });
  expectRefused(await post({}), 'token_missing');

  const signedOut = await post({ error: 'login_required', error_description: '<b>secret words</b>' });
  expectRefused(signedOut, 'platform_signed_out');
  expect(signedOut.html).toContain('you are not signed in');
  expect(signedOut.html).not.toContain('secret words');

  const stale = await post({ error: 'launch_no_longer_valid' });
  expectRefused(stale, 'platform_link_expired');
  expect(stale.html).toContain('open it once more');

  expectRefused(await post({ error: 'something_else' }), 'platform_error');
  expectRefused(await post({ error: '<script>alert(1)</script>' }), 'platform_error');
});

async function exported(): Promise<Record<string, string>> {
  const { exportJWK } = await import('jose');
  return (await exportJWK(platform.key.privateKey)) as Record<string, string>; // an RSA key's members are all texts
}
