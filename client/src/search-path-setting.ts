// The setting `searchPath` after a nixpkgs was fetched.

/**
 * The entries with `entry` before them, and without another nixpkgs that was fetched
 * into the same folder before. What the user wrote stays.
 */
export function withFetched(entries: readonly string[], entry: string): string[] {
  const folder = entry.slice(0, entry.lastIndexOf('/') + 1);
  return [entry, ...entries.filter((each) => !each.startsWith(folder))];
}
