/**
 * Classes are asked for one by one, several at once. What is about one of them stays with it while the others go on. Several in a row that
 * cannot be reached, very many that fail, or all of them: then it is not the classes, and what the last one said is thrown.
 */
import { AppError } from '../src/errors.ts';
import { abreast } from './abreast.ts';

const mostUnreachable = 3;
const mostFailed = 20;
const ofClasses = ['source_unreachable', 'source_throttled', 'source_denied', 'source_lacks', 'source_contract_broken'];

export type Asked<T, R> = { of: T; got: R; failure?: never } | { of: T; failure: AppError; got?: never };

/** @param some these are but some of the classes: all of them may fail */
export async function* oneByOne<T, R>(
  classes: readonly T[],
  width: number,
  work: (one: T) => Promise<R>,
  some = false,
): AsyncGenerator<Asked<T, R>> {
  let [failed, inARow, unreachable] = [0, 0, 0];
  const ask = (of: T): Promise<Asked<T, R>> =>
    work(of).then(
      (got) => ({ of, got }),
      (error: unknown) => ({ of, failure: ofOneClass(error) }),
    );
  for await (const asked of abreast(classes, width, ask)) {
    const { failure } = asked;
    if (failure) [failed, inARow, unreachable] = [failed + 1, inARow + 1, mayPass(failure) ? unreachable + 1 : 0];
    else [inARow, unreachable] = [0, 0];
    if (failure && (unreachable >= mostUnreachable || inARow >= mostFailed || (failed === classes.length && !some))) throw failure;
    yield asked;
  }
}

const mayPass = ({ code }: AppError) => code === 'source_unreachable' || code === 'source_throttled';

/** Anything else is about us, or somebody who stopped the run. */
function ofOneClass(error: unknown): AppError {
  if (error instanceof AppError && ofClasses.includes(error.code)) return error;
  throw error;
}

const mostNamed = 3;
/** For people: which classes. */
export const naming = (titles: readonly string[]): string =>
  titles.length > mostNamed
    ? `${titles.length.toLocaleString('en-US')} classes (among them ${titles.slice(0, mostNamed).join('; ')})`
    : titles.join('; ');
