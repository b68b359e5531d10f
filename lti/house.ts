/**
 * For which platforms a host may speak. Whoever serves a configuration speaks for its own host and for nobody else, neither the host above it
 * nor one below: otherwise anybody with a page at a school's address could register keys of theirs under the platform's name. Pure.
 */

/** Platforms that are known to sign under a name of their maker's, whichever of its hosts they stand at. */
const houses = [
  { issuer: /^canvas(\.beta|\.test)?\.instructure\.com$/, hosts: /(^|\.)(instructure|canvaslms)\.com$/ },
  { issuer: /^blackboard\.com$/, hosts: /(^|\.)blackboard\.com$/ },
];

/** Who speaks for their maker may name addresses of that house only. */
export function speaksFor(issuer: string, configurationUrl: string, addresses: string[]): boolean {
  const [whose, from] = [new URL(issuer), new URL(configurationUrl)];
  if (from.origin === whose.origin) return true;
  const house = houses.find((each) => each.issuer.test(whose.hostname));
  const isInside = (url: URL) => house !== undefined && url.protocol === 'https:' && url.port === '' && house.hosts.test(url.hostname);
  return [issuer, configurationUrl, ...addresses].every((address) => isInside(new URL(address)));
}
