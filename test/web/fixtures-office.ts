/** The server's answers for school leaders and district IT. */
import type {
  ConnectionShape,
  Counts,
  LaunchesShape,
  LaunchRow,
  PendingShape,
  PlatformsShape,
  RunRow,
  RunShape,
  SchoolsShape,
  SourcesShape,
} from '../../src/read-models/shapes.ts';
import { fall, winter } from './fixtures.ts';

type Class = SchoolsShape['schools'][number]['classes'][number];
const klass = (id: string, title: string, more: Partial<Class> = {}): Class => ({
  id,
  title,
  grades: ['02'],
  teachers: ['Dana Reyes'],
  students: 24,
  rosterAsOf: '2026-11-23T05:12:00Z',
  held: false,
  latest: winter,
  scores: 'all',
  meeting: 'prepared',
  bands: 'not_needed',
  ready: true,
  ...more,
});

export const schools: SchoolsShape = {
  schools: [
    {
      id: '2',
      name: 'Alder Elementary',
      classes: [
        klass('7', 'Room 12'),
        klass('8', 'Room 14', { scores: 'most', meeting: 'presented', teachers: ['Lee Osei', 'Mara Lind'] }),
        klass('9', 'Room 1', { grades: ['KG'], scores: 'none', latest: null, meeting: 'none', ready: false }),
        klass('11', 'Room 21', { students: 8, meeting: 'none', bands: 'needs_consent', ready: false }),
        klass('12', 'Room 22', { students: 7, bands: 'allowed' }),
        klass('13', 'Room 23', { students: 5, meeting: 'none', ready: false }),
        klass('10', 'Room 20', { grades: ['03'], scores: 'some', held: true, meeting: 'none', ready: false }),
      ],
      grades: [
        { grade: '02', measure: winter, children: 70, atOrAbove: 44 },
        { grade: '02', measure: fall, children: 68, atOrAbove: 40 },
        { grade: '03', measure: winter, children: 66, atOrAbove: null },
        { grade: 'KG', measure: fall, children: null, atOrAbove: null },
      ],
    },
    { id: '3', name: 'Birch Elementary', classes: [], grades: [] },
  ],
};

/** The leader said yes to room 21. */
export const schoolsAllowing: SchoolsShape = {
  schools: schools.schools.map((school) => ({
    ...school,
    classes: school.classes.map((one) => (one.id === '11' ? { ...one, bands: 'allowed', ready: true } : one)),
  })),
};

const counts = (read: number, more: Partial<Counts> = {}): Counts => ({
  read,
  added: 0,
  changed: 0,
  ended: 0,
  unchanged: read,
  rejected: 0,
  ...more,
});

const applied: RunRow = {
  id: '41',
  source: 'District OneRoster',
  status: 'applied',
  startedAt: '2026-11-23T05:10:00Z',
  finishedAt: '2026-11-23T05:12:00Z',
  totals: counts(18_420, { added: 12, changed: 61, ended: 4, unchanged: 18_344, rejected: 3 }),
  problems: 5,
  heldBecause: [],
};
const held: RunRow = {
  ...applied,
  id: '42',
  source: 'Reading scores',
  status: 'held',
  totals: counts(2_300, { ended: 900, unchanged: 1_400 }),
  problems: 0,
  heldBecause: [{ code: 'too_many_ended', entity: 'results', classSourcedId: null, count: 900, of: 2_300 }],
};

export const sources: SourcesShape = {
  sources: [
    { id: '1', name: 'District OneRoster', kind: 'oneroster-csv', lastRun: applied, lastApplied: '2026-11-23T05:12:00Z' },
    { id: '2', name: 'Reading scores', kind: 'assessment-csv', lastRun: held, lastApplied: '2026-11-20T05:12:00Z' },
    { id: '3', name: 'Family contacts', kind: 'contacts-csv', lastRun: null, lastApplied: null },
  ],
  pending: 3,
};

const [roster] = sources.sources;
if (!roster) throw new Error('the first source is above');

/** By who looks: nothing yet; problems and somebody waiting; all done. */
export const sourcesOf: Record<string, SourcesShape> = {
  newIt: { sources: [], pending: 0 },
  mending: { sources: [roster], pending: 1 },
  done: { sources: [{ ...roster, lastRun: { ...applied, problems: 0 } }], pending: 0 },
};

const row = (id: string, status: RunRow['status']): RunRow => ({ ...applied, id, status, startedAt: `2026-11-${id}T05:10:00Z` });
export const runs: RunRow[] = [
  row('23', 'applied'),
  row('22', 'unchanged'),
  row('21', 'held'),
  row('20', 'failed'),
  row('19', 'rejected'),
  row('18', 'undone'),
  row('17', 'dry-run'),
];

const run = (base: RunRow, more: Partial<RunShape> = {}): RunShape => ({
  ...base,
  entities: {
    orgs: counts(4),
    users: counts(3_120, { added: 8, changed: 40, ended: 2, unchanged: 3_069, rejected: 3 }),
    enrollments: counts(9_800, { added: 4, ended: 2, unchanged: 9_796 }),
    results: counts(5_496, { changed: 21, unchanged: 5_475 }),
  },
  guardians: { linked: 1_872, parentsWithoutChild: 3, childrenWithoutParent: 41 },
  problemGroups: [],
  can: { approve: false, reject: false, undo: false },
  error: null,
  ...more,
});

/** The run page's states, by run id. */
export const runPages: Record<string, RunShape> = {
  '41': run(applied, {
    can: { approve: false, reject: false, undo: true },
    heldBecause: [{ code: 'class_shrunk', entity: 'enrollments', classSourcedId: 'cls-00017', count: 14, of: 22 }],
    problemGroups: [
      {
        entity: 'users',
        severity: 'problem',
        code: 'date_unreadable',
        message: 'The date cannot be read: write it as YYYY-MM-DD.',
        file: 'users.csv',
        field: 'dateLastModified',
        count: 3,
        places: [
          { line: 18, sourcedId: 'stu-000017' },
          { line: 204, sourcedId: 'stu-000201' },
        ],
      },
      {
        entity: 'guardianships',
        severity: 'warning',
        code: 'reference_missing',
        message: 'This row names a student who is not on the roster.',
        file: 'contacts.csv',
        field: null,
        count: 2,
        places: [
          { line: null, sourcedId: 'gua-000071-1' },
          { line: null, sourcedId: null },
        ],
      },
      {
        entity: 'guardianships',
        severity: 'left_out',
        code: 'emergency_contact_excluded',
        message: 'an emergency contact is not a guardian and is not linked to the child',
        file: 'contacts.csv',
        field: 'relation',
        count: 41,
        places: [{ line: 12, sourcedId: null }],
      },
    ],
  }),
  '42': run(held, {
    can: { approve: true, reject: true, undo: false },
    heldBecause: [
      ...held.heldBecause,
      { code: 'too_many_changed', entity: 'users', classSourcedId: null, count: 3_000, of: 3_120 },
      { code: 'zero_rows', entity: 'enrollments', classSourcedId: null, count: 0, of: 9_800 },
      { code: 'incomplete', entity: null, classSourcedId: null, count: 0, of: 0 },
      { code: 'same_as_undone', entity: null, classSourcedId: null, count: 0, of: 0 },
      { code: 'something_new', entity: 'orgs', classSourcedId: null, count: 0, of: 0 },
    ],
  }),
  failed: run(
    { ...applied, id: 'failed', status: 'failed', totals: counts(0), problems: 0 },
    {
      entities: {},
      guardians: null,
      error: {
        code: 'source_unreachable',
        message: 'The folder of this source cannot be opened.',
        hint: 'Check the path, and that the service may read it.',
      },
    },
  ),
  running: run(
    { ...applied, id: 'running', status: 'running', finishedAt: null, totals: counts(0), problems: 0 },
    { entities: {}, guardians: null },
  ),
};

export const platforms: PlatformsShape = {
  platforms: [
    {
      id: '1',
      issuer: 'https://canvas.instructure.com',
      clientId: '10000000000001',
      active: true,
      trustsCustom: true,
      deployments: [
        { key: 'd1', deploymentId: '7:a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4e5f6a1b2', status: 'pending', firstSeen: '2026-11-23T08:00:00Z' },
        { key: 'd2', deploymentId: '1:abcdef', status: 'active', firstSeen: '2026-10-01T08:00:00Z' },
        { key: 'd3', deploymentId: '2:abcdef', status: 'refused', firstSeen: '2026-10-02T08:00:00Z' },
      ],
    },
    { id: '2', issuer: 'https://moodle.willow.example', clientId: 'xQ5', active: false, trustsCustom: false, deployments: [] },
  ],
  invitations: [{ key: 'i1', madeAt: '2026-11-24T08:00:00Z', expiresAt: '2026-11-27T08:00:00Z' }],
  guides: [
    {
      family: 'canvas',
      registers: true,
      says: {
        issuer: 'https://canvas.instructure.com',
        authUrl: 'https://sso.canvaslms.com/api/lti/authorize_redirect',
        tokenUrl: 'https://sso.canvaslms.com/login/oauth2/token',
        jwksUrl: 'https://sso.canvaslms.com/api/lti/security/jwks',
        tokenAudience: null,
        frameOrigins: ['{school}'],
      },
      values: [
        { label: 'JSON URL', value: 'https://aptt.example.org/lti/config/canvas.json' },
        { label: 'Custom Fields', value: 'person_sourcedid=$Person.sourcedId\nclass_sourcedid=$CourseSection.sourcedId' },
      ],
    },
    {
      family: 'moodle',
      registers: true,
      says: {
        issuer: '{school}',
        authUrl: '{school}/mod/lti/auth.php',
        tokenUrl: '{school}/mod/lti/token.php',
        jwksUrl: '{school}/mod/lti/certs.php',
        tokenAudience: null,
        frameOrigins: [],
      },
      values: [{ label: 'Tool URL', value: 'https://aptt.example.org/app/' }],
    },
  ],
};

/** A school's own table: other names, another order, and columns nobody needs. */
export const ownTable = {
  name: 'room-3.csv',
  text: [
    'Homeroom,Pts,Rank,Sheet,Kid No.,Nearly?,When taken,Pupil',
    'Room 3,41,56,a,1001,On track,10/02/2026,Ana Dyer',
    'Room 3,27,31,b,1002,Not yet,10/02/2026,Ben Dyer',
    'Room 3,,,c,1003,,10/02/2026,Cal Dyer',
    '',
  ].join('\n'),
};

export const pending: PendingShape = {
  review: [
    {
      source: 'contacts',
      code: 'no_match',
      entity: 'guardianships',
      count: 12,
      places: ['1001|7', '1002|8', '1003|9', '1004|9', '1005|10'],
      runId: '41',
    },
    { source: 'contacts', code: 'relation_unknown', entity: 'guardianships', count: 1, places: ['contacts.csv:14'], runId: '41' },
    { source: 'sis', code: 'parent_without_child', entity: 'users', count: 2, places: ['mom1', 'mom2'], runId: null },
    {
      source: 'contacts',
      code: 'no_contact_kept',
      entity: 'guardianships',
      count: 1,
      places: ['stu-1 · dad-1 (father, contacts)', '↔ sis'],
      runId: null,
    },
  ],
  pending: [
    {
      id: '1',
      kind: 'person',
      label: 'T. Nguyen',
      platform: 'https://canvas.example',
      because: 'no_match',
      lastSeen: '2026-11-22T14:02:00Z',
    },
    {
      id: '2',
      kind: 'context',
      label: 'Second grade, fall 2026',
      platform: 'https://canvas.example',
      because: 'ambiguous_match',
      lastSeen: '2026-11-22T14:02:00Z',
    },
    {
      id: '3',
      kind: 'mentored',
      label: '7c1e',
      platform: 'https://canvas.example',
      because: 'not_in_class',
      lastSeen: '2026-11-21T14:02:00Z',
    },
    {
      id: '4',
      kind: 'deployment',
      label: '12:8865aa',
      platform: 'https://canvas.example',
      because: 'not_accepted',
      lastSeen: '2026-11-20T14:02:00Z',
    },
  ],
};

const visit = (id: string, more: Partial<LaunchRow>): LaunchRow => ({
  id,
  at: '2026-11-23T14:05:00Z',
  door: 'launch',
  platform: { id: '1', issuer: 'https://canvas.instructure.com' },
  family: 'canvas',
  deployment: '42:8865aa05b4b79b64a91a86042e43af5ea8ae79eb',
  reason: null,
  message: null,
  missing: [],
  mend: null,
  count: 1,
  references: [],
  ...more,
});

export const launches: LaunchesShape = {
  launches: [
    visit('9', { count: 23 }),
    visit('8', { missing: ['class_sourcedid', 'person_sourcedid', 'email'], count: 2 }),
    visit('7', {
      reason: 'deployment_pending',
      message: 'this deployment waits for the district’s administrator',
      mend: 'deployment',
      references: ['4f1c2b77aa'],
    }),
    visit('6', {
      platform: { id: '2', issuer: 'https://moodle.willow.example' },
      family: 'moodle',
      deployment: null,
      reason: 'keys_unreachable',
      message: 'the platform does not hand out its keys',
      mend: 'keys',
      count: 312,
      references: ['0b5e7a91c3', '77d0c1fe02'],
    }),
    visit('5', {
      reason: 'binding_missing',
      message: 'the launch comes without the cookie its login set',
      mend: 'browser',
      deployment: null,
      references: ['aa00bb11cc'],
    }),
    visit('4', {
      door: 'registration',
      platform: null,
      family: 'other',
      deployment: null,
      reason: 'claim_missing',
      message: 'the issuer is missing',
      mend: 'claims',
    }),
  ],
  more: true,
};

const step = (name: ConnectionShape['steps'][number]['step'], more: Partial<ConnectionShape['steps'][number]> = {}) =>
  ({ step: name, state: 'good', code: null, mend: null, at: null, ...more }) as const;

export const connection: ConnectionShape = {
  issuer: 'https://canvas.instructure.com',
  family: 'canvas',
  missing: ['class_sourcedid', 'email'],
  steps: [
    step('registration'),
    step('keys', { state: 'bad', code: 'keys_unreachable', mend: 'keys' }),
    step('deployment'),
    step('login', { at: '2026-11-23T14:05:00Z' }),
    step('launch', { state: 'bad', code: 'claim_missing', mend: 'claims', at: '2026-11-23T14:05:00Z' }),
    step('token', { state: 'bad', code: 'platform_token_refused', mend: 'claims' }),
    step('roster', { state: 'waiting' }),
    step('grades', { state: 'waiting' }),
  ],
};
