/** The manifest of a tab, as Teams wants it (1.17), for a district to put into a zip with two icons. Pure. */

export type ManifestOptions = { url: string; platformId: number; clientId: string; version: string };

/** https://learn.microsoft.com/microsoftteams/platform/resources/schema/manifest-schema */
export const manifestOf = ({ url, platformId, clientId, version }: ManifestOptions): object => ({
  $schema: 'https://developer.microsoft.com/json-schemas/teams/v1.17/MicrosoftTeams.schema.json',
  manifestVersion: '1.17',
  version,
  id: clientId,
  developer: { name: 'APTT Connect', websiteUrl: url, privacyUrl: url, termsOfUseUrl: url },
  name: { short: 'APTT Connect', full: 'APTT Connect: parent-teacher team meetings' },
  description: {
    short: 'Prepare team meetings with the families of your class.',
    full: 'Opens your class: who is in it, where it stands on a skill, and the next meeting with its families. For teachers.',
  },
  icons: { color: 'color.png', outline: 'outline.png' },
  accentColor: '#FFFFFF',
  staticTabs: [
    {
      entityId: 'class',
      name: 'My class',
      contentUrl: `${url}/lti/teams-${platformId}?hint={loginHint}`,
      websiteUrl: `${url}/lti/teams-${platformId}`,
      scopes: ['personal'],
    },
  ],
  permissions: ['identity'],
  validDomains: [new URL(url).host],
});
