/** Several questions under way at once; their answers come in the order they were put. A failure is thrown where its answer is due. */
export async function* abreast<T, R>(items: Iterable<T>, width: number, work: (item: T) => Promise<R>): AsyncGenerator<R> {
  const underway: Promise<R>[] = [];
  for (const item of items) {
    const answer = work(item);
    answer.catch(() => {}); // told when it is taken
    underway.push(answer);
    if (underway.length >= width) yield (await underway.shift()) as R; // there is one: it was just put
  }
  for (const answer of underway) yield await answer;
}
