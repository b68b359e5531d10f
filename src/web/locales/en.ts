import { family } from './en-family.ts';
import { goals } from './en-goals.ts';
import { platforms } from './en-platforms.ts';
import { staff } from './en-staff.ts';

export const en = { ...family, ...staff, ...goals, ...platforms } as const;
