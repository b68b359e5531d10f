/** A real district's files, from its systems to a teacher's and a parent's screen (where the files are at hand; they are not ours to ship). */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { addPlatform } from '../../lti/platforms.ts';
import { type Platform, startPlatform } from '../../src/demo/platform.ts';
import { type Service, startService } from '../../src/main.ts';
import type { RunReport } from '../../src/sync/report.ts';
import { syncSource } from '../../src/sync/run.ts';
import { addSource } from '../../src/sync/sources.ts';
import { joinedScores } from '../connectors/grand-bend.ts';
import { describeInBrowser, openBrowser } from '../setup/browser.ts';
import { freshDatabase, newDistrict } from '../setup/database.ts';
import { folder } from '../sync/feed.ts';
import { writeOneRoster } from './grand-bend-files.ts';

const data = fileURLToPath(new URL('../../../shared/data/grand-bend/', import.meta.url));
/** A folder for pictures of the pages, for people who want to look. */
const pictures = process.env.APTT_TEST_PICTURES;

const there = existsSync(data);
if (!there) test.skip('the Grand Bend files are not at hand', () => {});

(there ? describeInBrowser : describe.skip)('Grand Bend', () => {
  const path = folder();
  let db: Awaited<ReturnType<typeof freshDatabase>>;
  let district: number;
  let service: Service;
  let platform: Platform;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  const reports: Record<string, RunReport> = {};
  let cast: Awaited<ReturnType<typeof people>>;

  beforeAll(async () => {
    db = await freshDatabase();
    district = await newDistrict(db, 'grand-bend');
    mkdirSync(join(path, 'sis'));
    writeOneRoster(join(data, 'oneroster-1.2'), join(path, 'sis'));
    const { text, settings } = joinedScores(data);
    writeFileSync(join(path, 'scores.csv'), text);
    const benchmarks = [
      'assessment,grade,window,value,source,asOf',
      '3rd-grade-math,03,,6,District goal (for this test),2021-09-01',
      '3rd-grade-reading,03,,6,District goal (for this test),2021-09-01',
    ];
    writeFileSync(join(path, 'benchmarks.csv'), `${benchmarks.join('\n')}\n`);
    const sources = [
      { name: 'sis', kind: 'oneroster-csv', settings: { path: join(path, 'sis') } },
      { name: 'contacts', kind: 'contacts-csv', settings: { path: join(data, 'contacts.csv') } },
      {
        name: 'scores',
        kind: 'assessment-csv',
        settings: { ...settings, path: join(path, 'scores.csv'), benchmarks: join(path, 'benchmarks.csv') },
      },
    ];
    for (const source of sources)
      reports[source.name] = await syncSource(db, district, await addSource(db, district, source), { actor: 'test' });
    cast = await people();
    service = await startService({ db, url: '', port: 0, secret: 'a secret of at least thirty-two characters', log: 'error' });
    platform = await startPlatform({
      tool: { loginUrl: `${service.url}/lti/login`, targetLinkUri: `${service.url}/app/` },
      people: [
        {
          key: 'teacher',
          sub: 't',
          givenName: 'T',
          familyName: 'T',
          locale: 'en',
          lisPersonSourcedId: cast.teacher,
          roles: ['instructor'],
        },
        {
          key: 'parent',
          sub: 'p',
          givenName: 'P',
          familyName: 'P',
          locale: 'es',
          lisPersonSourcedId: cast.parent,
          roles: ['mentor'],
          mentors: [{ sub: 'c', sourcedId: cast.child }],
        },
      ],
      courses: [
        { key: 'c', id: 'c-1', title: 'Third grade', sectionSourcedId: cast.klass, members: [{ person: 'teacher' }, { person: 'parent' }] },
      ],
    });
    await addPlatform(db, district, { ...platform, deploymentIds: [platform.deploymentId], trustCustom: true });
    browser = await openBrowser();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await platform?.close();
    await service?.close();
    await db?.close();
    rmSync(path, { recursive: true, force: true });
  });

  /** The third-grade class with the most scored children, its teacher, and one of its families. */
  async function people() {
    const [row] = await db.inDistrict(
      district,
      (tx) => tx<{ id: number; klass: string; teacher: string; child: string; parent: string }[]>`
        SELECT c.id, c.sourced_id AS klass,
          (SELECT u.sourced_id FROM enrollment e JOIN "user" u ON u.id = e.user_id WHERE e.class_id = c.id AND e.role = 'teacher' LIMIT 1) AS teacher,
          min(u.sourced_id) AS child,
          (SELECT g.sourced_id FROM guardianship l JOIN "user" g ON g.id = l.guardian_id JOIN "user" k ON k.id = l.student_id
            WHERE k.sourced_id = min(u.sourced_id) ORDER BY l.is_primary DESC LIMIT 1) AS parent
        FROM class c JOIN enrollment e ON e.class_id = c.id AND e.role = 'student' JOIN "user" u ON u.id = e.user_id AND u.grades = '{03}'
          JOIN result r ON r.student_id = u.id
        GROUP BY c.id, c.sourced_id HAVING EXISTS (SELECT 1 FROM enrollment e WHERE e.class_id = c.id AND e.role = 'teacher')
        ORDER BY count(DISTINCT u.id) DESC, c.sourced_id LIMIT 1`,
    );
    if (!row) throw new Error('no third-grade class with scores');
    return row;
  }

  test('960 children, 1,872 guardian links, 320 results of third grade', async () => {
    expect(reports.sis).toMatchObject({
      status: 'applied',
      entities: { users: { read: 2888, added: 2888 }, classes: { added: 532 }, enrollments: { added: 2534 } },
    });
    const students = await db.inDistrict(
      district,
      (tx) => tx`SELECT DISTINCT user_id FROM role WHERE role = 'student' AND ended_at IS NULL`,
    );
    expect(students).toHaveLength(960);
    expect(reports.contacts).toMatchObject({
      status: 'applied',
      guardians: { linked: 1872, parentsWithoutChild: 0, childrenWithoutParent: 0 },
    });
    const doubled = await db.inDistrict(
      district,
      (tx) => tx`SELECT 1 FROM "user" WHERE source_id = (SELECT id FROM source WHERE name = 'contacts')`,
    );
    expect(doubled).toHaveLength(0);
    const third = await db.inDistrict(
      district,
      (tx) => tx`SELECT 1 FROM result r JOIN line_item l ON l.id = r.line_item_id WHERE l.title LIKE '3rd Grade%'`,
    );
    expect(third).toHaveLength(320);
  });

  const open = async (who: string, width: number): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width, height: width < 500 ? 800 : 900 } });
    const page = await context.newPage();
    await page.goto(platform.launchUrl(who, 'c'));
    return page;
  };
  const picture = async (page: Page, name: string) => {
    if (!pictures) return;
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  };

  test.each([1280, 375])('a third-grade teacher sees the class at %i pixels', async (width) => {
    const page = await open('teacher', width);
    const tool = page.frameLocator('iframe[name=tool]');
    await tool.getByRole('heading', { level: 1, name: /^\d+ of \d+ children reached 6 points$/ }).waitFor();
    await tool.getByText('Show as a table').first().click();
    expect(await tool.getByRole('row').count()).toBeGreaterThan(20);
    await tool.getByText('Show as a table').first().click();
    await picture(page, `teacher-${width}`);
    await page.context().close();
  });

  test.each([1280, 375])('a parent sees the one child that is theirs, at %i pixels', async (width) => {
    const page = await open('parent', width);
    const tool = page.frameLocator('iframe[name=tool]');
    const [child] = await db.inDistrict(
      district,
      (tx) => tx<{ given_name: string }[]>`SELECT given_name FROM "user" WHERE sourced_id = ${cast.child}`,
    );
    await tool.getByRole('heading', { level: 1, name: child?.given_name ?? '?' }).waitFor();
    await picture(page, `parent-${width}`);
    await page.context().close();
  });
});
