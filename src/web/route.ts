/** The address as the page reads it: `#/classes/12?measure=3` → { path: ['classes', '12'], query }. */
import { useLayoutEffect, useState } from 'preact/hooks';

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

/** @param onChange another screen is asked for, and not yet drawn; the first of all takes no focus away from the page around us */
export function useRoute(onChange: () => void): Route {
  const [route, setRoute] = useState(() => routeOf(location.hash));
  useLayoutEffect(() => {
    let here = route;
    const follow = () => {
      const next = routeOf(location.hash);
      if (here.path.length > 0 && here.key !== next.key) onChange();
      here = next;
      setRoute(next);
    };
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
