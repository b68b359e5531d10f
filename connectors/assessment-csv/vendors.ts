/**
 * The vendors whose exports are known by their header. Vendors add and drop columns every year: only those a score needs must be there.
 * Headers are those of real exports; no benchmark is built in, as publishers revise theirs: they come in a benchmarks file, with source and date.
 */
import type { Table } from '../table.ts';
import type { Reading } from './reading.ts';
import { acadience } from './vendors/acadience.ts';
import { iReady, nweaMap, renaissanceStar } from './vendors/adaptive.ts';
import { kra, mapFluency, pals } from './vendors/early.ts';
import { fastBridge } from './vendors/fastbridge.ts';
import { has } from './vendors/fields.ts';
import { iStation } from './vendors/istation.ts';
import { fountasPinnell } from './vendors/levels.ts';
import { dibels8, dibelsNext } from './vendors/mclass.ts';

type Known = {
  /** Headers that only this vendor's score file has together. */
  marks: readonly string[];
  reading: (table: Table) => Reading;
};

/** The first whose marks are all there. */
const known = {
  'nwea-map': { marks: ['TermName', 'TestRITScore'], reading: nweaMap },
  'map-fluency': { marks: ['TermName', 'TestLanguage', 'OralReadingWCPMScaled'], reading: mapFluency },
  'renaissance-star': { marks: ['AssessmentID', 'ScaledScore', 'UnifiedScore'], reading: renaissanceStar },
  'i-ready': { marks: ['Student ID', 'Overall Scale Score'], reading: iReady },
  'dibels-next': { marks: ['Benchmark Period', 'Assessment Measure-Composite Score-Score'], reading: dibelsNext },
  'dibels-8': { marks: ['Benchmark Period', 'Student Primary ID'], reading: dibels8 },
  acadience: { marks: ['Benchmark Period', 'Student SIS ID', 'School NCES ID'], reading: acadience },
  fastbridge: { marks: ['FAST ID', 'Local ID', 'Assessment'], reading: fastBridge },
  istation: { marks: ['STUDENT_ID', 'ISIP_ACCOM', 'October_SCORE'], reading: iStation },
  pals: { marks: ['STD_PID', 'SEMESTER', 'ASSESSDATE'], reading: pals },
  'fountas-pinnell': { marks: ['StudentID', 'TextReading', 'TextReadingAccuracy'], reading: fountasPinnell },
  kra: { marks: ['overall_score', 'PLD', 'SF_score', 'LL_score'], reading: kra },
} satisfies Record<string, Known>;

export type Vendor = keyof typeof known;
export const vendors = Object.keys(known) as [Vendor, ...Vendor[]]; // the keys of a const object are its vendors

export const detectVendor = (table: Table): Vendor | null =>
  vendors.find((vendor) => known[vendor].marks.every((header) => has(table, header))) ?? null;

/** Files that look like scores and are not: mastery of single standards or skills, many rows a child and test. */
export function notScores(table: Table): string | null {
  if (has(table, 'StandardName') && has(table, 'DomainName')) return 'a Star dashboard of single standards';
  if (has(table, 'SkillAreaName') && has(table, 'DomainName')) return 'a Star list of skill areas';
  return null;
}

export function vendorReading(vendor: Vendor, table: Table, studentHeader: string | undefined): Reading {
  const reading = known[vendor].reading(table);
  return studentHeader === undefined ? reading : { ...reading, student: table.named(studentHeader) };
}
