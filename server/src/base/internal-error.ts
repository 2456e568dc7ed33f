/**
 * A failure of Nixray itself, never of the Nix code it looks at. The prefix
 * tells a user whom to tell.
 */
export class InternalError extends Error {
  constructor(message: string) {
    super(`Nixray internal error, please report it: ${message}`);
    this.name = 'InternalError';
  }
}

/** Marks a place that the types say cannot be reached. */
export function unreachable(what: string): never {
  throw new InternalError(`unreachable: ${what}`);
}
