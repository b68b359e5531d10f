import type { Catalogue } from './catalogue.ts';
import { family } from './es-family.ts';
import { goals } from './es-goals.ts';
import { platforms } from './es-platforms.ts';
import { staff } from './es-staff.ts';

export const es: Catalogue = { ...family, ...staff, ...goals, ...platforms };
