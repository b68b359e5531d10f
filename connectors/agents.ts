/** Two users of whom one names the other as an agent: a family, perhaps. Which of them is the child the source does not say. */
import type { RecordOf } from '../src/roster/model.ts';

/** The same record, whichever names the other. */
export function agentPair(user: string, agent: string): RecordOf['guardianships'] {
  const [first, second] = user < agent ? [user, agent] : [agent, user];
  return {
    sourcedId: `${first}|${second}`,
    studentSourcedId: first,
    guardianSourcedId: second,
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
