/** Waiting, in a thread that has nothing else to do. */

/** Reads from a stream or writes to it as soon as that can be done, also where the stream does not block. */
export function whenReady<T>(transfer: () => T): T {
  for (;;) {
    try {
      return transfer();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
    wait(5);
  }
}

export function wait(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
