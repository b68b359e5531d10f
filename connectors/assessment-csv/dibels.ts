/** DIBELS 8 measures in a family's words. */
import type { RecordOf } from '../../src/roster/model.ts';

type Words = { skill: string; unit: string | null };

const words: Record<string, Words> = {
  composite: { skill: 'early reading overall', unit: null },
  lnf: { skill: 'letters named correctly in one minute', unit: 'letters' },
  psf: { skill: 'sounds heard in spoken words in one minute', unit: 'sounds' },
  'nwf-cls': { skill: 'letter sounds read correctly in one minute', unit: 'letter sounds' },
  'nwf-wrc': { skill: 'made-up words read correctly in one minute', unit: 'words' },
  wrf: { skill: 'words from a list read correctly in one minute', unit: 'words' },
  orf: { skill: 'words of a story read correctly in one minute', unit: 'words' },
  'orf-accu': { skill: 'how many of a hundred words are read correctly', unit: null },
  maze: { skill: 'missing words of a story found in three minutes', unit: 'words' },
};

/** @param code as in brackets in the header, e.g. `NWF-CLS`; a measure without one is called by its name */
export function dibelsAssessment(title: string, code: string): RecordOf['assessments'] {
  const key = code.toLowerCase().replace(/\s+/g, '-');
  const known = words[key];
  return {
    sourcedId: `dibels-8/${key}`,
    title,
    subject: 'Reading',
    skill: known?.skill ?? null,
    unit: known?.unit ?? null,
    scaleMin: 0,
    scaleMax: null,
  };
}
