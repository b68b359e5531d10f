/** The words a format has for something, each found in any capitals. */
export const vocabulary = (...words: string[]): ReadonlyMap<string, string> =>
  new Map(words.flatMap((word) => [word, word.toLowerCase()].map((spelling): [string, string] => [spelling, word])));
