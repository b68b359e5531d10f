/** Windows and school years as vendors write them. Pure. */

/** BOY · MOY · EOY where recognised; else the vendor's own; null when blank. */
export function readWindow(written: string): string | null {
  if (written === '') return null;
  if (/^(boy|begin|fall|autumn)/i.test(written)) return 'BOY';
  if (/^(moy|mid|winter)/i.test(written)) return 'MOY';
  return /^(eoy|end|spring)/i.test(written) ? 'EOY' : written;
}

/** The calendar year in which the school year ends: `2023-2024`, `2025-26`, `Fall 2021-2022`, `2024`. */
export function readSchoolYear(written: string): number | null {
  const span = /(\d{4})\s*[-–/]\s*(\d{4}|\d{2})(?!\d)/.exec(written);
  if (span?.[1] && span[2]) return span[2].length === 2 ? Number(span[1].slice(0, 2) + span[2]) : Number(span[2]);
  const single = /(?<!\d)(\d{4})(?!\d)/.exec(written);
  return single ? Number(single[1]) : null;
}

export const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
