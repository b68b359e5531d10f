/** Address → question to the server → screen. The only place that knows both; screens take a shape and say what they want done. */
import type {
  ChildrenShape,
  ChildShape,
  ClassGoalsShape,
  ClassListShape,
  ClassShape,
  ConnectionShape,
  InvitationShape,
  LaunchesShape,
  MappingShape,
  MeetingShape,
  MeShape,
  NewPlatform,
  PendingShape,
  PlatformsShape,
  PresentShape,
  RunShape,
  RunsShape,
  SchoolsShape,
  SourcesShape,
} from '../read-models/shapes.ts';
import { handOver, send } from './api.ts';
import { isOnTheWay, roleOf } from './doors.ts';
import type { NewGoal } from './parts/GoalRow.tsx';
import { Lazy } from './parts/Lazy.tsx';
import { Loaded } from './parts/Loaded.tsx';
import { go, type Route } from './route.ts';
import { Child } from './screens/Child.tsx';
import { Children } from './screens/Children.tsx';
import { Class } from './screens/Class.tsx';
import { Classes } from './screens/Classes.tsx';
import { KindPage } from './screens/KindPage.tsx';
import type { Chosen } from './screens/Mapping.tsx';

const meeting = async () => (await import('./screens/Meeting.tsx')).Meeting;
const goals = async () => (await import('./screens/Goals.tsx')).Goals;
const classSheets = async () => (await import('./screens/GoalSheets.tsx')).ClassSheets;
const childSheet = async () => (await import('./screens/GoalSheets.tsx')).ChildSheet;
const present = async () => (await import('./screens/Present.tsx')).Present;
const schools = async () => (await import('./screens/Schools.tsx')).Schools;
const sources = async () => (await import('./screens/Sources.tsx')).Sources;
const runs = async () => (await import('./screens/Runs.tsx')).Runs;
const run = async () => (await import('./screens/Run.tsx')).Run;
const launches = async () => (await import('./screens/Launches.tsx')).Launches;
const connection = async () => (await import('./screens/Connection.tsx')).Connection;
const platforms = async () => (await import('./screens/Platforms.tsx')).Platforms;
const mapping = async () => (await import('./screens/Mapping.tsx')).Mapping;
const pending = async () => (await import('./screens/Pending.tsx')).Pending;

export function Screen({ me, route }: { me: MeShape; route: Route }) {
  const role = roleOf(route);
  if (me.roles.length === 0) return <KindPage kind={me.waiting ?? 'person_not_matched'} />;
  if (isOnTheWay(route)) return null;
  if (!role || !me.roles.includes(role)) return <KindPage kind="notHere" />;
  const [room = '', id] = route.path;
  if (role === 'teacher') return <Teacher room={room} id={id} route={route} />;
  if (role === 'guardian') return <Guardian id={id} sheet={room === 'sheets' || route.path[2] === 'sheet'} />;
  if (role === 'leader') return <Leader />;
  if (role === 'it') return <Office room={id} id={route.path[2]} query={route.query} />;
  return <KindPage kind="student" />;
}

const seg = encodeURIComponent;

function Teacher({ room, id, route }: { room: string; id: string | undefined; route: Route }) {
  if (room === 'meetings' && id) return <MeetingRoom id={id} />;
  if (room === 'present' && id) return <PresentRoom id={id} rehearsal={route.path[2] === 'rehearsal'} />;
  if (id && (route.path[2] === 'goals' || route.path[2] === 'sheets')) {
    return <GoalRoom key={id} id={id} measure={route.query.get('measure')} sheets={route.path[2] === 'sheets'} />;
  }
  if (id) return <ClassRoom key={id} id={id} measure={route.query.get('measure')} />;
  return (
    <Loaded<ClassListShape> key="classes" path="/api/classes" outline="cards">
      {(shape) => (
        <Classes
          shape={shape}
          onConnect={async (classId) => {
            await send('/api/connect', { classId });
            go(`#/classes/${seg(classId)}`);
          }}
        />
      )}
    </Loaded>
  );
}

function ClassRoom({ id, measure }: { id: string; measure: string | null }) {
  return (
    <Loaded<ClassShape> path={`/api/classes/${seg(id)}${measure ? `?measure=${seg(measure)}` : ''}`} outline="dashboard">
      {(shape) => (
        <Class
          shape={shape}
          onMeasure={(chosen) => go(`#/classes/${seg(id)}?measure=${seg(chosen)}`)}
          onPrepare={async (measureId) => {
            const prepared = await send<{ id: string }>(`/api/classes/${seg(id)}/meetings`, { measureId });
            go(`#/meetings/${seg(prepared.id)}`);
          }}
        />
      )}
    </Loaded>
  );
}

function GoalRoom({ id, measure, sheets }: { id: string; measure: string | null; sheets: boolean }) {
  const path = `/api/classes/${seg(id)}/goals`;
  return (
    <Loaded<ClassGoalsShape>
      path={`${path}${measure ? `?measure=${seg(measure)}` : ''}`}
      outline="list"
      again={{ every: everyTwoSeconds, slower: true, while: (shape) => shape.columns.some((column) => column.pending) }}
    >
      {(shape, reload) =>
        sheets ? (
          <Lazy key="sheets" load={classSheets} props={{ shape }} />
        ) : (
          <Lazy
            key="goals"
            load={goals}
            props={{
              shape,
              onMeasure: (chosen: string) => go(`#/classes/${seg(id)}/goals?measure=${seg(chosen)}`),
              onSet: async (wanted: NewGoal[]) => {
                const { goalIds } = await send<{ goalIds: string[] }>(path, { measureId: shape.measure?.id, goals: wanted });
                await reload();
                return goalIds;
              },
              onChange: async (goalId: string, change: object) => {
                await send(`${path}/${seg(goalId)}`, change);
                await reload();
              },
              onTakeBack: async (goalIds: string[]) => {
                await send(`${path}/take-back`, { goalIds });
                await reload();
              },
              onWish: async (course: string, wish: string) => {
                await send(`/api/classes/${seg(id)}/goal-columns/${seg(course)}`, { wish });
                await reload();
              },
            }}
          />
        )
      }
    </Loaded>
  );
}

function MeetingRoom({ id }: { id: string }) {
  const path = `/api/meetings/${seg(id)}`;
  return (
    <Loaded<MeetingShape> key={path} path={path} outline="list">
      {(shape, reload) => (
        <Lazy
          load={meeting}
          props={{
            shape,
            onRedraw: async () => {
              await send(`${path}/redraw`);
              await reload();
            },
            onCancel: async () => {
              await send(`${path}/cancel`);
              go(`#/classes/${seg(shape.classId)}?measure=${seg(shape.measure.id)}`, true);
            },
            onPresent: async () => {
              await send(`${path}/present`);
              go(`#/present/${seg(id)}`);
            },
            onRehearse: () => go(`#/present/${seg(id)}/rehearsal`),
          }}
        />
      )}
    </Loaded>
  );
}

function PresentRoom({ id, rehearsal }: { id: string; rehearsal: boolean }) {
  const path = `/api/meetings/${seg(id)}`;
  return (
    <Loaded<MeetingShape> key={path} path={path} outline="dashboard">
      {({ measure }) => (
        <Loaded<PresentShape> path={`${path}/${rehearsal ? 'rehearsal' : 'marks'}`} outline="dashboard">
          {(shape) => <Lazy load={present} props={{ shape, measure, rehearsal, onLeave: () => go(`#/meetings/${seg(id)}`) }} />}
        </Loaded>
      )}
    </Loaded>
  );
}

function Guardian({ id, sheet }: { id: string | undefined; sheet: boolean }) {
  if (!id) {
    return (
      <Loaded<ChildrenShape> key="children" path="/api/children" outline="cards">
        {(shape) => <Children shape={shape} sheets={sheet} />}
      </Loaded>
    );
  }
  const path = `/api/children/${seg(id)}`;
  return (
    <Loaded<ChildShape> key={path} path={path} outline="dashboard">
      {(shape, reload) =>
        sheet ? (
          <Lazy load={childSheet} props={{ shape }} />
        ) : (
          <Child
            shape={shape}
            onOptOut={async (out) => {
              await send(`${path}/opt-out`, { out });
              await reload();
            }}
          />
        )
      }
    </Loaded>
  );
}

function Leader() {
  return (
    <Loaded<SchoolsShape> key="schools" path="/api/schools" outline="list">
      {(shape, reload) => (
        <Lazy
          load={schools}
          props={{
            shape,
            onBands: async (classId: string, allowed: boolean) => {
              await send(`/api/classes/${seg(classId)}/band-consent`, { allowed });
              await reload();
            },
          }}
        />
      )}
    </Loaded>
  );
}

/** A run under way is asked after every two seconds. */
const everyTwoSeconds = 2000;

function Office({ room, id, query }: { room: string | undefined; id: string | undefined; query: URLSearchParams }) {
  if (room === 'mapping' && id) return <MappingRoom id={id} />;
  if (room === 'sources' && id) return <RunList source={id} before={query.get('before')} />;
  if (room === 'launches') return <LaunchDiary query={query} />;
  if (room === 'runs' && id) return <RunRoom id={id} />;
  if (room === 'platforms' && id) return <ConnectionRoom key={id} id={id} />;
  if (room === 'platforms') return <PlatformRoom />;
  if (room === 'pending') return <PendingRoom />;
  return (
    <Loaded<SourcesShape>
      key="sources"
      path="/api/sync/sources"
      outline="cards"
      again={{ every: everyTwoSeconds, while: (shape) => shape.sources.some((source) => source.lastRun?.status === 'running') }}
    >
      {(shape) => <Lazy load={sources} props={{ shape }} />}
    </Loaded>
  );
}

function RunList({ source, before }: { source: string; before: string | null }) {
  const path = `/api/sync/runs?source=${seg(source)}${before ? `&before=${seg(before)}` : ''}`;
  return (
    <Loaded<RunsShape> key={path} path={path} outline="list">
      {(shape) => <Lazy load={runs} props={{ shape, older: (last: string) => `#/sync/sources/${seg(source)}?before=${seg(last)}` }} />}
    </Loaded>
  );
}

function LaunchDiary({ query }: { query: URLSearchParams }) {
  const asked = { refused: query.has('refused'), reference: query.get('reference') ?? '' };
  const address = ({ refused, reference }: typeof asked, before: string | null = null) => {
    const said = new URLSearchParams({ ...(refused && { refused: '1' }), ...(reference && { reference }), ...(before && { before }) });
    return said.size > 0 ? `?${said}` : '';
  };
  const path = `/api/launches${address(asked, query.get('before'))}`;
  return (
    <Loaded<LaunchesShape> key={path} path={path} outline="list">
      {(shape) => (
        <Lazy
          load={launches}
          props={{
            shape,
            asked,
            onAsk: (next: typeof asked) => go(`#/sync/launches${address(next)}`),
            older: (last: string) => `#/sync/launches${address(asked, last)}`,
          }}
        />
      )}
    </Loaded>
  );
}

function RunRoom({ id }: { id: string }) {
  const path = `/api/sync/runs/${seg(id)}`;
  return (
    <Loaded<RunShape>
      key={path}
      path={path}
      outline="dashboard"
      again={{ every: everyTwoSeconds, while: (shape) => shape.status === 'running' }}
    >
      {(shape, reload) => (
        <Lazy
          load={run}
          props={{
            shape,
            onDecide: async (decision: 'approve' | 'reject' | 'undo') => {
              await send(`${path}/${decision}`);
              await reload();
            },
          }}
        />
      )}
    </Loaded>
  );
}

function ConnectionRoom({ id }: { id: string }) {
  return <Lazy load={connection} props={{ onTest: () => send<ConnectionShape>(`/api/platforms/${seg(id)}/test`) }} />;
}

function PlatformRoom() {
  return (
    <Loaded<PlatformsShape> key="platforms" path="/api/platforms" outline="cards">
      {(shape, reload) => (
        <Lazy
          load={platforms}
          props={{
            shape,
            onInvite: async () => {
              const made = await send<InvitationShape>('/api/platforms/invitations');
              await reload();
              return made;
            },
            onWithdraw: async (key: string) => {
              await send(`/api/platforms/invitations/${seg(key)}`);
              await reload();
            },
            onAdd: async (platform: NewPlatform) => {
              await send('/api/platforms', platform);
              await reload();
            },
            onChange: async (id: string, change: object) => {
              await send(`/api/platforms/${seg(id)}`, change);
              await reload();
            },
            onDecide: async (key: string, accepted: boolean) => {
              await send(`/api/pending/${seg(key)}`, accepted ? { accept: true } : { dismiss: true });
              await reload();
            },
          }}
        />
      )}
    </Loaded>
  );
}

function MappingRoom({ id }: { id: string }) {
  const source = `/api/sync/sources/${seg(id)}`;
  const path = `${source}/mapping`;
  return (
    <Loaded<MappingShape> key={path} path={path} outline="list">
      {(shape) => (
        <Lazy
          load={mapping}
          props={{
            shape,
            onFile: (file: File) => handOver<MappingShape>(`${source}/files`, file),
            onTry: (chosen: Chosen) => send<MappingShape>(`${path}/try`, chosen),
            onDryRun: async (chosen: Chosen) => go(`#/sync/runs/${seg((await send<{ runId: string }>(`${path}/dry-run`, chosen)).runId)}`),
            onSave: async (chosen: Chosen) => {
              await send(path, chosen);
            },
          }}
        />
      )}
    </Loaded>
  );
}

function PendingRoom() {
  return (
    <Loaded<PendingShape> key="pending" path="/api/pending" outline="list">
      {(shape, reload) => (
        <Lazy
          load={pending}
          props={{
            shape,
            onSettle: async (id: string, answer: { sourcedId: string } | { accept: true } | { dismiss: true }) => {
              await send(`/api/pending/${seg(id)}`, answer);
              await reload();
            },
          }}
        />
      )}
    </Loaded>
  );
}
