/** Which room may import which: the map of the house, enforced. */
import { cruise, type IForbiddenRuleType, type IReporterOutput } from 'dependency-cruiser';

/** A room may import itself and what stands here. Rooms that are not here (the command line, the processes) may import anything. */
const arrows: Record<string, string[]> = {
  'src/errors.ts': [],
  'src/roster/': [],
  'src/addresses.ts': [],
  'src/outbound.ts': ['config/', 'src/errors.ts', 'src/addresses.ts'],
  'src/seal.ts': ['src/errors.ts'],
  'config/': ['src/errors.ts'],
  'src/db/': ['config/', 'src/errors.ts'],
  'connectors/': ['config/', 'src/errors.ts', 'src/roster/', 'src/outbound.ts'],
  'lti/': ['config/', 'src/errors.ts', 'src/db/', 'src/outbound.ts', 'connectors/http.ts', 'src/seal.ts'],
  'src/sync/': ['src/errors.ts', 'src/roster/', 'src/db/', 'config/', 'connectors/connector.ts', 'connectors/registry.ts', 'src/seal.ts'],
  'src/aptt/': ['config/', 'src/errors.ts', 'src/roster/', 'src/read-models/shapes.ts'],
  'src/access/': ['config/', 'src/errors.ts', 'src/roster/', 'src/db/', 'lti/launch-shape.ts'],
  'src/read-models/': ['config/', 'src/errors.ts', 'src/roster/', 'src/db/', 'src/access/', 'src/aptt/'],
  'src/api/': ['config/', 'src/errors.ts', 'src/db/', 'src/access/', 'src/aptt/', 'src/read-models/', 'src/sync/'],
  'src/web/': ['src/read-models/shapes.ts'],
  'src/demo/': ['src/errors.ts', 'src/roster/'],
};

const escaped = (path: string) => `^${path.replaceAll('.', '\\.')}${path.endsWith('/') ? '' : '$'}`;

const rules: IForbiddenRuleType[] = Object.entries(arrows).map(([room, may]) => ({
  name: `${room} imports only what it may`,
  severity: 'error',
  from: { path: escaped(room) },
  to: { path: '^(src|config|connectors|lti)/', pathNot: [escaped(room), ...may.map(escaped)] },
}));

rules.push(
  {
    name: 'one connector never imports another',
    severity: 'error',
    from: { path: '^connectors/([^/]+)/' },
    to: { path: '^connectors/[^/]+/', pathNot: '^connectors/$1/' },
  },
  // Microsoft's package holds types alone: there is no module to find.
  {
    name: 'every import is there',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true, pathNot: '^@microsoft/microsoft-graph-types$' },
  },
  // Types may refer to each other both ways: nothing of them is left when the code runs.
  {
    name: 'nobody imports in circles',
    severity: 'error',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  { name: 'nothing that runs imports a test', severity: 'error', from: { path: '^(src|config|connectors|lti)/' }, to: { path: '^test/' } },
);

let found: IReporterOutput;
beforeAll(async () => {
  found = await cruise(['config', 'connectors', 'lti', 'src'], {
    ruleSet: { forbidden: rules },
    validate: true,
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.json', '.css', '.svg'],
      conditionNames: ['import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  });
});

const result = () => {
  if (typeof found.output === 'string') throw new Error(found.output);
  return found.output;
};

test('the modules were really read', () => {
  const ours = result().modules.filter((module) => /^(src|config|connectors|lti)\//.test(module.source));
  expect(ours.length).toBeGreaterThan(40);
  expect(ours.filter((module) => module.source.endsWith('.tsx')).length).toBeGreaterThan(0);
  expect(ours.flatMap((module) => module.dependencies).length).toBeGreaterThan(100);
});

test('every import follows the arrows', () => {
  const broken = result().summary.violations.map(({ rule, from, to }) => `${from} → ${to}: ${rule.name}`);
  expect(broken).toEqual([]);
});

test.each(Object.keys(arrows))('the room %s exists', (room) => {
  expect(result().modules.some((module) => new RegExp(escaped(room)).test(module.source))).toBe(true);
});
