/**
 * Numbers that look random and depend on nothing but their arguments: the same child has the same name, family and scores
 * whatever is generated before or beside it. Not for secrets.
 */

/** What is being decided: every decision has its own stream, so that adding one changes no other. */
export const stream = {
  roomSize: 1,
  sibling: 2,
  language: 3,
  familyName: 4,
  givenName: 5,
  gender: 6,
  guardians: 7,
  guardianName: 8,
  household: 9,
  noContact: 10,
  interpreter: 11,
  ability: 12,
  growth: 13,
  measure: 14,
  absence: 15,
  arrival: 16,
  emergency: 17,
  staffName: 18,
  coTeacher: 19,
  phone: 20,
  day: 21,
  nights: 22,
} as const;

/** A whole number of 32 bits. */
export function hash(seed: number, of: number, index: number): number {
  let h = Math.imul(seed + 0x9e3779b9, 0x85ebca6b) ^ Math.imul(of + 0x165667b1, 0xc2b2ae35) ^ Math.imul(index + 0x27d4eb2f, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x2c1b3c6d);
  return (h ^ (h >>> 15)) >>> 0;
}

/** From 0 up to, not including, 1. */
export const draw = (seed: number, of: number, index: number): number => hash(seed, of, index) / 0x1_0000_0000;

export function pick<T>(from: readonly T[], seed: number, of: number, index: number): T {
  return from[hash(seed, of, index) % from.length] as T; // the remainder is always a position of the (never empty) list
}

/** Roughly normal, mean 0, deviation 1, never beyond ±3.5. */
export function bell(seed: number, of: number, index: number): number {
  let sum = -2;
  for (let part = 0; part < 4; part++) sum += draw(seed + 101 * (part + 1), of, index);
  return sum * Math.sqrt(3);
}
