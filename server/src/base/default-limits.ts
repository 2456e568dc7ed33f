/** What evaluation may take unless somebody says otherwise. An editor's settings start with the same. */

/** Milliseconds for one request. */
export const defaultTimeout = 10_000;

/** MiB of heap. */
export const defaultMemory = 2048;

/** How deep calls may nest: C++ Nix's default of `max-call-depth`. */
export const defaultMaxCallDepth = 10_000;
