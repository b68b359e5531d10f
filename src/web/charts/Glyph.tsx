/** The marks of every chart. Reached: a full blue circle. On the way: an orange diamond. Last time: a hollow ring. Never colour alone. */
import { useWords } from '../language.tsx';
import type { Kind } from './plot.ts';

type Props = { kind: Kind; x: number; y: number; r: number /** Values run from left to right. */; sideways?: boolean };

export function Glyph({ kind, x, y, r, sideways = false }: Props) {
  if (kind === 'lastOrLess' || kind === 'lastOrMore') {
    const towards = (kind === 'lastOrLess') === sideways ? -1 : 1; // left and up are less on the screen
    const [back, tip] = [-r * 0.6 * towards, r * towards];
    const d = sideways
      ? `M${x + back} ${y - r}L${x + back} ${y + r}L${x + tip} ${y}Z`
      : `M${x - r} ${y + back}L${x + r} ${y + back}L${x} ${y + tip}Z`;
    return <path class="mark last" d={d} />;
  }
  if (kind === 'onTheWay') {
    const d = r * 1.15;
    return <path class="mark on-the-way" d={`M${x} ${y - d}L${x + d} ${y}L${x} ${y + d}L${x - d} ${y}Z`} />;
  }
  const look = { reached: 'mark reached', plain: 'mark reached', last: 'mark last' }[kind];
  return <circle class={look} cx={x} cy={y} r={kind === 'last' ? r * 0.8 : r} />;
}

export const legendKeys = {
  reached: 'legend.reached',
  onTheWay: 'legend.onTheWay',
  plain: 'legend.plain',
  last: 'legend.last',
  lastOrLess: 'legend.lastOrLess',
  lastOrMore: 'legend.lastOrMore',
} as const;

export function Legend({ kinds, sideways }: { kinds: Kind[]; sideways: boolean }) {
  const { t } = useWords();
  return (
    <ul class="legend" aria-hidden="true">
      {kinds.map((kind) => (
        <li key={kind}>
          <svg class="symbol" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <Glyph kind={kind} x={8} y={8} r={5.5} sideways={sideways} />
          </svg>
          {t(legendKeys[kind])}
        </li>
      ))}
    </ul>
  );
}
