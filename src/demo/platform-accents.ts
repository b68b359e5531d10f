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
};

export const accents: Record<AccentName, Accent> = {
  plain,
  canvas: { ...plain, page: { members: 50, lineItems: 10 }, testUser: true },
  moodle: { ...plain, page: { members: 10, lineItems: 5 }, query: true, curlyLinks: true },
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
  },
};
