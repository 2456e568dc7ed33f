/**
 * Renaming of names of scopes: variables, bindings of `let` and `rec`, parameters.
 *
 * Attributes are names of values and may be meant by any file; a rename of a
 * formal or of a binding of `rec` changes those that the text shows to be the
 * same, in its file. One that would make any name mean something else is refused,
 * and so is one of an attribute that may be meant where the text does not show it.
 */
import { decodeUtf8, trimmedEnd, type Bytes } from '../base/bytes';
import { LineIndex } from '../base/line-index';
import type { Range } from '../base/range';
import { globalNames } from '../builtins/global-names';
import { meaningOf, nameAt, type Declaration, type Occurrence } from '../names/declarations';
import { staticErrors } from '../names/static-errors';
import { parse, type ParsedFile } from '../syntax/parse';
import { Kind, staticName, type InheritNode, type Node } from '../syntax/tree';
import { classifyAt, walk } from '../syntax/walk';
import { isIdentifier } from '../base/literals';
import { attributeMentions } from './attribute-mentions';
import { attributeOccurrences, type AttributeOccurrence, type GivenAway } from './attribute-occurrences';
import { namedAt, type Named } from './references';
import { applyEdits, type TextEdit } from './text-edit';

/** Why something cannot be renamed, as a sentence. */
export interface Refusal {
  readonly problem: string;
}

/** What would be renamed at an offset. */
export function renameTarget(parsed: ParsedFile, offset: number): { readonly range: Range } | Refusal {
  const named = namedAt(parsed, offset);
  if (named === undefined) return { problem: 'There is no variable, binding or parameter here to rename.' };
  return refusal(named) ?? { range: named.name.range };
}

function refusal({ name, meaning }: Named): Refusal | undefined {
  const shown = decodeUtf8(name.name);
  if (meaning.declaration !== undefined) {
    const isFixed = isReserved(meaning.declaration.binder.node, name.name);
    return isFixed
      ? { problem: `'${shown}' is a name that Nix gives a meaning of its own here.` }
      : undefined;
  }
  if (globalNames.has(name.name)) return { problem: `'${shown}' is a builtin, which cannot be renamed.` };
  if (meaning.withs.length > 0) {
    return { problem: `'${shown}' comes from a 'with', so this file does not say what it means.` };
  }
  return { problem: `Nothing in this file defines '${shown}'.` };
}

/** Whether a name says what the node that binds it does: the result of `let { … }`, the overrides of `rec { … }`. */
function isReserved(binder: Node, name: Bytes): boolean {
  if (binder.kind === Kind.LegacyLet) return name === 'body';
  return binder.kind === Kind.AttributeSet && name === '__overrides';
}

/** Why nothing can get a name. */
export function refusalOfName(name: Bytes): Refusal | undefined {
  if (isIdentifier(name) && name !== 'or') return undefined;
  return { problem: `'${decodeUtf8(name)}' is not a name that a variable can have.` };
}

/** The edits that rename what is at an offset. */
export function renameAt(parsed: ParsedFile, offset: number, newName: Bytes): readonly TextEdit[] | Refusal {
  const named = namedAt(parsed, offset);
  if (named === undefined) return renameTarget(parsed, offset) as Refusal;
  const refused = refusalOfName(newName) ?? refusal(named);
  if (refused !== undefined) return refused;
  if (newName === named.name.name) return [];
  const declaration = named.meaning.declaration!;
  if (isReserved(declaration.binder.node, newName))
    return { problem: `'${decodeUtf8(newName)}' is a name that Nix gives a meaning of its own here.` };
  const { places, givenAway } = renamedPlaces(parsed, named.all, declaration);
  const unknown = givenAway && unknownUse(parsed, givenAway, places, [named.name.name, newName]);
  if (unknown !== undefined) return unknown;
  const edits = places.flatMap((occurrence) => editsOf(parsed, occurrence, named.name.name, newName));
  if (!keepsMeaning(parsed, edits, declaration.range.start)) {
    return {
      problem: `'${decodeUtf8(newName)}' already has a meaning where '${decodeUtf8(named.name.name)}' is used.`,
    };
  }
  return edits.map(({ range, text }) => ({ range, text }));
}

/**
 * Why the uses of what is given away could come to name something else: whoever calls a function names
 * its argument, and a set that is used as a whole may be what another place takes an attribute from.
 */
function unknownUse(
  parsed: ParsedFile,
  { value, at }: GivenAway,
  places: readonly AttributeOccurrence[],
  [oldName, newName]: readonly [Bytes, Bytes],
): Refusal | undefined {
  const lines = new LineIndex(parsed.text);
  const line = (offset: number): number => lines.position(offset).line + 1;
  if (value === 'with') {
    const problem = `'${decodeUtf8(oldName)}' in line ${line(at)} may come from another 'with', which is nearer.`;
    return { problem };
  }
  if (value === 'function') {
    const problem = `'${decodeUtf8(oldName)}' is the name by which the function is given this argument, and not all its calls are known: see line ${line(at)}.`;
    return { problem };
  }
  const known = new Set(places.map(({ range }) => range.start));
  for (const name of [oldName, newName]) {
    const other = attributeMentions(parsed, name).find((start) => !known.has(start));
    if (other === undefined) continue;
    const problem = `The set that has '${decodeUtf8(oldName)}' is used as a whole in line ${line(at)}, so '${decodeUtf8(name)}' in line ${line(other)} may be an attribute of it.`;
    return { problem };
  }
  return undefined;
}

/** The places of a file that go with a formal of a function: its uses, and what calls pass and select, as far as the text tells. */
export function placesOfFormal(
  parsed: ParsedFile,
  offset: number,
  newName: Bytes,
): readonly AttributeOccurrence[] | Refusal {
  const named = namedAt(parsed, offset);
  const declaration = named?.meaning.declaration;
  if (named === undefined || declaration === undefined) return [];
  const { places, givenAway } = renamedPlaces(parsed, named.all, declaration);
  return (givenAway && unknownUse(parsed, givenAway, places, [named.name.name, newName])) ?? places;
}

/** Names that Nix reads itself, wherever they are attributes. */
const readByNix = new Set(['outPath', 'drvPath', '__functor', '__functionArgs', '__toString', '__overrides']);

/** Why an attribute cannot get a name, or lose it. */
export function refusalOfAttribute(oldName: Bytes, newName: Bytes): Refusal | undefined {
  const special = [oldName, newName].find((name) => readByNix.has(name));
  if (special === undefined) return refusalOfName(newName);
  return { problem: `'${decodeUtf8(special)}' is a name that Nix gives a meaning of its own here.` };
}

/** The places of a name and those of the attribute that it stands for, in source order. */
function renamedPlaces(
  parsed: ParsedFile,
  names: readonly Occurrence[],
  declaration: Declaration,
): { readonly places: readonly AttributeOccurrence[]; readonly givenAway: GivenAway | undefined } {
  const attribute = attributeOccurrences(parsed, declaration);
  return { places: eachOnce([...names, ...attribute.places]), givenAway: attribute.givenAway };
}

/** Places in source order. Where an `inherit` both takes what is renamed and names it, it stays as it is. */
function eachOnce(all: readonly AttributeOccurrence[]): AttributeOccurrence[] {
  const places = new Map<number, AttributeOccurrence>();
  for (const place of all) {
    const { range, kind } = place;
    const known = places.get(range.start);
    if (known === undefined) places.set(range.start, place);
    else if (known.kind !== kind) places.set(range.start, { range, kind: 'use' });
  }
  return [...places.values()].sort((a, b) => a.range.start - b.range.start);
}

/**
 * The edits that rename an attribute at places of a file, whatever has told that they mean it.
 * Refused where a variable of the old or the new name would mean something else then.
 */
export function attributeEdits(
  parsed: ParsedFile,
  places: readonly AttributeOccurrence[],
  oldName: Bytes,
  newName: Bytes,
): readonly TextEdit[] | Refusal {
  const edits = eachOnce(places).flatMap((place) => editsOf(parsed, place, oldName, newName));
  const after = parse(applyEdits(parsed.text, edits), parsed.options);
  if (!keepsVariables(parsed, edits, after, [oldName, newName]))
    return {
      problem: `'${decodeUtf8(newName)}' already has a meaning where '${decodeUtf8(oldName)}' is used.`,
    };
  if (countErrors(after) > countErrors(parsed))
    return { problem: `The set that has '${decodeUtf8(oldName)}' has '${decodeUtf8(newName)}', too.` };
  return edits.map(({ range, text }) => ({ range, text }));
}

function countErrors(parsed: ParsedFile): number {
  return parsed.errors.length + staticErrors(parsed, globalNames).length;
}

/** Where names stand in the text of an edit. */
interface NamePlaces {
  readonly nameAt: number;
  /** Where it goes on binding the old name, if it does. */
  readonly keepsAt?: number;
  /** Where it goes on reading the variable of the old name, if it does. */
  readonly readsAt?: number;
}

/** An edit; of one that does not only delete, the places in its text, and where the old name stood. */
type NameEdit = TextEdit & { readonly names?: NamePlaces & { readonly replaces: number } };

/** Where a name stands in an `inherit`, the attribute and the variable part ways. */
function editsOf(
  parsed: ParsedFile,
  { range, kind, inherit }: AttributeOccurrence,
  oldName: Bytes,
  newName: Bytes,
): NameEdit[] {
  const replaces = range.start;
  if (inherit === undefined) return [{ range, text: newName, names: { nameAt: 0, replaces } }];
  const { text } = parsed;
  const { node, at } = inherit;
  const written = text.slice(range.start, range.end);
  const source = node.source === undefined ? undefined : sourceText(text, inherit);
  const isOnly = node.names.length === 1;
  const prefix = isOnly ? '' : ' ';
  const parted = partedBinding(prefix, { kind, written, source }, oldName, newName);
  const edit = { text: parted.text, names: { ...parted.names, replaces } };
  const end = at + node.width;
  if (isOnly) return [{ range: { start: at, end }, ...edit }];
  return [
    { range: { start: startWithSpace(parsed, range.start), end: range.end }, text: '' },
    { range: { start: end, end }, ...edit },
  ];
}

/** The binding that comes in the place of a name in an `inherit`, behind a prefix. */
function partedBinding(
  prefix: string,
  { kind, written, source }: { kind: AttributeOccurrence['kind']; written: Bytes; source: Bytes | undefined },
  oldName: Bytes,
  newName: Bytes,
): { readonly text: Bytes; readonly names: NamePlaces } {
  const at = prefix.length;
  if (kind === 'declaration') {
    const start = `${prefix}${newName} = `;
    return source === undefined
      ? { text: `${start}${oldName};`, names: { nameAt: at, readsAt: start.length } }
      : { text: `${start}${source}.${written};`, names: { nameAt: at } };
  }
  const start = `${prefix}${written} = ${kind === 'selected' ? `${source}.` : ''}`;
  return { text: `${start}${newName};`, names: { nameAt: start.length, keepsAt: at } };
}

/** Where the white space before a name starts; what follows must not end up in a comment that the space ends. */
function startWithSpace(parsed: ParsedFile, at: number): number {
  const before = trimmedEnd(parsed.text.slice(0, at)).length;
  return classifyAt(parsed, before - 1).class === 'comment' ? at : before;
}

/** The source of an `inherit` as something that an attribute can be selected from. */
function sourceText(text: Bytes, { node, at }: { readonly node: InheritNode; readonly at: number }): Bytes {
  const start = at + node.sourceAt;
  const source = text.slice(start, start + node.source!.width);
  const { kind } = node.source!;
  return kind === Kind.Identifier || kind === Kind.Select || kind === Kind.Parenthesised
    ? source
    : `(${source})`;
}

/**
 * Whether, after the edits, the same places mean the declaration as before, and
 * no others: none was caught by another one of the new name, and none of the
 * new name is caught by it.
 */
function keepsMeaning(parsed: ParsedFile, edits: readonly NameEdit[], declaredAt: number): boolean {
  const places = newPlaces(edits);
  const after = parse(applyEdits(parsed.text, edits), parsed.options);
  const found = namedAt(after, places.get(declaredAt)!);
  if (found?.meaning.declaration === undefined) return false;
  const expected = [...places.values()].sort((a, b) => a - b);
  const { places: all } = renamedPlaces(after, found.all, found.meaning.declaration);
  return all.length === expected.length && all.every(({ range }, i) => range.start === expected[i]);
}

/** Where something stands once all edits are made, by where the old names stood: the new name, unless something else is asked for. */
function newPlaces(
  edits: readonly NameEdit[],
  asked: keyof NamePlaces = 'nameAt',
): ReadonlyMap<number, number> {
  const places = new Map<number, number>();
  let moved = 0;
  for (const { range, text, names } of edits.toSorted((a, b) => a.range.start - b.range.start)) {
    if (names !== undefined) places.set(names.replaces, range.start + moved + (names[asked] ?? names.nameAt));
    moved += text.length - (range.end - range.start);
  }
  return places;
}

/** Whether all variables of some names are bound where they were, or by nothing in the text as they were. */
function keepsVariables(
  parsed: ParsedFile,
  edits: readonly NameEdit[],
  after: ParsedFile,
  names: readonly Bytes[],
): boolean {
  const read = newPlaces(edits, 'readsAt');
  const declared = newPlaces(edits, 'keepsAt');
  const moved = (offset: number): number =>
    edits.reduce(
      (sum, { range, text }) => (range.end <= offset ? sum + text.length - (range.end - range.start) : sum),
      offset,
    );
  return variablesOf(parsed, names).every((start) => {
    const declaredAt = declarationAt(parsed, start);
    const declaredAfter = declarationAt(after, read.get(start) ?? moved(start));
    return (
      declaredAfter ===
      (declaredAt === undefined ? undefined : (declared.get(declaredAt) ?? moved(declaredAt)))
    );
  });
}

/** Where the variables of some names stand, as expressions or in `inherit`s. */
function variablesOf(parsed: ParsedFile, names: readonly Bytes[]): number[] {
  const found: number[] = [];
  walk(parsed.root, parsed.rootAt, (node, at) => {
    if (node.kind === Kind.Identifier && names.includes(node.name)) found.push(at);
    if (node.kind !== Kind.Inherit || node.source !== undefined) return;
    node.names.forEach((name, i) => {
      if (names.includes(staticName(name) ?? '')) found.push(at + node.namesAt[i]!);
    });
  });
  return [...new Set(found)].filter((at) => {
    const role = nameAt(parsed, at)?.role;
    return role === 'variable' || role === 'inherited';
  });
}

/** Where the variable at an offset is declared. */
function declarationAt(parsed: ParsedFile, offset: number): number | undefined {
  const name = nameAt(parsed, offset);
  return name && meaningOf(name).declaration?.range.start;
}
