import { family } from './en-family.ts';
import { staff } from './en-staff.ts';

export const en = { ...family, ...staff } as const;
