/** After tsc: everything the built service reads beside its code (migrations, page scripts, styles) goes to the same place in dist. */
import { cpSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';

const web = join('src', 'web'); // Vite builds it on its own, into dist/web
let count = 0;
for (const room of ['config', 'connectors', 'lti', 'src']) {
  for (const entry of readdirSync(room, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || /\.tsx?$/.test(path) || path.startsWith(web + sep)) continue;
    cpSync(path, join('dist', path));
    count += 1;
  }
}
console.error(`${count} files beside the code were copied to dist`);
