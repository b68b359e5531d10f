/** What an operator says of a Microsoft 365 tenant. Pure. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { matchRule, personRule } from '../match.ts';

const address = (standard: string) => z.url({ protocol: /^https?$/, error: 'must be an https address' }).default(standard);
const secret = () => z.string().min(1).optional().meta({ secret: true });

/** Which of a student's ids a roster from elsewhere knows. */
export const studentKeys = ['externalId', 'studentNumber', 'userPrincipalName'] as const;

export const settings = z
  .object({
    /** The tenant's id, or one of its domains. */
    tenant: z.string().regex(/^[\w.-]+$/, 'is the tenant’s id or domain, as in example.onmicrosoft.com'),
    /** Of the app registration. */
    clientId: z.string().min(1),
    clientSecret: secret(),
    /** Instead of the secret: a PEM file with the certificate and its private key. */
    certificate: secret(),
    /** False: another source brings the roster, this one guardians and reading scores of its students. */
    roster: z.boolean().default(true),
    /** With roster=false: what is looked for in that roster, and where. */
    student: z.enum(studentKeys).default('externalId'),
    match: z.array(matchRule).min(1).default(['sourcedId', 'identifier', 'userIds']),
    /** With roster=false: how a contact who is a guardian on that roster already is found. A contact has no id but an address: none unless said. */
    guardian: z.array(personRule).default([]),
    /** Parents and guardians whom School Data Sync keeps with a student. */
    guardians: z.boolean().default(true),
    /** Points of Teams assignments, once they are returned. */
    assignments: z.boolean().default(true),
    /** Words per minute and accuracy of Reading Progress. */
    readingProgress: z.boolean().default(true),
    /** The first day of it; absent: the school year's. */
    readingSince: z.iso.date().optional(),
    /** Relations that make a guardian here, besides family and legal ones. */
    alsoGuardians: z.array(z.string().min(1)).default([]),
    /** Of national clouds, another. */
    url: address('https://graph.microsoft.com'),
    authority: address('https://login.microsoftonline.com'),
  })
  .strict()
  .superRefine(({ clientSecret, certificate }, context) => {
    const says = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (clientSecret === undefined && certificate === undefined) says('clientSecret', 'is needed, or a certificate');
    if (certificate !== undefined && !isKeyPair(certificate))
      says('certificate', 'must hold an RSA certificate and its private key, in PEM');
  });
export type Settings = z.infer<typeof settings>;

function isKeyPair(pem: string): boolean {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'rsa' && new X509Certificate(pem).checkPrivateKey(key);
  } catch {
    return false;
  }
}
