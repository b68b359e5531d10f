/** Every connector by its kind. */
import { AppError } from '../src/errors.ts';
import { assessmentCsv } from './assessment-csv/read.ts';
import type { Connector } from './connector.ts';
import { contactsCsv } from './contacts-csv/read.ts';
import { googleClassroom } from './google-classroom/read.ts';
import { ltiMemberships } from './lti-memberships/read.ts';
import { microsoftGraph } from './microsoft-graph/read.ts';
import { oneRosterCsv } from './oneroster-csv/read.ts';
import { oneRosterRest } from './oneroster-rest/read.ts';
import { sdsCsv } from './sds-csv/read.ts';

const connectors: Connector<unknown>[] = [
  oneRosterCsv,
  oneRosterRest,
  sdsCsv,
  contactsCsv,
  assessmentCsv,
  googleClassroom,
  microsoftGraph,
  ltiMemberships,
];

/** @throws AppError `connector_unknown` */
export function connectorFor(kind: string): Connector<unknown> {
  const found = connectors.find((connector) => connector.kind === kind);
  if (found) return found;
  const kinds = connectors.map((connector) => connector.kind).join(', ');
  throw new AppError('connector_unknown', `there is no connector of kind ${JSON.stringify(kind)}`, { hint: `The kinds are: ${kinds}.` });
}
