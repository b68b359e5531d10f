/**
 * For which platforms a host may speak. Whoever serves a configuration speaks for its own host and for nobody else: otherwise anybody could
 * register keys of theirs under another platform's name. Pure.
 */

const instructure = /(^|\.)(instructure|canvaslms)\.com$/;
const canvasIssuer = /^canvas(\.beta|\.test)?\.instructure\.com$/;

/**
 * A host below the issuer's belongs to the issuer (Blackboard: developer.blackboard.com for blackboard.com), and every Canvas of Instructure's
 * shares one issuer. Such a speaker may name addresses of the same house only.
 */
export function speaksFor(issuer: string, configurationUrl: string, addresses: string[]): boolean {
  const [whose, from] = [new URL(issuer), new URL(configurationUrl)];
  const named = from.host === whose.host ? [] : addresses;
  return [configurationUrl, ...named].every((address) => isOfHouse(new URL(address), whose));
}

const isOfHouse = (url: URL, issuer: URL): boolean =>
  url.host === issuer.host ||
  url.hostname.endsWith(`.${issuer.hostname}`) ||
  (canvasIssuer.test(issuer.hostname) && url.protocol === 'https:' && instructure.test(url.hostname));
