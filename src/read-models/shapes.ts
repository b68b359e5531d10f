/**
 * What each screen is given: the whole of what the server tells a page. Types only; the web imports nothing else of the server.
 * Ids are opaque strings. Times are ISO 8601 UTC; dates YYYY-MM-DD in the school's time zone. Scores are plain numbers in the assessment's unit.
 * Words are composed by the page in the reader's language: the server sends facts.
 */

export type Role = 'teacher' | 'guardian' | 'student' | 'leader' | 'it';

/** GET /api/me */
export type MeShape = {
  name: string;
  district: string;
  /** What this session may be, in the order its doors are shown. Empty: nothing matched yet. */
  roles: Role[];
  /** BCP 47 from the launch; the page falls back to the browser's. */
  locale: string | null;
  /** The class of the course this launch came from, when it is connected and theirs. */
  classId: string | null;
  /** That class's meeting under preparation. */
  meetingId: string | null;
  /**
   * Why there is nothing to show yet. `mentor_without_children`: the platform named none of this parent's children, or none we know.
   * `course_being_read`: their first launch from this course has its members read: ask again in a moment.
   */
  waiting: 'person_not_matched' | 'course_being_read' | 'mentor_without_children' | null;
};

/** GET /api/classes (teacher) */
export type ClassListShape = {
  classes: { id: string; title: string; school: string; grades: string[]; students: number; latest: MeasureRef | null; scored: number }[];
  /** The launching course is not yet connected: the teacher picks one of their own classes. POST /api/connect {classId}. */
  connect: { contextTitle: string; candidates: { id: string; title: string; students: number }[] } | null;
};

/** One administration of one assessment. */
export type MeasureRef = {
  /** The line item's id. */
  id: string;
  title: string;
  subject: string | null;
  /** In family words, e.g. "words read correctly in one minute". */
  skill: string | null;
  /** Plural, lower case, e.g. "words"; null: points. */
  unit: string | null;
  /** Words that stand for scores, lowest first, each from a score on: "1 A", "2 B". Absent or null: scores are numbers. */
  levels?: string[] | null;
  window: string | null;
  /** First and last day children were scored; null when no score carries a date. */
  from: string | null;
  to: string | null;
};

export type Person = { givenName: string; familyName: string };

/** GET /api/classes/:id?measure=ID (teacher) */
export type ClassShape = {
  id: string;
  title: string;
  school: string;
  grades: string[];
  teachers: Person[];
  students: number;
  roster: {
    /** When the roster was last confirmed by its source. */
    asOf: string;
    sourceName: string;
    /** The class stands on yesterday's data: it lost too many children at once. */
    held: { since: string } | null;
    arrivedLately: (Person & { on: string })[];
    leftLately: (Person & { on: string })[];
  };
  measures: MeasureRef[];
  /** The chosen measure; null when the class has no scores at all. */
  measure: {
    ref: MeasureRef;
    /** What it measures, as codes that teachers know, e.g. `RF.1.3`. */
    objectives: string[];
    scoresAsOf: string | null;
    missing: Person[];
    chart: ChartShape;
    growth: GrowthShape | null;
  } | null;
  /** Children by their goals, in whatever skill: those who work on one; of the others, those who met all of theirs, and those whose day has passed. */
  goals: { open: number; met: number; past: number };
  /** The meeting under preparation or last presented for this measure. POST /api/classes/:id/meetings {measureId} makes the next one. */
  meeting: { id: string; presentedAt: string | null } | null;
};

/** Everything a chart may know. Built under the display policy: what must not be seen is not here. */
export type ChartShape = {
  display: 'marks' | 'bands' | 'none';
  /** Why no marks: `too_few` (5 or fewer) · `needs_consent` (6–9, leader's consent missing) · `no_scores`. */
  because: 'too_few' | 'needs_consent' | 'no_scores' | null;
  scale: { min: number; max: number };
  benchmark: { value: number; source: string | null; asOf: string | null } | null;
  /** Children with a score shown here (opt-outs and missing are not). */
  n: number;
  missing: number;
  optedOut: number;
  /** In random order. number null: no meeting yet, so no numbers drawn. `last`: last time's value under the same number; absent from all when hidden. */
  marks: Mark[];
  /** Each holds `from` and ends before `to`; the outermost also hold what lies beyond. */
  bands: { from: number; to: number; count: number }[];
  /** At or above the benchmark; null without a benchmark, below 10 children only as the display policy allows. */
  atOrAbove: { count: number; of: number } | null;
  /** Of the values as drawn, so that it gives no coded one away; null below 10 children, and for guardians. */
  average: number | null;
  /** The lowest or highest values are drawn together (top/bottom-coded). */
  coded: Coded;
  /** So are those of last time, for themselves. */
  codedLast: Coded;
};

/** What stands at `bottom` is that or less, at `top` that or more; null: nothing is drawn together there. */
export type Coded = { bottom: number | null; top: number | null };

export type Mark = { number: number | null; value: number; last: number | null };

/** Only children scored both times. Null when fewer than 10. */
export type GrowthShape = {
  since: MeasureRef;
  n: number;
  grew: number;
  same: number;
  averageBefore: number;
  averageNow: number;
  atOrAboveBefore: number | null;
  atOrAboveNow: number | null;
};

/** A six-week goal as it stands. */
export type GoalShape = {
  id: string;
  baseline: number;
  baselineOn: string;
  target: number;
  dueOn: string;
  /** The day of the first score that reached it; null: not yet. */
  metOn: string | null;
};

/** The newest score of a skill. */
export type Standing = { value: number; on: string | null };

/**
 * GET /api/classes/:id/goals?measure=ID (teacher): the goals of one skill, by name. POST … {measureId, goals: [{childId, target, dueOn, reason}]}
 * → {goalIds} sets some, POST …/take-back {goalIds} ends them, POST …/:goal {target, dueOn, reason} changes one.
 */
export type ClassGoalsShape = {
  id: string;
  title: string;
  school: string;
  /** The newest administration of each assessment goals can be set for: those that are given more than once. */
  measures: MeasureRef[];
  measure: MeasureRef | null;
  scale: { min: number | null; max: number | null };
  /** When a goal set today is due. */
  dueOn: string;
  children: GoalChild[];
  /** The courses this class is opened from. POST /api/classes/:id/goal-columns/:course {wish}. */
  columns: GoalColumn[];
};

/** "APTT goal met" in a course's grade book. */
export type GoalColumn = {
  id: string;
  course: string | null;
  /** The platform's host. */
  platform: string;
  /** Its last launch offered all that is needed to write there. */
  granted: boolean;
  /** `removed`: the column is to go. */
  wish: 'on' | 'off' | 'removed';
  /** What was wished last has not been tried yet. */
  pending: boolean;
  /** A column of ours stands there. */
  made: boolean;
  /** Children with a 1. */
  posted: number;
  /** Children who met a goal and were not found in the course. */
  unknown: number;
  /** When all was there that should be. */
  doneAt: string | null;
  /** Why the last try came to nothing. */
  code: string | null;
};

export type GoalChild = Person & {
  id: string;
  /** Null: no score, so no goal yet. */
  now: Standing | null;
  /** `why`: what the teacher said at its last change. */
  goal: (GoalShape & { why: string | null }) | null;
  /** Where no goal is being worked on. `own`: no benchmark to go by. `next_skill`: this one is learnt. */
  suggestion: { kind: 'goal' | 'stretch' | 'own' | 'next_skill'; target: number | null } | null;
};

/** GET /api/meetings/:id (teacher): the room before presenting; no child's data. */
export type MeetingShape = {
  id: string;
  classId: string;
  classTitle: string;
  measure: MeasureRef;
  presentedAt: string | null;
  /** When the numbers are destroyed; null where none are drawn. */
  numbersExpireAt: string | null;
  numbersDrawn: number;
  preflight: Preflight[];
  canPresent: boolean;
};

/** `fails` refuses presenting; `warns` tells the teacher. The page words each code. `count` where one helps. */
export type Preflight = {
  code:
    | 'enough_children'
    | 'bands_consent'
    | 'numbers_drawn'
    | 'numbers_fresh'
    | 'pool_wide_enough'
    | 'everyone_above'
    | 'everyone_below'
    | 'history_hidden'
    | 'scores_missing'
    | 'arrivals_without_number'
    | 'scores_stale'
    | 'benchmark_known'
    | 'class_held';
  outcome: 'passes' | 'warns' | 'fails';
  count: number | null;
};

/** GET /api/meetings/:id/marks, the presenting endpoint (the projector): numbers and values, and nothing else, by construction. */
export type PresentShape = {
  n: number;
  min: number;
  max: number;
  benchmark: number | null;
  /** Null when the display policy hides it. */
  atOrAbove: number | null;
  /** Empty when bands are shown. `last` null: hidden. */
  marks: { number: number; value: number; last: number | null }[];
  bands: { from: number; to: number; count: number }[];
  /** As in a chart: the values that stand for those beyond them too. */
  coded: Coded;
  codedLast: Coded;
  /** Of the children scored both times, by their true scores: what is drawn together cannot tell. Null below 10, and where `last` is hidden. */
  grew: { grew: number; of: number } | null;
};

/** GET /api/children (guardian) */
export type ChildrenShape = { children: { id: string; givenName: string; school: string; grade: string | null }[] };

/** GET /api/children/:id (guardian) */
export type ChildShape = {
  id: string;
  givenName: string;
  school: string;
  grade: string | null;
  /** The mark is off the class picture: a guardian wants it so. */
  optedOut: boolean;
  optedOutByYou: boolean;
  measures: ChildMeasure[];
  /** What the child works on; also where its scores are no longer here. */
  goals: ChildGoal[];
};

export type ChildGoal = GoalShape & { measure: MeasureRef; now: Standing | null };

export type ChildMeasure = {
  ref: MeasureRef;
  scale: { min: number; max: number };
  benchmark: number | null;
  /** The child's own scores over time, oldest first; the last one is this measure's. value null: not scored yet. */
  own: { window: string | null; on: string | null; value: number | null }[];
  /** Of how many in a hundred children who take this test the newest score is higher, as its maker says. */
  percentile?: number | null;
  asOf: string | null;
  /** Today's class picture; null when no meeting's numbers are alive or the display policy shows none. */
  today: {
    number: number | null;
    chart: ChartShape;
  } | null;
};

/** GET /api/schools (leader): aggregates only. */
export type SchoolsShape = {
  schools: {
    id: string;
    name: string;
    classes: {
      id: string;
      title: string;
      grades: string[];
      teachers: string[];
      students: number;
      rosterAsOf: string;
      held: boolean;
      latest: MeasureRef | null;
      /** Share of children scored, in words by the page: all · most (≥ 80 %) · some · none. */
      scores: 'all' | 'most' | 'some' | 'none';
      meeting: 'none' | 'prepared' | 'presented';
      /** A small class is shown in bands, once the leader allows it: POST /api/classes/:id/band-consent {allowed}. */
      bands: 'not_needed' | 'needs_consent' | 'allowed';
      ready: boolean;
    }[];
    /** By grade, youngest first, and measure, newest first; cells under 10 are null, and so is what would give them away. */
    grades: { grade: string; measure: MeasureRef; children: number | null; atOrAbove: number | null }[];
  }[];
};

/** GET /api/sync/sources (it) */
export type SourcesShape = {
  sources: { id: string; name: string; kind: string; lastRun: RunRow | null; lastApplied: string | null }[];
  pending: number;
};

export type RunStatus = 'running' | 'applied' | 'unchanged' | 'held' | 'failed' | 'rejected' | 'undone' | 'dry-run';

export type Counts = { read: number; added: number; changed: number; ended: number; unchanged: number; rejected: number };

export type HeldBecause = {
  /** `too_many_ended` · `too_many_changed` · `zero_rows` · `incomplete` · `class_shrunk` · `same_as_undone` */
  code: string;
  entity: string | null;
  /** The class, for `class_shrunk`. */
  classSourcedId: string | null;
  count: number;
  of: number;
};

export type RunRow = {
  id: string;
  source: string;
  status: RunStatus;
  startedAt: string;
  finishedAt: string | null;
  totals: Counts;
  problems: number;
  heldBecause: HeldBecause[];
};

/** GET /api/sync/runs?source=ID (it), newest first, 50 a page (?before=ID) */
export type RunsShape = { runs: RunRow[]; more: boolean };

/** GET /api/sync/runs/:id (it). POST …/approve, …/reject, …/undo. */
export type RunShape = RunRow & {
  entities: Record<string, Counts>;
  guardians: { linked: number; parentsWithoutChild: number; childrenWithoutParent: number } | null;
  /** Grouped: the same code in the same file and field, with the first few places. */
  problemGroups: {
    entity: string;
    /** `left_out`: on purpose, nothing to mend. */
    severity: 'warning' | 'problem' | 'left_out';
    code: string;
    message: string;
    file: string | null;
    field: string | null;
    count: number;
    places: { line: number | null; sourcedId: string | null }[];
  }[];
  can: { approve: boolean; reject: boolean; undo: boolean };
  error: { code: string; message: string; hint: string | null } | null;
};

/** GET /api/pending (it). POST /api/pending/:id {sourcedId} settles it; {dismiss: true} puts it aside, {accept: true} lets a deployment in. */
export type PendingShape = {
  pending: {
    id: string;
    kind: 'person' | 'context' | 'mentored' | 'deployment';
    label: string;
    platform: string;
    because: string;
    lastSeen: string;
  }[];
  review: ReviewRow[];
};

/** Rows and people of a source that no rule could settle. */
export type ReviewRow = {
  source: string;
  code: string;
  entity: string;
  count: number;
  /** The first few, by id, or by file and line. */
  places: string[];
  /** Where to read on. */
  runId: string | null;
};

/** A column's header, or one text for every row. */
export type MappingField = string | { constant: string };

/** GET /api/sync/sources/:id/mapping (it), of an assessment source. POST …/try {mapping, columns} tries others, POST … keeps them, POST …/dry-run → {runId}. POST /api/sync/sources/:id/files/NAME, the file itself → the same shape. */
export type MappingShape = {
  source: { id: string; name: string };
  /** auto · generic · a vendor. */
  mapping: string;
  vendors: string[];
  columns: {
    student?: string | undefined;
    date?: string | undefined;
    window?: MappingField | undefined;
    schoolYear?: MappingField | undefined;
    subject?: MappingField | undefined;
    skill?: MappingField | undefined;
    unit?: MappingField | undefined;
    measures: {
      title?: MappingField | undefined;
      score?: string | undefined;
      level?: string | undefined;
      percentile?: string | undefined;
    }[];
  };
  files: { name: string; columns: string[]; readAs: string | null }[];
  /** Another file may be handed over. */
  takesFiles: boolean;
  ok: boolean;
  findings: { ok: boolean; text: string; hint: string | null }[];
  /** The first few, by id. */
  scores: {
    student: string;
    title: string;
    window: string | null;
    score: number | null;
    level: string | null;
    percentile: number | null;
    date: string | null;
  }[];
};

/** GET /api/launches?refused=1&reference=REF&before=ID (it), newest first, 50 a page. Equal visits of one minute are one row. */
export type LaunchesShape = { launches: LaunchRow[]; more: boolean };

export type LaunchRow = {
  id: string;
  /** The minute. */
  at: string;
  door: 'login' | 'launch' | 'registration' | 'notice' | 'grades';
  platform: { id: string; issuer: string } | null;
  family: PlatformFamily;
  deployment: string | null;
  /** A stable code; null: accepted. */
  reason: string | null;
  /** What did not hold, in English, as in the log; never a value. */
  message: string | null;
  /** What an accepted launch did not say, and we could use. */
  missing: string[];
  /** What has to be mended; null: nothing, or nothing on the platform. */
  mend: MendTopic | null;
  count: number;
  /** What people were shown: the first few of the minute. */
  references: string[];
};

export type PlatformFamily = 'canvas' | 'moodle' | 'brightspace' | 'blackboard' | 'schoology' | 'other';
export type MendTopic =
  | 'address'
  | 'again'
  | 'browser'
  | 'claims'
  | 'client'
  | 'clock'
  | 'deployment'
  | 'inactive'
  | 'keys'
  | 'register'
  | 'services'
  | 'watch';

/** GET /api/platforms (it). POST /api/platforms NewPlatform. POST /api/platforms/:id {active} or {trustsCustom}; a deployment is accepted, or put aside, like anything pending: POST /api/pending/:key. */
export type PlatformsShape = {
  platforms: {
    id: string;
    issuer: string;
    clientId: string;
    active: boolean;
    /** Its custom parameters may say who people are. */
    trustsCustom: boolean;
    /** Those that wait first. */
    deployments: { key: string; deploymentId: string; status: 'active' | 'pending' | 'refused'; firstSeen: string }[];
  }[];
  /** Links that still attach a platform. POST /api/platforms/invitations/:key withdraws one. */
  invitations: { key: string; madeAt: string; expiresAt: string }[];
  /** What to paste where; a label is the platform's own name of the field, in English. `registers`: an invitation link does it all. */
  guides: {
    family: 'canvas' | 'moodle' | 'brightspace' | 'blackboard' | 'schoology';
    registers: boolean;
    values: { label: string; value: string }[];
    /** What the platform says of itself; `{school}` stands for its own address, `{client}` for the client id. */
    says: PlatformAddresses;
  }[];
};

export type PlatformAddresses = {
  issuer: string;
  authUrl: string;
  tokenUrl: string;
  jwksUrl: string;
  /** What it wants to be called when a token is asked for; null: its token address. */
  tokenAudience: string | null;
  /** Other places that show the tool in a frame. */
  frameOrigins: string[];
};

/** A registration entered by hand; its deployments are accepted. */
export type NewPlatform = PlatformAddresses & { clientId: string; deploymentIds: string[] };

/** POST /api/platforms/:id/test (it): one registration walked through, step by step. */
export type ConnectionShape = {
  issuer: string;
  family: PlatformFamily;
  steps: {
    step: 'registration' | 'keys' | 'deployment' | 'login' | 'launch' | 'token' | 'roster' | 'grades';
    /** `waiting`: nobody came yet who could show it, or the platform does not offer it. */
    state: 'good' | 'bad' | 'waiting';
    code: string | null;
    mend: MendTopic | null;
    /** The minute of the visit that showed it. */
    at: string | null;
  }[];
  /** What the last launch did not say. */
  missing: string[];
};

/** POST /api/platforms/invitations (it): shown once. */
export type InvitationShape = { url: string; expiresAt: string };

/** Every error answer (RFC 9457, application/problem+json). `hint` is what the person can do; `field`, of what was sent, what it is about. */
export type ProblemShape = { type: string; title: string; status: number; code: string; detail: string; hint?: string; field?: string };
