import type { Command } from 'commander';
import { keyOverlapDays } from '../../config/policy.ts';
import { type KeyState, listKeys, rotateKey } from '../../lti/keys.ts';
import { secretOf } from '../secret.ts';
import { daysOf, group, leaf, withDb } from './context.ts';
import { day, result, table } from './output.ts';

export function key(): Command {
  const list = leaf('list', 'list the keys this tool signs with', ['key list']).action(async (options: { json?: boolean }) => {
    const keys = await withDb((db) => listKeys(db));
    const row = (at: KeyState) => [at.state, at.kid, day(new Date(at.createdAt)), at.retiresAt === null ? '' : day(new Date(at.retiresAt))];
    result(options.json, { keys }, () =>
      keys.length
        ? table(['state', 'key', 'made', 'published until'], keys.map(row))
        : 'No key yet. The first is made when a platform asks for it.',
    );
  });

  const rotate = leaf('rotate', 'sign with a new key from now on', ['key rotate', 'key rotate --overlap-days 0'])
    .option('--overlap-days <days>', 'how long the old key stays published; 0 when it may have leaked', daysOf, keyOverlapDays)
    .addHelpText('after', '\nThe running service does this by itself when the key is older than APTT_KEY_DAYS.')
    .action(async (options: { overlapDays: number; json?: boolean }) => {
      const { kid } = await withDb((db, env) => rotateKey(db, secretOf(env), options.overlapDays));
      const until = options.overlapDays === 0 ? 'is no longer published' : `stays published for ${options.overlapDays} days`;
      result(options.json, { key: { kid, state: 'signing' } }, () => `Signs with ${kid} from now on. The key before it ${until}.`);
    });

  return group('key', 'the keys this tool signs its own messages with').addCommand(list).addCommand(rotate);
}
