/** What a row is known by from one night to the next. */
import { entities } from '../../src/roster/model.ts';
import { contentOf, stagedColumns } from '../../src/sync/rows.ts';
import { tables } from '../../src/sync/tables.ts';

const item = { sourcedId: 'i', title: 'Check', classSourcedId: 'c', resultValueMin: 0, resultValueMax: 10 };
const columns = stagedColumns('lineItems');
const before = columns.filter((column) => !column.later);
const hash = (more: object, by = columns) => contentOf({ ...item, ...more }, by).hash;

test('a column that came later changes no row that says nothing of it', () => {
  expect(before.length).toBe(columns.length - 2);
  expect(hash({})).toBe(hash({}, before));
  expect(hash({ levels: null, objectives: null })).toBe(hash({}, before));
});

test('each thing such a column says makes another row', () => {
  const said = [
    {},
    { levels: ['x'] },
    { objectives: ['x'] },
    { levels: ['x'], objectives: ['x'] },
    { levels: [] },
    { resultValueMax: null },
  ];
  expect(new Set(said.map((more) => hash(more))).size).toBe(said.length);
});

test.each(entities)('%s: columns that came later stand last', (entity) => {
  const later = tables[entity].columns.map((column) => column.later === true);
  expect(later).toEqual([...later].sort());
});
