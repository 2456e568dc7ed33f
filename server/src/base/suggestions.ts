/**
 * "Did you mean …?": the names nearest to one that was not found, as C++ Nix
 * finds them (libutil/suggestions).
 */

/** A name that was not found, and names that may be meant, the nearest first. */
export interface SimilarNames {
  readonly name: string;
  readonly candidates: readonly string[];
}

const maxDistance = 2;
const maxSuggestions = 5;

/** The names within two edits of `name`, the nearest first; names at the same distance by bytes. */
export function bestMatches(names: Iterable<string>, name: string): string[] {
  const found: { name: string; distance: number }[] = [];
  for (const candidate of names) {
    if (Math.abs(candidate.length - name.length) > maxDistance) continue;
    const distance = editDistance(candidate, name);
    if (distance <= maxDistance) found.push({ name: candidate, distance });
  }
  found.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return found.slice(0, maxSuggestions).map((match) => match.name);
}

/** The question for names that may be meant, without a line end; empty where there are none. */
export function didYouMean(names: readonly string[]): string {
  if (names.length === 0) return '';
  const last = names[names.length - 1]!;
  return `Did you mean ${names.length === 1 ? last : `one of ${names.slice(0, -1).join(', ')} or ${last}`}?`;
}

/** The Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1;
      current.push(Math.min(current[j - 1]! + 1, previous[j]! + 1, previous[j - 1]! + cost));
    }
    previous = current;
  }
  return previous[b.length]!;
}
