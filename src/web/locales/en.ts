import { family } from './en-family.ts';
import { platforms } from './en-platforms.ts';
import { staff } from './en-staff.ts';

export const en = { ...family, ...staff, ...platforms } as const;
