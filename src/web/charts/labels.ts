/** Where the words of the column chart stand, so that none lies on another: smaller first, then left out; the table has them all. Pure. */

export type Label = { x: number; y: number; text: string };
export type Box = { left: number; right: number; top: number; bottom: number };

/** One column: where its value would be written, and whether its like stand beside it as one ("132+"). */
export type Column = Label & { together: boolean };

/** Of a digit, and of a bold letter: generous, since the reader's font is not known. In em. */
const digit = 0.65;
const letter = 0.66;

/** What a text covers: `y` is where it stands, `x` its middle. */
export function boxOf({ x, y, text }: Label, font: number, glyph = digit): Box {
  const half = (text.length * glyph * font) / 2;
  return { left: x - half, right: x + half, top: y - font * 0.8, bottom: y + font * 0.25 };
}

export const overlap = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** @param font the largest and the smallest they may be written */
export function valueLabels(columns: Column[], font: { most: number; least: number }): { labels: Label[]; font: number } {
  const wanted = runsOf(columns);
  for (let size = font.most; size > font.least; size -= 0.5) {
    if (without(wanted, size).length === wanted.length) return { labels: wanted, font: size };
  }
  return { labels: without(wanted, font.least), font: font.least };
}

/** Neighbours drawn together are labelled once, in their middle and above them all. */
function runsOf(columns: Column[]): Label[] {
  const labels: Label[] = [];
  for (let at = 0; at < columns.length; ) {
    const { text, together } = columns[at] as Column; // at is an index of it
    let end = at + 1;
    while (together && columns[end]?.text === text) end += 1;
    const run = columns.slice(at, end);
    labels.push({ text, x: run.reduce((sum, { x }) => sum + x, 0) / run.length, y: Math.min(...run.map(({ y }) => y)) });
    at = end;
  }
  return labels;
}

/** The outermost are kept before those between them. */
function without(labels: Label[], font: number): Label[] {
  const kept: Label[] = [];
  const inTurn = [labels.at(-1), ...labels.slice(0, -1)].flatMap((label) => label ?? []);
  for (const label of inTurn) {
    // A little air between two numbers: "13 2" is not "132".
    const box = boxOf({ ...label, text: `${label.text} ` }, font);
    if (!kept.some((other) => overlap(box, boxOf(other, font)))) kept.push(label);
  }
  return labels.filter((label) => kept.includes(label));
}

/**
 * The place of the line's own label: above it at its start where that is free, then below it at its end, then wherever it is free along it;
 * and above the whole picture when it is free nowhere.
 */
export function lineLabel(text: string, line: number, font: number, room: Box, taken: Box[]): Label {
  const half = (text.length * letter * font) / 2;
  const [first, last] = [room.left + half + font * 0.3, room.right - half];
  const [above, below] = [line - font * 0.5, line + font * 1.15];
  const along = Array.from({ length: 24 }, (_, n) => first + ((last - first) * n) / 23);
  const places = [
    { x: first, y: above },
    { x: last, y: below },
    ...along.flatMap((x) => [
      { x, y: above },
      { x, y: below },
    ]),
  ];
  const isFree = ({ x, y }: { x: number; y: number }) => {
    const box = boxOf({ x, y, text }, font, letter);
    return box.top >= room.top && box.bottom <= room.bottom && !taken.some((other) => overlap(box, other));
  };
  return { ...(places.find(isFree) ?? { x: last, y: room.top - font * 0.4 }), text };
}
