/**
 * Long work of a thread that has others to answer, too. Such work is a generator
 * that yields wherever it could pause; who runs it says whether it does.
 */

/** Work with a result of type T. It yields often: at least once in a few milliseconds. */
export type Work<T> = Generator<void, T, void>;

/** Milliseconds of work before others have their turn. */
const portion = 10;

/** Does the work at once. */
export function finish<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/**
 * Does the work with pauses, in which messages are read and answered.
 * @param check is called after each pause, and ends the work by throwing
 */
export async function inPortions<T>(work: Work<T>, check: () => void): Promise<T> {
  for (;;) {
    const end = performance.now() + portion;
    do {
      const step = work.next();
      if (step.done === true) return step.value;
    } while (performance.now() < end);
    await new Promise((resolve) => setImmediate(resolve));
    check();
  }
}
