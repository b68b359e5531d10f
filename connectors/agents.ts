/**
 * One user names another as an agent: a family, perhaps. Which of them is the child the source does not say. Where both name each other these
 * are two records: when one of them no longer does, the other still stands.
 */
import type { RecordOf } from '../src/roster/model.ts';

export function agentPair(user: string, agent: string): RecordOf['guardianships'] {
  return {
    sourcedId: `${user}|${agent}`,
    studentSourcedId: user,
    guardianSourcedId: agent,
    undirected: true,
    relation: null,
    primary: false,
    livesWith: null,
    noContact: false,
    language: null,
    interpreter: null,
    phone: null,
    email: null,
    confirmedOn: null,
  };
}
