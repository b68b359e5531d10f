/**
 * What a run is handed over (connectors know neither the tool nor the database): the courses to read, the way to a token, and how this
 * platform's role names are read. None of it is stored with the source.
 */
import { z } from 'zod';

export type Course = {
  /** Names the class in the roster. */
  key: string;
  title: string | null;
  membershipsUrl: string;
  /** Null: the platform shows no grade book here. */
  lineItemsUrl: string | null;
  /** What the platform would grant for the grade book. */
  scopes: string[];
};

export type Courses = {
  /** These are all the courses the platform has with us: who is in none of them is gone. */
  all: boolean;
  list: Course[];
  /** A bearer token for exactly these scopes; a new one when the platform refused the last. */
  token(scopes: string[], options: { refused: string | undefined }): Promise<string>;
  /** What the names of somebody's roles make them here; nothing: they are not of the class. */
  roleOf(roles: unknown[]): 'teacher' | 'student' | null;
  /** Marks what we have put into the grade book ourselves: it is no score. */
  ownTag: string;
  /** How often a question is asked before it is given up: few times while somebody waits, many at night. */
  tries: number;
};

export const settings = z.object({
  /** The platform, as `aptt platform list` counts them. */
  platform: z.int().positive(),
  courses: z.custom<Courses>((value) => typeof value === 'object' && value !== null).optional(),
});
export type Settings = z.infer<typeof settings>;
