/** Each of many, a few at a time: a roster of two hundred neither waits in line nor floods the host. */
export async function eachInParallel<T>(
  items: readonly T[],
  most: number,
  act: (item: T) => Promise<unknown>,
): Promise<void> {
  const waiting = [...items];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await act(next);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, work));
}
