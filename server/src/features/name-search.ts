/**
 * Searching names as people do: by the start of a name, by a part, or by letters of it
 * in their order. How well a name fits is a number; upper and lower case are the same.
 */

/** How a name fits, from best to worst. */
const enum Fit {
  Whole,
  Start,
  /** At the start of a word in the name, such as `bar` in `fooBar` and `foo-bar`. */
  Word,
  Part,
  Letters,
}

/** A query, made ready for many names. */
export class NameSearch {
  private readonly query: string;

  constructor(query: string) {
    this.query = query.toLowerCase();
  }

  /** The lower, the better the name fits; undefined if it does not. A shorter name fits better than a longer one. */
  rank(name: string): number | undefined {
    const fit = this.fitOf(name);
    return fit === undefined ? undefined : fit * longestName + Math.min(name.length, longestName - 1);
  }

  private fitOf(name: string): Fit | undefined {
    const { query } = this;
    if (query.length > name.length || !hasLetters(name, query)) return undefined;
    const lower = name.toLowerCase();
    const at = lower.indexOf(query);
    if (at < 0) return Fit.Letters;
    if (at === 0) return query.length === name.length ? Fit.Whole : Fit.Start;
    for (let next = at; next >= 0; next = lower.indexOf(query, next + 1))
      if (startsWord(name, next)) return Fit.Word;
    return Fit.Part;
  }
}

/** Lengths of longer names do not matter any more. */
const longestName = 256;

/** Whether the letters of a query, which are in lower case, stand in a name in their order. */
function hasLetters(name: string, query: string): boolean {
  let found = 0;
  for (let i = 0; i < name.length && found < query.length; i++) {
    const wanted = query.charCodeAt(found);
    const unit = name.charCodeAt(i);
    if (unit === wanted || (unit < 128 ? isUpper(unit) && unit + 32 === wanted : lowerOf(unit) === wanted))
      found++;
  }
  return found === query.length;
}

function isUpper(unit: number): boolean {
  return unit >= 65 && unit <= 90;
}

function lowerOf(unit: number): number {
  return String.fromCharCode(unit).toLowerCase().charCodeAt(0);
}

function startsWord(name: string, at: number): boolean {
  const before = name.charCodeAt(at - 1);
  const isLetter = (before >= 97 && before <= 122) || isUpper(before) || (before >= 48 && before <= 57);
  return !isLetter || (isUpper(name.charCodeAt(at)) && !isUpper(before));
}
