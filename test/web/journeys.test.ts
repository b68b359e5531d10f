/** What people come to do, by keyboard alone, against a server that notes what it was asked. */
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { describeInBrowser, openBrowser } from '../setup/browser.ts';
import { focusedText, visible } from './in-page.ts';
import { type Fixture, serveFixtures } from './server.ts';

describeInBrowser('a visit', () => {
  let server: Fixture;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  beforeAll(async () => {
    [server, browser] = await Promise.all([serveFixtures(), openBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });
  beforeEach(async () => {
    context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce', viewport: { width: 1280, height: 800 } });
    page = await context.newPage();
    server.deeds.length = 0;
  });
  afterEach(() => context.close());

  const arrive = (as: string) => page.goto(`${server.url}/app/#ticket=${as}`);
  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();
  /** Tabs until the focus is there, as a person would: what cannot be reached is a failure. */
  async function tabTo(words: string): Promise<void> {
    for (let step = 0; step < 40; step += 1) {
      await page.keyboard.press('Tab');
      if ((await focusedText(page)).startsWith(words)) return;
    }
    throw new Error(`no amount of tabs leads to ${words}`);
  }

  test('a teacher goes from the launch to the projector without a mouse', async () => {
    await arrive('teacher');
    await heading('My classes');
    await page.keyboard.press('Tab');
    expect(await focusedText(page)).toBe('Skip to the page');
    await page.keyboard.press('Enter');
    await tabTo('Room 12');
    await page.keyboard.press('Enter');
    await heading('15 of 22 children can read 40 words in one minute');
    expect(await focusedText(page)).toMatch(/^15 of 22 children/);
    await tabTo('Open the meeting');
    await page.keyboard.press('Enter');
    await heading('Team meeting');
    await tabTo('Present');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Begin the meeting now?' }).waitFor();
    expect(server.deeds).toEqual([]);
    await page.keyboard.press('Enter');
    await heading('How to read the chart');
    expect(server.deeds).toEqual(['POST /api/meetings/5/present {}']);

    await page.keyboard.press('Space');
    await heading('The benchmark is 40 words');
    await page.keyboard.press('ArrowRight');
    await heading('15 of 22 children can read 40 words in one minute');
    await page.keyboard.press('ArrowRight');
    await heading('19 of 20 children grew since last time');
    await page.keyboard.press('ArrowLeft');
    await heading('15 of 22 children can read 40 words in one minute');
    await page.keyboard.press('l');
    await heading('15 de 22 niños pueden leer 40 palabras en un minuto');
    await page.keyboard.press('l');
    await page.keyboard.press('b');
    await page.locator('.blank').waitFor();
    expect(await page.locator('svg, h1').count()).toBe(0);
    await page.keyboard.press('b');
    await heading('15 of 22 children can read 40 words in one minute');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await heading('Team meeting');
  });

  test('a teacher rehearses on the projector: the same steps, said to be a rehearsal, and nothing is done', async () => {
    await arrive('teacher');
    await heading('My classes');
    await page.evaluate(`location.hash = '#/meetings/5'`);
    await heading('Team meeting');
    await tabTo('Rehearse');
    await page.keyboard.press('Enter');
    for (const step of ['How to read the chart', 'The benchmark is 40 words', /^15 of 22/, /grew since last time$/]) {
      await heading(step);
      await page.getByText('Trial run: no family sees this yet').waitFor();
      await page.keyboard.press('Space');
    }
    await page.keyboard.press('Escape');
    await heading('Team meeting');
    expect(server.deeds).toEqual([]);
  });

  test('a meeting that has begun is shown again without a question, and is not rehearsed', async () => {
    await arrive('teacher');
    await heading('My classes');
    await page.evaluate(`location.hash = '#/meetings/begun'`);
    await heading('Team meeting');
    expect(await page.getByRole('button', { name: 'Rehearse' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Present' }).press('Enter');
    await heading('How to read the chart');
  });

  test('a key pressed the moment something appears counts', async () => {
    await arrive('teacher');
    await heading('My classes');
    /** Presses in the very moment that this appears, before it is painted: no person is quicker. */
    const pressAtSightOf = (selector: string, key: string) =>
      page.evaluate(`new MutationObserver((_, sight) => {
        if (!document.querySelector('${selector}')) return;
        sight.disconnect();
        document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: '${key}', bubbles: true }));
      }).observe(document, { childList: true, subtree: true })`);
    await pressAtSightOf('.present h1', ' ');
    await page.evaluate(`location.hash = '#/present/5'`);
    await heading('The benchmark is 40 words');
    await pressAtSightOf('.blank', 'b');
    await page.keyboard.press('b');
    await heading('The benchmark is 40 words');
    // Escape closes the list of keys, and does not leave the picture behind it.
    await pressAtSightOf('dialog', 'Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await heading('The benchmark is 40 words');
  });

  test('the projector shows numbers and values, and nothing that leads to a child, a class or a school', async () => {
    await arrive('teacher');
    await heading('My classes');
    await page.evaluate(`location.hash = '#/present/5'`);
    await heading('How to read the chart');
    for (const step of [1, 2, 3, 4]) {
      const everything = await page.evaluate<string>('document.title + document.documentElement.outerHTML');
      expect({ step, found: everything.match(/Reyes|Haddad|Room 12|Alder|Willow/g) }).toEqual({ step, found: null });
      await page.keyboard.press('ArrowRight');
    }
  });

  test('a link a teacher placed opens its page, and a link to nowhere the usual one', async () => {
    for (const [open, title] of [
      ['meeting', 'Team meeting'],
      ['family', 'My children'],
      ['nowhere', /children/],
    ] as const) {
      await page.goto('about:blank');
      await arrive(`preparing&open=${open}`);
      await heading(title);
      expect(page.url()).not.toMatch(/ticket|open/);
    }
  });

  test('a teacher draws new numbers, and is asked first', async () => {
    await arrive('teacher');
    await heading('My classes');
    await page.evaluate(`location.hash = '#/meetings/5'`);
    await heading('Team meeting');
    await tabTo('Draw new numbers');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Draw new numbers for everyone?' }).waitFor();
    expect(server.deeds).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(server.deeds).toEqual(['POST /api/meetings/5/redraw {}']);
  });

  test('a teacher connects the course to a class', async () => {
    await arrive('connecting');
    await heading('My classes');
    await page.getByLabel('Room 12').check();
    await page.getByRole('button', { name: 'Connect this class' }).click();
    await heading(/^15 of 22/);
    expect(server.deeds).toEqual(['POST /api/connect {"classId":"7"}']);
  });

  test('a launch from a connected course opens its class', async () => {
    await arrive('launched');
    await heading(/^15 of 22/);
  });

  test('a parent sees growth first, right under it the goal, then the benchmark, then the class; the number only when asked', async () => {
    await arrive('oneChild');
    await heading('Amira');
    const order = await page.locator('section h2, section h3').allTextContents();
    expect(order).toEqual([
      'Amira went from 27 to 36 words',
      'Go from 27 to 39 words by Jan 6, 2099',
      'The benchmark',
      'The class today',
      'The class picture and you',
    ]);
    const above = await page.evaluate(
      `!!(document.querySelector('.goal').compareDocumentPosition(document.querySelector('svg.chart')) & 4)`,
    );
    expect(above).toBe(true); // and before any picture
    expect(await page.getByText('Today’s number').count()).toBe(0);
    expect(await page.locator('.spot').count()).toBe(0);
    await tabTo('Show my child’s number');
    await page.keyboard.press('Enter');
    await page.getByText('Today’s number is 11.').waitFor();
  });

  test('a parent takes the mark off the class picture, and puts it back', async () => {
    await arrive('guardian');
    await heading('My children');
    await tabTo('Amira');
    await page.keyboard.press('Enter');
    await heading('Amira');
    await page.getByRole('switch').focus();
    await page.keyboard.press('Space');
    await page.getByText('Your child’s mark is off the class picture.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).press('Enter');
    await page.getByText('Your child’s mark is on the class picture.').waitFor();
    expect(server.deeds).toEqual(['POST /api/children/71/opt-out {"out":true}', 'POST /api/children/71/opt-out {"out":false}']);
  });

  test('the launch’s language is used, another can be chosen, and the choice lasts', async () => {
    await arrive('hispanic');
    await heading('Mis hijos');
    await page.getByRole('button', { name: 'English' }).click();
    await heading('My children');
    await page.reload();
    await heading('My children');
  });

  test('a mother who reads Spanish reads what her child can do before the name of its test, on the page and on the sheet', async () => {
    await arrive('hispanic');
    await heading('Mis hijos');
    for (const place of ['#/children/71', '#/children/71/sheet']) {
      await page.evaluate(`location.hash = ${JSON.stringify(place)}`);
      await heading(place.endsWith('sheet') ? 'Hoja de meta' : 'Amira');
      const said = (await page.locator('main').textContent()) ?? '';
      expect(said).toContain('Palabras de un cuento leídas bien en un minuto');
      expect(said.indexOf('Oral Reading Fluency')).toBeGreaterThan(said.indexOf('Palabras de un cuento'));
    }
  });

  test('teacher’s and family’s views are two doors', async () => {
    await arrive('both');
    await heading('My classes');
    await page.getByRole('link', { name: 'My family' }).click();
    await heading('My children');
    expect(await page.getByText('Room 12').count()).toBe(0);
  });

  test('the ticket leaves the address at once, and a reload goes on without it', async () => {
    await arrive('teacher');
    await heading('My classes');
    expect(page.url()).toBe(`${server.url}/app/#/classes`);
    await page.reload();
    await heading('My classes');
  });

  test('an ended visit says what to do', async () => {
    await arrive('teacher');
    await heading('My classes');
    await page.evaluate(`sessionStorage.setItem('aptt.token', 'of a visit that is over')`);
    await page.reload();
    await heading('Your visit has ended');
    await page.getByText('open this page again from your course').waitFor();
  });

  test('the tool’s own address without a visit says where to come from, and of no visit that it ended', async () => {
    await page.goto(`${server.url}/app/`);
    await heading('Open this page from your course');
    await page.getByText('You are not signed in here.').waitFor();
    await page.reload();
    await heading('Open this page from your course');
    expect(await page.getByText('ended').count()).toBe(0);
  });

  test('without a signal what is on screen stays, and the page tries again by itself', async () => {
    await arrive('teacher');
    await heading('My classes');
    await context.setOffline(true);
    await page.getByText('You are offline.').waitFor();
    await page.getByRole('link', { name: 'Room 12' }).click();
    await page.getByRole('heading', { name: 'We could not reach the school’s server.' }).waitFor();
    await context.setOffline(false);
    await heading(/^15 of 22/);
  });

  test('a school leader lets a small class be shown in groups, is asked first, and takes it back', async () => {
    await arrive('leader');
    await heading('3 of 7 classes are ready for their team meeting');
    await page.getByText('One class needs your yes: Room 21.').waitFor();
    await tabTo('Allow groups');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Show this small class in groups?' }).waitFor();
    expect(server.deeds).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Allow groups' }).press('Enter');
    await heading('4 of 7 classes are ready for their team meeting');
    expect(await focusedText(page)).toBe('Take it back Room 21');
    await page.keyboard.press('Enter');
    await heading('3 of 7 classes are ready for their team meeting');
    expect(await focusedText(page)).toBe('Allow groups Room 21');
    expect(server.deeds).toEqual([
      'POST /api/classes/11/band-consent {"allowed":true}',
      'POST /api/classes/11/band-consent {"allowed":false}',
    ]);
  });

  test('the first thing district IT reads is all there is to do; and only where there is nothing, that all is up to date', async () => {
    await arrive('it');
    await heading('1 source needs you, 5 problems in the files, and 3 people or courses are waiting to be matched');
    await page.goto('about:blank');
    await arrive('mending');
    await heading('5 problems in the files and 1 person or course is waiting to be matched');
    await page.goto('about:blank');
    await arrive('done');
    await heading('All sources are up to date');
  });

  test('a leader’s table says that it counts the children who have a score', async () => {
    await arrive('leader');
    await heading('3 of 7 classes are ready for their team meeting');
    const head = page.getByRole('table', { name: 'Alder Elementary by grade' }).first().getByRole('columnheader');
    expect(await head.allTextContents()).toEqual(['Grade and assessment', 'Children with a score', 'Reached the benchmark']);
  });

  test('district IT approves a held run, and is asked first', async () => {
    await arrive('it');
    await heading('1 source needs you');
    await page.getByRole('link', { name: 'Review and decide Reading scores' }).click();
    await heading('Run of Reading scores');
    await page.getByText('Scores: 900 of 2,300 would end. That is more than the limit.').waitFor();
    await page.getByRole('button', { name: 'Approve and apply' }).click();
    await page.getByRole('dialog', { name: 'Apply this run now?' }).getByRole('button', { name: 'Approve and apply' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(server.deeds).toEqual(['POST /api/sync/runs/42/approve {}']);
  });

  test('district IT says which record somebody is, or puts them aside', async () => {
    await arrive('it');
    await heading('1 source needs you');
    await page.getByRole('link', { name: '3 people or courses' }).click();
    await heading('Waiting to be matched');
    await page.getByText('16 from sources').waitFor();
    await page.getByLabel('From').selectOption('sis');
    await page.getByText('Parents without a child').last().waitFor();
    expect(await page.getByRole('heading', { name: 'T. Nguyen' }).count()).toBe(0);
    await page.getByLabel('From').selectOption('');
    await page.getByLabel('Reason').selectOption('relation_unknown');
    expect(await page.locator('.card').count()).toBe(1);
    await page.getByLabel('Reason').selectOption('');
    await page.getByLabel('sourcedId of the record').first().fill(' stu-1 ');
    await page.getByRole('button', { name: 'Match T. Nguyen' }).click();
    await page.getByRole('button', { name: 'Put aside 12:8865aa' }).click();
    await page.getByText('Done.').waitFor();
    expect(server.deeds).toEqual(['POST /api/pending/1 {"sourcedId":"stu-1"}', 'POST /api/pending/4 {"dismiss":true}']);
  });

  test('district IT enters a platform by hand: most of it follows from which it is, and what cannot be used is marked', async () => {
    await arrive('it');
    await heading('1 source needs you');
    await page.getByRole('link', { name: /^School platforms/ }).click();
    await heading('1 deployment waits for your decision');
    const form = page.locator('form', { has: page.getByRole('heading', { name: 'Enter what the platform shows' }) });
    const field = (label: string) => form.getByLabel(label);
    const add = () => form.getByRole('button', { name: 'Add this platform' }).click();
    await field('Client id').fill('xQ7');
    await add();
    await page.getByText('One value cannot be used').waitFor();
    expect(await field('Issuer').getAttribute('aria-invalid')).toBe('true');
    expect(await field('Client id').getAttribute('aria-invalid')).toBe('false');
    await field('Platform').first().selectOption('Moodle');
    await field('Its address').fill('https://moodle.ash.example/');
    await field('Deployment id').fill('2');
    expect(await field('Token address').inputValue()).toBe('https://moodle.ash.example/mod/lti/token.php');
    await field('Key address').fill('https://keys.ash.example/certs');
    await add();
    await page.getByText('Added. Test the connection now.').waitFor();
    expect(JSON.parse(server.deeds.at(-1)?.replace('POST /api/platforms ', '') ?? '')).toEqual({
      issuer: 'https://moodle.ash.example',
      clientId: 'xQ7',
      authUrl: 'https://moodle.ash.example/mod/lti/auth.php',
      tokenUrl: 'https://moodle.ash.example/mod/lti/token.php',
      jwksUrl: 'https://keys.ash.example/certs',
      tokenAudience: null,
      deploymentIds: ['2'],
      frameOrigins: [],
    });
    await page.getByRole('button', { name: /^Withdraw/ }).click();
    await page.getByText('Done.').waitFor();
    expect(server.deeds.at(-1)).toBe('POST /api/platforms/invitations/i1 {}');
  });

  test('district IT maps a school’s own table, tries it, and keeps it', async () => {
    await arrive('it');
    await heading('1 source needs you');
    await page.getByRole('link', { name: 'How its files are read Reading scores' }).click();
    await heading('How Reading scores is read');
    await page.getByText(/of no vendor we know/).waitFor();
    const another = 'Pupil,When taken,Kid No.,Notes,Nearly?,Pts,Rank\nEli Dyer,10/05/2026,1009,late,On track,38,44\n';
    await page.getByLabel('Add a file').setInputFiles({ name: 'room-4.csv', mimeType: 'text/csv', buffer: Buffer.from(another) });
    await page.getByText('Files there now: room-3.csv and room-4.csv').waitFor();
    const choose = async (label: string, value: string) => {
      await page.getByRole('combobox', { name: label, exact: true }).selectOption(value);
    };
    await choose('Read as', 'generic');
    await choose('Student id', 'Kid No.');
    await choose('Date', 'When taken');
    await page.getByRole('combobox', { name: 'Window (fall, winter, spring)' }).selectOption({ label: 'The same for every row …' });
    await page.getByLabel('Window (fall, winter, spring), for every row').fill('Fall');
    await page.getByRole('combobox', { name: 'Name of the test' }).selectOption({ label: 'The same for every row …' });
    await page.getByLabel('Name of the test, for every row').fill('Words read');
    await choose('Score', 'Pts');
    await choose('Level', 'Nearly?');
    await choose('Percentile', 'Rank');
    await page.getByText('Try it before you save.').waitFor();
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByRole('cell', { name: '41' }).waitFor();
    const cells = await page.locator('tbody tr').first().locator('th, td').allTextContents();
    expect(cells).toEqual(['1001', 'words-read', 'BOY 2027', '41', 'On track', '56', '2026-10-02']);
    expect(await page.locator('tbody tr').count()).toBe(3);
    expect(await page.getByText('Dyer').count()).toBe(0);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved. The next run reads the files so.').waitFor();
    const columns = {
      measures: [{ title: { constant: 'Words read' }, score: 'Pts', level: 'Nearly?', percentile: 'Rank' }],
      student: 'Kid No.',
      date: 'When taken',
      window: { constant: 'Fall' },
    };
    expect(JSON.parse(server.deeds.at(-1)?.replace('POST /api/sync/sources/2/mapping ', '') ?? '')).toEqual({
      mapping: 'generic',
      columns,
    });
    await page.getByRole('button', { name: 'Dry run' }).click();
    await page.waitForURL(/#\/sync\/runs\/42$/);
  });

  test('the same data stands beside every picture as a table', async () => {
    await arrive('launched');
    await heading(/^15 of 22/);
    await page.getByText('Show as a table').first().press('Enter');
    const rows = await visible(page, '.twin[open] tbody tr');
    expect(rows).toHaveLength(22);
  });

  test('a teacher takes all suggested goals at once, and takes them back', async () => {
    await arrive('launched');
    await heading(/^15 of 22/);
    await tabTo('Open the goals');
    await page.keyboard.press('Enter');
    await heading('Six-week goals at work: 1 of 8 children');
    await tabTo('Accept all 4 suggestions');
    await page.keyboard.press('Enter');
    await page.getByText('4 goals are set.').waitFor();
    await tabTo('Undo');
    await page.keyboard.press('Enter');
    await page.getByText('4 goals are taken back.').waitFor();
    const [set = '', back] = server.deeds;
    expect(set).toMatch(
      /^POST \/api\/classes\/7\/goals \{"measureId":"31","goals":\[\{"childId":"72","target":44,"dueOn":"2099-01-06","reason":null\},/,
    );
    expect(back).toBe('POST /api/classes/7/goals/take-back {"goalIds":["600","601","602","603"]}');
  });

  test('a teacher sets another goal, is told that a reason is needed, and gives it', async () => {
    await arrive('launched');
    await page.goto(`${server.url}/app/#/classes/7/goals`);
    await heading('Six-week goals at work: 1 of 8 children');
    await page.getByRole('button', { name: 'Set another Dara Lindqvist' }).click();
    const form = page.getByRole('form', { name: 'The goal of Dara Lindqvist' });
    await form.getByLabel('Goal (words)').fill('249');
    await form.getByRole('button', { name: 'Save the goal' }).click();
    await form.getByText('A reason is needed').waitFor();
    await form.getByLabel('Goal (words)').fill('30');
    await form.getByLabel('Why').fill('A step at a time');
    await form.getByRole('button', { name: 'Save the goal' }).click();
    await page.getByText('1 goal is set.').waitFor();
    expect(server.deeds.at(-1)).toBe(
      'POST /api/classes/7/goals {"measureId":"31","goals":[{"childId":"74","target":30,"dueOn":"2099-01-06","reason":"A step at a time"}]}',
    );
    await page.getByRole('button', { name: 'Change Amira Castellanos' }).click();
    await page.getByLabel('Why').fill('Agreed');
    await page.getByRole('button', { name: 'Save the goal' }).click();
    await page.getByText('The goal is changed.').waitFor();
    expect(server.deeds.at(-1)).toMatch(/^POST \/api\/classes\/7\/goals\/501 \{.*"target":39,"dueOn":"2099-01-06","reason":"Agreed"\}$/);
  });

  test('a teacher switches the grade book on; what is left there is removed only when they say so twice', async () => {
    await arrive('launched');
    await page.goto(`${server.url}/app/#/classes/7/goals`);
    await heading('Six-week goals at work: 1 of 8 children');
    const answered = page.waitForResponse((response) => response.url().endsWith('/goal-columns/9'));
    await page.getByRole('switch', { name: 'Show “APTT goal met” in the grade book of Grade 2, Room 12' }).press('Space');
    await answered;
    expect(server.deeds).toEqual(['POST /api/classes/7/goal-columns/9 {"wish":"on"}']);
    await page.goto(`${server.url}/app/#/classes/failing/goals`);
    await page.getByRole('button', { name: 'Remove the column' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Not now' }).click();
    await page.getByRole('button', { name: 'Remove the column' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the column' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(server.deeds.slice(1)).toEqual(['POST /api/classes/failing/goal-columns/10 {"wish":"removed"}']);
  });

  test('where no goal can be set any more a teacher can still stop what is sent, and begin nothing', async () => {
    await arrive('launched');
    await page.goto(`${server.url}/app/#/classes/empty/goals`);
    const answered = page.waitForResponse((response) => response.url().endsWith('/goal-columns/10'));
    await page.getByRole('switch').press('Space'); // there is one only
    await answered;
    expect(server.deeds).toEqual(['POST /api/classes/empty/goal-columns/10 {"wish":"off"}']);
  });

  test('sheets are of the goals at work; those that are over come when asked for, without days to practice', async () => {
    await arrive('launched');
    await page.goto(`${server.url}/app/#/classes/7/sheets`);
    await heading('1 goal sheet to print');
    await page.getByText('1 child has reached it. For 1 child the day has passed. 5 children have no goal yet.').waitFor();
    expect(await page.locator('.sheet').count()).toBe(1);
    await page.getByLabel('Also show the 2 goals that are over').press('Space');
    await heading('3 goal sheets to print');
    expect(await page.locator('.sheet').count()).toBe(3);
    expect(await page.locator('.sheet .days').count()).toBe(1);
    await page.getByText('The day for this goal has passed.').waitFor();
    await page.goto(`${server.url}/app/#/classes/7/goals`);
    await heading('Six-week goals at work: 1 of 8 children');
    const rest = '1 child has reached it. For 1 child the day has passed. 1 child has no score yet, so no goal yet.';
    await page.getByText(rest).waitFor();
  });

  test('a parent who opens the goal sheet’s link comes to their child’s sheet', async () => {
    await page.goto(`${server.url}/app/#ticket=oneChild&open=goals`);
    await heading('Goal sheet');
    await page.getByText('Go from 27 to 39 words by Jan 6, 2099').waitFor();
  });

  test('a first dashboard costs at most 60 KB of script', async () => {
    const scripts: Promise<Buffer>[] = [];
    page.on('response', (response) => {
      if (response.url().endsWith('.js')) scripts.push(response.body());
    });
    await arrive('launched');
    await heading(/^15 of 22/);
    const bytes = (await Promise.all(scripts)).reduce((sum, script) => sum + gzipSync(script).length, 0);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(60 * 1024);
  });

  test('nothing jumps when a dashboard arrives', async () => {
    await page.addInitScript(`
      window.shift = 0;
      new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value; })
        .observe({ type: 'layout-shift', buffered: true });`);
    await arrive('launched');
    await heading(/^15 of 22/);
    await page.waitForTimeout(300);
    expect(await page.evaluate<number>('window.shift')).toBeLessThan(0.05);
  });
});
