/**
 * The service as it is shipped, which `npm run bench` has just built: a loader for TypeScript names each function anew wherever it is made,
 * and that would be measured too.
 */
import { createRequire } from 'node:module';

const at = (path: string) => new URL(`../dist/${path}`, import.meta.url);

/** A module of the build. `T` is the type of its source. */
export const built = async <T>(path: string): Promise<T> => import(at(path).href) as Promise<T>; // compiled from that source

/** A package as the service finds it: a peer's older one of the same name lies nearer to the benches. */
export const packageOf = <T>(name: string): T => createRequire(at('src/main.js'))(name) as T; // the caller names its type
