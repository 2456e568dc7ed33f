/**
 * All places of a document that mean the same name. Names of scopes only: variables,
 * bindings of `let` and `rec`, parameters.
 */
import type { Range } from '../base/range';
import {
  meaningOf,
  nameAt,
  occurrences,
  type Meaning,
  type NameInText,
  type Occurrence,
} from '../names/declarations';
import type { ParsedFile } from '../syntax/parse';

/** A name, what it means, and where else that is meant. */
export interface Named {
  readonly name: NameInText;
  readonly meaning: Meaning;
  readonly all: readonly Occurrence[];
}

/** The name at an offset and all places that mean the same, in source order. */
export function namedAt(parsed: ParsedFile, offset: number): Named | undefined {
  const name = nameAt(parsed, offset);
  if (name === undefined) return undefined;
  const meaning = meaningOf(name);
  const binder = meaning.declaration?.binder;
  const from = binder ?? { node: parsed.root, at: parsed.rootAt };
  return { name, meaning, all: occurrences(from, name.name, binder?.node) };
}

export interface Highlight {
  readonly range: Range;
  readonly kind: 'read' | 'write';
}

/** The places that mean the name at an offset; none where there is no name of a scope. */
export function highlightsAt(parsed: ParsedFile, offset: number): Highlight[] {
  const named = namedAt(parsed, offset);
  return (named?.all ?? []).map(({ range, kind }) => ({
    range,
    kind: kind === 'declaration' ? 'write' : 'read',
  }));
}

/** The same as ranges, with or without the declaration. */
export function referencesAt(parsed: ParsedFile, offset: number, withDeclaration: boolean): Range[] {
  const named = namedAt(parsed, offset);
  return (named?.all ?? [])
    .filter(({ kind }) => withDeclaration || kind !== 'declaration')
    .map(({ range }) => range);
}
