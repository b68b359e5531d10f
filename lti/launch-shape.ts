/** What a verified launch says, in our words. Wire claim names stop at claims.ts. */
export type Launch = {
  districtId: number;
  platformId: number;
  issuer: string;
  deploymentId: string;
  messageType: 'LtiResourceLinkRequest' | 'LtiDeepLinkingRequest';
  sub: string;
  /** Context (course) roles first, institution roles only where the context says nothing about the same thing. Least privilege: all false. */
  roles: { instructor: boolean; mentor: boolean; learner: boolean; administrator: boolean };
  /** The platform's made-up person (Canvas' "student view"): roles are all false and nothing about them is stored. */
  testUser: boolean;
  /** Null while a link is being placed: there is none yet. */
  resourceLinkId: string | null;
  /** What a picker is asked for; null when an ordinary link was opened. */
  deepLinking: DeepLinking | null;
  context: { id: string; title: string | null } | null;
  /** Where the platform takes the address for its notices, and which it sends; absent where it has none. */
  notices?: { url: string; types: string[] };
  /** Where the platform answers questions about this course: null where it does not, or not at an address we would call. */
  services: {
    /** Names and Roles: who is in the course. */
    membershipsUrl: string | null;
    /** Assignment and Grade Services: the course's columns of the grade book. */
    lineItemsUrl: string | null;
    /** Of Assignment and Grade Services: what the platform would grant us a token for. */
    scopes: string[];
  };
  /** lis.person_sourcedid; without it, on a platform whose custom parameters are trusted, custom `person_sourcedid` / `sis_user_id`. */
  personSourcedIds: string[];
  /** lis.course_section_sourcedid, lis.course_offering_sourcedid, custom `class_sourcedid` / `sis_section_ids`, in that order. */
  classSourcedIds: string[];
  /** role_scope_mentor: the subs of the children this mentor is here for. Empty when absent. */
  mentoredSubs: string[];
  /** custom `observee_sourcedids` (comma-separated), where trusted: the same children by sourcedId. Never more than mentoredSubs. */
  mentoredSourcedIds: string[];
  /** Custom parameters would have said who somebody is, and are not trusted on this platform. */
  customIdsUnheard: boolean;
  person: { givenName: string | null; familyName: string | null; email: string | null };
  locale: string | null;
  targetLinkUri: string;
};

/** Deep Linking 2.0 §3: what the platform takes, and where it wants it. */
export type DeepLinking = {
  returnUrl: string;
  /** Content item types, as the platform writes them. */
  accepts: string[];
  multiple: boolean;
  /** Goes back untouched; undefined when absent. */
  data?: unknown;
};
