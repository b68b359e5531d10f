/** A guardian's page of one child. Own growth first and, right under it, what comes next: the goal; then the benchmark, then where the class stands, in that order always. */
import { useState } from 'preact/hooks';
import type { ChildGoal, ChildMeasure, ChildShape } from '../../read-models/shapes.ts';
import { LineChart } from '../charts/LineChart.tsx';
import { useWords } from '../language.tsx';
import { ClassPicture } from '../parts/ClassPicture.tsx';
import { FamilyGoals } from '../parts/FamilyGoals.tsx';
import { OptOut } from '../parts/OptOut.tsx';
import { PrintButton } from '../parts/PrintButton.tsx';
import { SkillLine } from '../parts/SkillLine.tsx';
import { TableTwin } from '../parts/TableTwin.tsx';
import { Title } from '../parts/Title.tsx';
import { amount, classAnswer, distance, gradeName, score, skillFirst, unitName, windowName } from '../phrases.ts';

type Props = { shape: ChildShape; onOptOut(out: boolean): Promise<void> };

/** The window's title names no child: it stays in histories and on shared screens. */
export function Child({ shape, onOptOut }: Props) {
  const words = useWords();
  const { t } = words;
  const elsewhere = shape.goals.filter((goal) => !shape.measures.some((measure) => isIn(measure, goal)));
  return (
    <div class="stack page">
      <p class="crumb no-print">
        <a href="#/children">{t('children.title')}</a>
      </p>
      <div class="toolbar">
        <div>
          <Title page={t('child.page')}>{shape.givenName}</Title>
          <p class="faint">{[shape.grade && gradeName(words, shape.grade), shape.school].filter(Boolean).join(' · ')}</p>
        </div>
        {shape.measures.length > 0 && <PrintButton />}
      </div>
      {shape.measures.length === 0 && (
        <div class="notice quiet">
          <p class="strong">{t('child.noScores')}</p>
          <p>{t('child.noScores.do')}</p>
        </div>
      )}
      {shape.measures.map((measure) => (
        <Measure key={measure.ref.id} child={shape} measure={measure} />
      ))}
      <FamilyGoals child={shape} goals={elsewhere} named />
      <OptOut optedOut={shape.optedOut} byYou={shape.optedOutByYou} onOptOut={onOptOut} />
    </div>
  );
}

/** A goal is in an assessment, which is the same whenever it is given. */
const isIn = ({ ref }: ChildMeasure, { measure }: ChildGoal): boolean => ref.title === measure.title && ref.skill === measure.skill;

function Measure({ child, measure }: { child: ChildShape; measure: ChildMeasure }) {
  const words = useWords();
  const name = child.givenName;
  const now = measure.own.at(-1)?.value ?? null;
  return (
    <section class="card reading" aria-label={skillFirst(words, measure.ref).skill}>
      <SkillLine measure={measure.ref} />
      <OwnGrowth child={child} measure={measure} now={now} />
      {now !== null && <Benchmark name={name} measure={measure} now={now} />}
      {now !== null && measure.percentile != null && <p>{words.t('child.percentile', { count: Math.round(measure.percentile) })}</p>}
      <Today measure={measure} optedOut={child.optedOut} />
    </section>
  );
}

function OwnGrowth({ child, measure, now }: { child: ChildShape; measure: ChildMeasure; now: number | null }) {
  const words = useWords();
  const name = child.givenName;
  const { t, day } = words;
  const scored = measure.own.flatMap(({ value, window, on }, index) =>
    value === null ? [] : [{ value, label: windowName(words, window) ?? (on ? day(on) : t('child.time', { time: index + 1 })) }],
  );
  const before = now === null ? null : (scored.at(-2)?.value ?? null);
  const answer = growthAnswer(words, name, measure, before, now);
  return (
    <>
      <h2 class="answer">{answer.title}</h2>
      {answer.more && <p>{answer.more}</p>}
      <FamilyGoals child={child} goals={child.goals.filter((goal) => isIn(measure, goal))} />
      {scored.length > 0 && (
        <>
          <LineChart
            points={scored}
            scale={measure.scale}
            benchmark={measure.benchmark}
            measure={measure.ref}
            label={t('child.chart', {
              each: scored.map((point) => `${point.label}: ${score(words, measure.ref, point.value)}`).join('; '),
            })}
          />
          <TableTwin
            caption={t('child.table', { name })}
            head={[t('table.when'), t('table.score', { unit: unitName(words, measure.ref) })]}
            rows={scored.map((point) => ({ key: point.label, cells: [point.label, score(words, measure.ref, point.value)] }))}
          />
        </>
      )}
      {measure.asOf && <p class="faint">{t('child.asOf', { day: words.moment(measure.asOf) })}</p>}
    </>
  );
}

function growthAnswer(words: ReturnType<typeof useWords>, name: string, { ref }: ChildMeasure, before: number | null, now: number | null) {
  const { t } = words;
  if (now === null) return { title: t('child.notYet', { name }), more: t('child.notYet.do') };
  if (before === null) return { title: t('child.first', { name, amount: amount(words, ref, now) }), more: null };
  if (now === before) return { title: t('child.same', { name, amount: amount(words, ref, now) }), more: t('child.same.more') };
  if (now < before) {
    return {
      title: t('child.lower', { name, amount: amount(words, ref, now), before: score(words, ref, before) }),
      more: t('child.lower.more'),
    };
  }
  return {
    title: t('child.grew', { name, before: score(words, ref, before), amount: amount(words, ref, now) }),
    more: t('child.grew.more', { amount: distance(words, ref, now - before) }),
  };
}

function Benchmark({ name, measure, now }: { name: string; measure: ChildMeasure; now: number }) {
  const words = useWords();
  const { t } = words;
  const { benchmark, ref } = measure;
  if (benchmark === null) return null;
  return (
    <>
      <h3>{t('child.benchmark')}</h3>
      <p>
        {t('child.benchmark.what', { amount: amount(words, ref, benchmark) })}{' '}
        {now >= benchmark
          ? t('child.benchmark.reached', { name })
          : t('child.benchmark.away', { name, amount: distance(words, ref, benchmark - now) })}
      </p>
    </>
  );
}

function Today({ measure, optedOut }: { measure: ChildMeasure; optedOut: boolean }) {
  const words = useWords();
  const { t } = words;
  const [shown, setShown] = useState(false);
  const { today, ref } = measure;
  if (!today) {
    return (
      <>
        <h3>{t('child.class')}</h3>
        <p>{t('child.class.none')}</p>
      </>
    );
  }
  return (
    <>
      <h3>{t('child.class')}</h3>
      {today.chart.atOrAbove && <p>{classAnswer(words, ref, today.chart)}</p>}
      {today.number === null ? (
        <p>{t(optedOut ? 'child.number.optedOut' : 'child.number.none')}</p>
      ) : (
        <p class="reveal no-print">
          <button type="button" aria-expanded={shown} onClick={() => setShown(!shown)}>
            {t(shown ? 'child.number.hide' : 'child.number.show')}
          </button>
          <span role="status">{shown && t('child.number.is', { number: String(today.number) })}</span>
        </p>
      )}
      <ClassPicture chart={today.chart} measure={ref} own={shown ? today.number : null} />
    </>
  );
}
