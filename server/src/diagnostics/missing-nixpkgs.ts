/** The offer to fetch nixpkgs, for the one problem that it mends. */

const offer =
  '\nNixray can download a release of it: the command Nixray: Fetch nixpkgs…, or nixray fetch-nixpkgs in a terminal.';

/** Whether an error says that `<nixpkgs>`, or something in it, is not found. */
export function isMissingNixpkgs(code: string, message: string): boolean {
  return code === 'not-in-search-path' && /^file 'nixpkgs['/]/.test(message);
}

/** The message of an error, with the offer where it is of use. */
export function withOffer(code: string, message: string): string {
  return isMissingNixpkgs(code, message) ? message + offer : message;
}
