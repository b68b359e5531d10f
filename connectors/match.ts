/** How settings write a rule that finds a person of the roster (connector.ts). */
import { z } from 'zod';
import type { MatchRule, PersonRule } from './connector.ts';

const written = /^(sourcedId|identifier|userIds(:.+)?)$/;

export const matchRule = z.custom<MatchRule>(
  (rule) => typeof rule === 'string' && written.test(rule),
  'a rule is sourcedId, identifier, userIds or userIds:TYPE',
);

export const personRule = z.custom<PersonRule>(
  (rule) => typeof rule === 'string' && (rule === 'email' || written.test(rule)),
  'a rule is sourcedId, identifier, userIds, userIds:TYPE or email',
);
