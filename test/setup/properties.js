import fc from 'fast-check';

/**
 * A gate fails for what was changed: properties are tried on the same cases every time. `PROPERTIES=random npm test` explores others, and
 * `PROPERTIES=<seed>` has again what a failure printed.
 */
const { PROPERTIES = '20260817' } = process.env;
if (PROPERTIES !== 'random') fc.configureGlobal({ seed: Number(PROPERTIES) });
