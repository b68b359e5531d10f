/**
 * A simulated school platform: a separate HTTP server with its own keys and no database, that looks like a plain course page with the
 * tool in an iframe and signs real LTI 1.3 launches as any of the cast. Shares no code with `lti/`, so that neither hides the other's errors.
 */

/** A person of the cast as the platform knows them. */
export type PlatformPerson = {
  /** Names the person in this platform's addresses. */
  key: string;
  sub: string;
  givenName: string;
  familyName: string;
  email?: string | undefined;
  /** BCP 47, e.g. `es-US`. */
  locale?: string | undefined;
  lisPersonSourcedId?: string | undefined;
  /** `instructor` · `mentor` · `learner` · `administrator`, or full role URIs. */
  roles: string[];
  /** For mentors: the children they observe. */
  mentors?: PlatformChild[] | undefined;
};

export type PlatformChild = { sub: string; sourcedId?: string | undefined };

export type PlatformCourse = {
  /** Names the course in this platform's addresses. */
  key: string;
  /** The LTI context id. */
  id: string;
  title: string;
  sectionSourcedId?: string | undefined;
  /** Who is in it; `roles` and `mentors` replace the person's own in this course. */
  members: { person: string; roles?: string[] | undefined; mentors?: PlatformChild[] | undefined }[];
};

export type PlatformOptions = {
  /** 0 or absent: any free port. */
  port?: number;
  host?: string;
  tool: { loginUrl: string; targetLinkUri: string };
  people: PlatformPerson[];
  courses: PlatformCourse[];
  title?: string;
};

export type Platform = {
  url: string;
  issuer: string;
  clientId: string;
  deploymentId: string;
  authUrl: string;
  tokenUrl: string;
  jwksUrl: string;
  /** The course's page with the tool in it, seen as that person. */
  launchUrl(personKey: string, courseKey: string): string;
  /** An id_token as this platform would sign it now; `claims` replace or (undefined) remove what it would say. */
  signLaunch(launch: { person: string; course: string; nonce: string; claims?: Record<string, unknown> }): Promise<string>;
  /** Signs with a new key from now on; the old one leaves the key set at once. */
  rotateKey(): Promise<void>;
  close(): Promise<void>;
};
