/** One thing after another: what is begun inside ends before the next begins, whether it fails or not. */
export class Queue {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(act: () => Promise<T>): Promise<T> {
    const result = this.#last.then(act, act);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
