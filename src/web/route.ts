/** The address as the page reads it: `#/classes/12?measure=3` → { path: ['classes', '12'], query }. */
import { useEffect, useState } from 'preact/hooks';

export type Route = { path: string[]; query: URLSearchParams; key: string };

export function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  return { path: path.split('/').filter(Boolean).map(plain), query: new URLSearchParams(query), key: path };
}

/** A hand-edited address may hold a broken escape: then it is simply no page of ours. */
function plain(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => routeOf(location.hash));
  useEffect(() => {
    const follow = () => setRoute(routeOf(location.hash));
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return route;
}

/** @param replace the page was only a step on the way: Back should not return to it */
export function go(address: string, replace = false): void {
  if (!replace) location.hash = address;
  else location.replace(`${location.pathname}${address}`);
}
