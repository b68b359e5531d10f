/**
 * What the well-known systems have in common with themselves. Everything here is a default: a district's own setting wins, as every
 * installation is a little different.
 */
export const presetNames = ['generic', 'classlink', 'powerschool', 'infinite-campus', 'skyward', 'aeries', 'ed-fi'] as const;
export type PresetName = (typeof presetNames)[number];

export type Version = '1.1' | '1.2';
export type Preset = {
  title: string;
  version: Version;
  auth: 'oauth2' | 'oauth1' | 'bearer';
  clientAuth: 'basic' | 'body';
  signature: 'HMAC-SHA1' | 'HMAC-SHA256';
  /** Where tokens are handed out, below `url`; null: nobody can know, it has to be set. */
  tokenPath: string | null;
  pageSize: number;
};

const usual = { auth: 'oauth2', clientAuth: 'basic', signature: 'HMAC-SHA256', tokenPath: null, pageSize: 1000 } as const;

export const presets: Record<PresetName, Preset> = {
  generic: { ...usual, title: 'OneRoster', version: '1.2' },
  // Serves 1.1 paths also where 1.2 was sold.
  classlink: { ...usual, title: 'ClassLink Roster Server', version: '1.1', auth: 'oauth1', signature: 'HMAC-SHA1' },
  powerschool: { ...usual, title: 'PowerSchool SIS', version: '1.1', tokenPath: '/oauth/access_token' },
  // Both addresses are shown where the application was registered; the token's ends in ?appName=…
  'infinite-campus': { ...usual, title: 'Infinite Campus', version: '1.2' },
  skyward: { ...usual, title: 'Skyward', version: '1.1' },
  aeries: { ...usual, title: 'Aeries', version: '1.1', tokenPath: '/token' },
  // Clamps a page to 500 rows in silence.
  'ed-fi': { ...usual, title: 'Ed-Fi OneRoster', version: '1.2', tokenPath: '/oauth/token', pageSize: 500 },
};

const spec = (version: string, names: string[]) => names.map((name) => `https://purl.imsglobal.org/spec/or/${version}/scope/${name}`);

/** Demographics are not among them: nothing here needs them. */
export const scopesOf = (version: Version, gradebook: boolean): string[] =>
  version === '1.1'
    ? spec('v1p1', ['roster-core.readonly', 'roster.readonly', ...(gradebook ? ['gradebook.readonly'] : [])])
    : spec('v1p2', ['roster-core.readonly', 'roster.readonly', ...(gradebook ? ['gradebook.readonly', 'assessment.readonly'] : [])]);
