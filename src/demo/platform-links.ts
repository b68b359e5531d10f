/**
 * Deep linking as the simulated platform does it: it asks the tool for links, checks the answer as a strict platform would, and keeps what it
 * got beside the course. Shares no code with `lti/`.
 */
import { randomBytes } from 'node:crypto';
import express, { type Express } from 'express';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { Accent } from './platform-accents.ts';

export type PlacedLink = { id: string; title: string; url: string };

export type Links = {
  /** Of each course, by its key. */
  placed: Map<string, PlacedLink[]>;
  /** What the request says about where and how to answer. */
  settings(courseKey: string, back: string): Record<string, unknown>;
};

const claim = 'https://purl.imsglobal.org/spec/lti/claim/';
const dl = 'https://purl.imsglobal.org/spec/lti-dl/claim/';

type Options = { url: string; issuer: string; clientId: string; deploymentId: string; toolUrl: string; jwksUrl: string; accent: Accent };

/** @param added the page that says what became of it */
export function addLinks(app: Express, options: Options, added: (back: string, titles: string[]) => string): Links {
  const placed: Links['placed'] = new Map();
  const waiting = new Map<string, { course: string; back: string; data: string }>();
  const used = new Set<string>();
  const keys = createRemoteJWKSet(new URL(options.jwksUrl), { cooldownDuration: 0 });

  app.post('/links/:ticket', express.urlencoded({ extended: false, limit: '200kb' }), async (req, res) => {
    const asked = waiting.get(req.params.ticket);
    if (!asked) return void res.status(404).send('Nobody asked for these links.');
    try {
      const { payload } = await jwtVerify(String(req.body?.JWT), keys, {
        issuer: options.clientId,
        audience: options.issuer,
        algorithms: ['RS256'],
        requiredClaims: ['iat', 'exp', 'nonce'],
      });
      const items = judged(payload, asked.data, options);
      if (used.has(String(payload.nonce))) throw new Error('the nonce was used');
      used.add(String(payload.nonce));
      waiting.delete(req.params.ticket);
      const links = items.map(({ title, url }) => ({ id: randomBytes(4).toString('hex'), title, url }));
      placed.set(asked.course, [...(placed.get(asked.course) ?? []), ...links]);
      res.send(
        added(
          asked.back,
          links.map(({ title }) => title),
        ),
      );
    } catch (error) {
      res.status(400).send(`The tool’s answer does not hold: ${(error as Error).message}`); // thrown by us or by jose
    }
  });

  return {
    placed,
    settings: (course, back) => {
      const [ticket, data] = [randomBytes(12).toString('hex'), `${randomBytes(24).toString('base64')} "&<é>`];
      waiting.set(ticket, { course, back, data });
      return {
        deep_link_return_url: `${options.url}/links/${ticket}?course=${encodeURIComponent(course)}`,
        accept_types: options.accent.links.types,
        accept_presentation_document_targets: ['iframe', 'window'],
        accept_multiple: options.accent.links.multiple,
        data,
      };
    },
  };
}

/** Deep Linking 2.0 §4.4: what of an answer must hold besides its signature. */
function judged(payload: Record<string, unknown>, data: string, options: Options): PlacedLink[] {
  const expected = {
    [`${claim}message_type`]: 'LtiDeepLinkingResponse',
    [`${claim}version`]: '1.3.0',
    [`${claim}deployment_id`]: options.deploymentId,
    [`${dl}data`]: data,
  };
  for (const [name, value] of Object.entries(expected)) if (payload[name] !== value) throw new Error(`${name} is wrong`);
  const items = payload[`${dl}content_items`];
  if (!Array.isArray(items)) throw new Error('content_items is no list');
  if (items.length > 1 && !options.accent.links.multiple) throw new Error('several items');
  return items.map((item: { type?: unknown; title?: unknown; url?: unknown }) => {
    if (!options.accent.links.types.includes(String(item.type))) throw new Error(`the type ${String(item.type)} was not asked for`);
    const url = new URL(String(item.url ?? options.toolUrl));
    if (url.origin !== new URL(options.toolUrl).origin) throw new Error('the link leads elsewhere');
    return { id: '', title: String(item.title), url: url.href };
  });
}
