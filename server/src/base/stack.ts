/**
 * The stack of the thread that runs. V8 has one error for a program that needs
 * too much of it, whatever the size is.
 */

let small = false;

/** Says that this thread has less stack than Nix code may need, and that there are threads with more. */
export function assumeSmallStack(): void {
  small = true;
}

export function stackIsSmall(): boolean {
  return small;
}

/** Throws what a full stack throws, unless there is enough left for Node to read a file, and to compile what it needs for that. */
export function reserveStack(frames = 1000): void {
  if (frames > 0) reserveStack(frames - 1);
}

/** No regular expression here: compiling one takes stack, of which there is none left. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack');
}
