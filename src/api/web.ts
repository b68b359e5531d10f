/**
 * The built pages under /app: hashed files that never change, kept in memory and compressed once, and an index that is never stored.
 * Only files that were there at the start are served, so no address leads anywhere else.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import express, { type Router } from 'express';
import { AppError } from '../errors.ts';
import { type Framing, policyFor } from './framing.ts';

/** @param folder of the build; where it is missing, pages answer that they are not built */
export function webRouter(folder: string, framing: Framing): Router {
  const router = express.Router();
  const assets = assetsOf(join(folder, 'assets'));
  const index = join(folder, 'index.html');
  router.get('/', (_req, res) => res.redirect(302, '/app/'));
  router.get(['/app', '/app/', '/app/in/:place', '/app/in/:place/'], async (req, res) => {
    const { place } = req.params;
    if (typeof place === 'string') res.set('Content-Security-Policy', policyFor(await framing.originsFor(place)));
    if (!existsSync(index))
      throw new AppError('web_not_built', 'the pages are not built', { status: 503, hint: 'Run `npm run build:web`.' });
    res.set('Cache-Control', 'no-store').type('html').send(readFileSync(index));
  });
  router.get('/app/assets/:name', (req, res) => {
    const asset = assets.get(req.params.name);
    if (!asset) throw new AppError('not_found', 'there is no such file', { status: 404 });
    const zipped = req.acceptsEncodings('gzip') === 'gzip';
    res.type(asset.type).set({ 'Cache-Control': 'public, max-age=31536000, immutable', Vary: 'Accept-Encoding' });
    if (zipped) res.set('Content-Encoding', 'gzip');
    res.send(zipped ? asset.gzip : asset.plain);
  });
  return router;
}

function assetsOf(folder: string): Map<string, { type: string; plain: Buffer; gzip: Buffer }> {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return new Map(
    names.map((name) => {
      const plain = readFileSync(join(folder, name));
      return [name, { type: name.slice(name.lastIndexOf('.')), plain, gzip: gzipSync(plain, { level: 9 }) }];
    }),
  );
}
