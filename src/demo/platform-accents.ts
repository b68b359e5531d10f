/** How real platforms differ in what the standard leaves open, or gets written differently all the same. Pure data. */

export type AccentName = 'plain' | 'canvas' | 'moodle' | 'brightspace';

export type Accent = {
  /** Who somebody is: `instructor` · `mentor` · `learner` · `administrator`. Anything else is written as it stands. */
  roles: Record<string, string[]>;
  /** The id_token's `aud` as a list. */
  audienceIsList: boolean;
  /** Rows of a page, however many are asked for. */
  page: { members: number; lineItems: number };
  /** Every service address carries `?type_id=2`. */
  query: boolean;
  /** `Link` headers with typographic quotes and `&amp;`. */
  curlyLinks: boolean;
  /** ACTIVE, INACTIVE. */
  upperStatus: boolean;
  /** A member who is nobody: the "student view". */
  testUser: boolean;
  emails: boolean;
  /** What the tool must call the platform when it asks for a token; null: its token address. */
  tokenAudience: string | null;
  /** product_family_code */
  family: string;
  /** What it takes when it asks a tool for links. */
  links: { types: string[]; multiple: boolean };
  /** Which requests need its registration token; where it opens the tool's page; whether it names the deployment at once. */
  registration: { token: 'both' | 'registration' | 'none'; opens: 'frame' | 'window'; namesDeployment: boolean };
};

const lis = 'http://purl.imsglobal.org/vocab/lis/v2/';
const full = {
  instructor: [`${lis}institution/person#Instructor`, `${lis}membership#Instructor`],
  mentor: [`${lis}institution/person#Observer`, `${lis}membership#Mentor`],
  learner: [`${lis}institution/person#Student`, `${lis}membership#Learner`],
  administrator: [`${lis}institution/person#Administrator`],
};

const plain: Accent = {
  roles: full,
  audienceIsList: false,
  page: { members: 1000, lineItems: 100 },
  query: false,
  curlyLinks: false,
  upperStatus: false,
  testUser: false,
  emails: true,
  tokenAudience: null,
  family: 'meadow',
  links: { types: ['ltiResourceLink'], multiple: true },
  registration: { token: 'registration', opens: 'frame', namesDeployment: true },
};

export const accents: Record<AccentName, Accent> = {
  plain,
  canvas: {
    ...plain,
    page: { members: 50, lineItems: 10 },
    testUser: true,
    family: 'canvas',
    links: { types: ['link', 'file', 'html', 'ltiResourceLink', 'image'], multiple: true },
    registration: { token: 'both', opens: 'frame', namesDeployment: false },
  },
  moodle: {
    ...plain,
    page: { members: 10, lineItems: 5 },
    query: true,
    curlyLinks: true,
    family: 'moodle',
    registration: { token: 'registration', opens: 'window', namesDeployment: true },
  },
  brightspace: {
    ...plain,
    roles: {
      instructor: ['urn:lti:instrole:ims/lis/Instructor', 'urn:lti:role:ims/lis/Instructor'],
      mentor: ['urn:lti:role:ims/lis/Mentor'],
      learner: ['urn:lti:role:ims/lis/Learner'],
      administrator: ['urn:lti:instrole:ims/lis/Administrator'],
    },
    audienceIsList: true,
    page: { members: 20, lineItems: 20 },
    upperStatus: true,
    emails: false,
    tokenAudience: 'https://api.meadow.example/auth/token',
    family: 'desire2learn',
    links: { types: ['link', 'ltiResourceLink'], multiple: false },
    registration: { token: 'none', opens: 'window', namesDeployment: false },
  },
};
