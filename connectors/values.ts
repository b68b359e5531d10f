/** Numbers and truth values as sources write them. Pure; null for what is neither. */

/** Plain decimal numbers, with or without thousands commas. */
export function readNumber(text: string): number | null {
  const plain = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text;
  return /^[+-]?(\d{1,300}\.?\d*|\.\d+)(e[+-]?\d)?$/i.test(plain) ? Number(plain) : null;
}

const yes = new Set(['true', 't', 'yes', 'y', '1']);
const no = new Set(['false', 'f', 'no', 'n', '0']);

export function readBoolean(text: string): boolean | null {
  const word = text.toLowerCase();
  return yes.has(word) ? true : no.has(word) ? false : null;
}
