/** The same data as the picture beside it, as a table anybody can open. */
import type { ComponentChildren } from 'preact';
import { useWords } from '../language.tsx';

type Props = { caption: string; head: string[]; rows: { key: string; cells: ComponentChildren[] }[] };

export function TableTwin({ caption, head, rows }: Props) {
  const { t } = useWords();
  return (
    <details class="twin">
      <summary>{t('table.show')}</summary>
      <DataTable caption={caption} head={head} rows={rows} />
    </details>
  );
}

/** The first cell of a row names it. */
export function DataTable({ caption, head, rows }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls inside its box, which the keyboard must reach
    <section class="scroll" tabIndex={0} aria-label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {head.map((cell) => (
              <th key={cell} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells: [name, ...rest] }) => (
            <tr key={key}>
              <th scope="row">{name}</th>
              {rest.map((cell, index) => (
                <td key={head[index + 1]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
