/** A night on which only a file beside the line items changed: what stands in the roster is as a first reading would have it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { syncSource } from '../../src/sync/run.ts';
import { addSource } from '../../src/sync/sources.ts';
import { manifest, roster, text } from '../connectors/roster.ts';
import { folder, removeSets } from '../connectors/sets.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';

const db = await freshDatabase();
afterAll(async () => {
  removeSets();
  await db.close();
});

const scale = (values: string) => `sourcedId,title,type,classSourcedId,scoreScaleValue\nsc,Levels,,c1,"${values}"\n`;
const results = 'sourcedId,status,dateLastModified,lineItemSourcedId,studentSourcedId,scoreStatus,score,scoreDate,comment,textScore';

test('a changed scale reaches the line items it is of, and the scores that are words of it', async () => {
  const path = folder(
    roster({
      'manifest.csv': manifest({ scoreScales: 'bulk', lineItemScoreScales: 'bulk' }, '1.2'),
      'scoreScales.csv': scale('{0:Not yet},{2:Got it}'),
      'lineItemScoreScales.csv': 'sourcedId,lineItemSourcedId,scoreScaleSourcedId\nx,l1,sc\n',
      'results.csv': text('results', ['r1,,,l1,stu1,fully graded,,2026-09-03,,Got it'], results),
    }),
  );
  const district = await newDistrict(db);
  const source = await addSource(db, district, { name: 'sis', kind: 'oneroster-csv', settings: { path } });
  const night = async () => {
    const { status } = await syncSource(db, district, source, { actor: 'test' });
    const rows = await db.inDistrict(
      district,
      (tx) => tx`SELECT li.levels, r.score FROM result r JOIN line_item li ON li.id = r.line_item_id WHERE r.ended_at IS NULL`,
    );
    return [status, ...rows.map(({ levels, score }) => [levels, score])];
  };
  expect(await night()).toEqual(['applied', [['0 Not yet', '2 Got it'], 2]]);
  expect(await night()).toEqual(['unchanged', [['0 Not yet', '2 Got it'], 2]]);
  writeFileSync(join(path, 'scoreScales.csv'), scale('{0:Not yet},{3:Got it}'));
  expect(await night()).toEqual(['applied', [['0 Not yet', '3 Got it'], 3]]);
  writeFileSync(join(path, 'scoreScales.csv'), 'sourcedId,title,type,classSourcedId,scoreScaleValue\n');
  expect(await night()).toEqual(['applied', [null, null]]);
});
