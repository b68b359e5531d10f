/** The script a teacher's first dashboard loads, compressed. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { figure } from './figure.ts';
import type { Bench } from './main.ts';

export const page: Bench = {
  names: ['page-script'],
  async run() {
    const folder = new URL('../dist/web/', import.meta.url);
    const html = readFileSync(new URL('index.html', folder), 'utf8');
    const scripts = [...html.matchAll(/(?:src|href)="\/app\/([^"]+\.js)"/g)].map((match) => match[1] ?? '');
    const bytes = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, folder))).length, 0);
    if (bytes === 0) throw new Error('no script found: run `npm run build:web`');
    const kb = bytes / 1024;
    return [figure('page-script', kb / 60, 1, `${kb.toFixed(1)} KB gzip of 60, ${scripts.length} file(s)`)];
  },
};
