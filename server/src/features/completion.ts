/**
 * What may be written at a place of a document. The text decides which kinds of
 * names fit; it supplies those in scope, the builtins and the keywords. For
 * attributes, names from `with` and the formals of a function that is being
 * called, this file says what the evaluator has to be asked, and makes items of
 * its answer.
 *
 * The text before the cursor is seldom complete. A mark is therefore inserted at
 * the cursor, so that there is a name in the tree for what is being written.
 */
import { decodeUtf8, type Bytes } from '../base/bytes';
import { optionOfValue } from '../analysis/option-path';
import type { ParsedFile } from '../syntax/parse';
import { reparse } from '../syntax/reparse';
import { Kind, StringStyle } from '../syntax/tree';
import { nodesAt, type PlacedNode } from '../syntax/walk';
import { Context, mark } from './completion/context';
import { completionLimit, rank, type Completion, type CompletionItem } from './completion/items';
import { flakesToFollow } from './flake-names';

const plainText = /^[^\n\\$]*$/;
const wordBefore = /[A-Za-z_][A-Za-z0-9_'-]*$/;
const numberBefore = /(?:^|[^A-Za-z0-9_'-])\d+\.?\d*$/;
const searchPathBefore = /<((?:\w[\w.+-]*\/(?:[\w.+-]+\/)*)?)([\w.+-]*)$/;
const pathBefore = /(?:^|[\s([{=;:,!])((?:\.{1,2}|~|[\w+-][\w.+-]*)?\/(?:[\w.+-]+\/)*)([\w.+-]*)$/;

/** A name that comes next, and how far it is looked for. */
const nameBehind = /^\s+([A-Za-z_][A-Za-z0-9_'-]*)/;
const lookahead = 200;

const nothing = { items: [], questions: [], askedRank: rank.member, taken: new Set<string>() };

/**
 * Undefined where nothing can be completed: in comments, and in the text of strings that are
 * values of no option and of no input of a flake.
 * @param isFlake whether the document is a `flake.nix`
 */
export function completionAt(parsed: ParsedFile, offset: number, isFlake = false): Completion | undefined {
  const marked = reparse(parsed, { start: offset, end: offset, text: mark }).parsed;
  const path = nodesAt(marked, offset + mark.length).reverse();
  const lineStart = parsed.text.lastIndexOf('\n', offset - 1) + 1;
  const before = parsed.text.slice(lineStart, offset);
  if (path.some(({ node }) => node.kind === Kind.Path || node.kind === Kind.SearchPath))
    return searchPathCompletion(before, offset) ?? pathCompletion(before, offset);
  const last = path.at(-1);
  if (last?.node.kind === Kind.TextPart) return textCompletion(path, parsed.text, offset, isFlake);
  if (last?.node.kind !== Kind.Identifier) return undefined;
  const prefix = wordBefore.exec(before)?.[0] ?? '';
  const word = { start: offset - prefix.length, end: offset };
  // Something else than a word is going over into the mark, or a number is being written.
  if (last.at !== word.start || numberBefore.test(before)) return undefined;
  // Behind the quote that ends a string nothing begins.
  if (prefix === '' && before.endsWith('"')) return undefined;
  const found = { ...nothing, word, prefix, ...new Context(path, prefix, isFlake).completion() };
  // Behind a dot, the evaluator sees the name of the next line as part of the path.
  const next = nameBehind.exec(parsed.text.slice(offset, offset + lookahead))?.[1];
  if (next !== undefined && before.endsWith('.')) found.taken = new Set([...found.taken, decodeUtf8(next)]);
  // Without its `>`, what begins a search path is a comparison.
  const { questions = [] } = searchPathCompletion(before, offset) ?? {};
  return { ...found, questions: [...found.questions, ...questions] };
}

/**
 * In the text of a string: names, where the string is one; the values of an option that has but a
 * few, and the inputs that another one may follow.
 * @param path the nodes around the text, which is the last one
 */
function textCompletion(
  path: readonly PlacedNode[],
  text: Bytes,
  offset: number,
  isFlake: boolean,
): Completion | undefined {
  const string = path.at(-2);
  const start = path.at(-1)!.at;
  if (string?.node.kind !== Kind.String || string.node.style !== StringStyle.Quoted) return undefined;
  const prefix = text.slice(start, offset);
  // Text with escapes, and after an interpolation, is not what it looks like.
  if (string.node.partsAt[0] !== start - string.at || !plainText.test(prefix)) return undefined;
  const common = { ...nothing, word: { start, end: offset }, prefix };
  const owner = path.at(-3)?.node;
  if (owner?.kind === Kind.AttributePath || owner?.kind === Kind.Inherit) {
    return { ...common, inString: true, ...new Context(path.slice(0, -1), prefix, isFlake).completion() };
  }
  if (isFlake && owner?.kind === Kind.Binding) {
    const inputs = flakesToFollow(path.slice(0, -3), owner.path.names);
    if (inputs !== undefined) return { ...common, items: inputs.map(followedInput) };
  }
  const of = optionOfValue(path.slice(0, -1));
  if (of === undefined) return undefined;
  return { ...common, questions: [{ kind: 'values', of, inString: true, prefix, limit: completionLimit }] };
}

function followedInput(name: Bytes): CompletionItem {
  return { label: decodeUtf8(name), kind: 'value', detail: 'an input', rank: rank.member };
}

function searchPathCompletion(before: Bytes, offset: number): Completion | undefined {
  const [, folder, prefix] = searchPathBefore.exec(before) ?? [];
  if (folder === undefined || prefix === undefined) return undefined;
  const word = { start: offset - prefix.length, end: offset };
  const question = { kind: 'searchPath', of: folder, prefix, limit: completionLimit } as const;
  return { ...nothing, word, prefix, questions: [question] };
}

function pathCompletion(before: Bytes, offset: number): Completion | undefined {
  const [, folder, prefix] = pathBefore.exec(before) ?? [];
  if (folder === undefined || prefix === undefined) return undefined;
  const word = { start: offset - prefix.length, end: offset };
  return { ...nothing, word, prefix, folder };
}

/** All items for a prefix, sorted, as many as an editor is sent. */
export function chosenItems(
  { prefix, taken, inString = false }: Pick<Completion, 'prefix' | 'taken' | 'inString'>,
  items: readonly CompletionItem[],
): { readonly items: CompletionItem[]; readonly complete: boolean } {
  const wanted = decodeUtf8(prefix).toLowerCase();
  const seen = new Set<string>();
  const starting: CompletionItem[] = [];
  const others: CompletionItem[] = [];
  for (const item of items.toSorted((a, b) => a.rank - b.rank)) {
    if (taken.has(item.label) || seen.has(item.label)) continue;
    seen.add(item.label);
    const written = inString ? inQuotes(item) : item;
    if (written === undefined) continue;
    const label = item.label.toLowerCase();
    if (label.startsWith(wanted)) starting.push(written);
    else if (isSubsequence(wanted, label)) others.push(written);
  }
  const all = [...starting, ...others];
  return { items: all.slice(0, completionLimit), complete: all.length <= completionLimit };
}

/** A name as the text of a string; undefined for keywords, and for what would have to be escaped, which is not found by what is typed. */
function inQuotes({ insert: _insert, ...item }: CompletionItem): CompletionItem | undefined {
  return item.kind === 'keyword' || /[\n"\\$]/.test(item.label) ? undefined : item;
}

/** Editors match a word by any letters in its order. */
function isSubsequence(wanted: string, text: string): boolean {
  let found = 0;
  for (const letter of text) if (letter === wanted[found]) found++;
  return found === wanted.length;
}
