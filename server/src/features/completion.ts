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
import { decodeUtf8, encodeUtf8, type Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import { builtinRecords, constantRecords, globalName, literals } from '../builtins/registry';
import { globalNames } from '../builtins/global-names';
import { optionOfBinding, optionOfValue } from '../analysis/option-path';
import type { Member, Members, MembersQuestion, OptionPath, ValuePath } from '../evaluator/service';
import { boundNames, bindsNames, lookUp, parameterNames } from '../names/declarations';
import { freeNames } from '../names/free-names';
import type { ParsedFile } from '../syntax/parse';
import { reparse } from '../syntax/reparse';
import {
  Kind,
  StringStyle,
  staticName,
  type AttributePathNode,
  type CallNode,
  type Node,
} from '../syntax/tree';
import { nodesAt, type PlacedNode } from '../syntax/walk';
import { printAttributeName } from '../values/literals';
import type { BuiltinRecord, ConstantRecord } from '../vm/builtin-record';
import { valueBefore } from './definition';
import { flakeInputs, flakeNames, flakesToFollow } from './flake-names';
import { entryItems } from './path-completion';

/** How many items are sent at most. */
export const completionLimit = 200;

export type CompletionKind =
  'variable' | 'parameter' | 'function' | 'set' | 'value' | 'attribute' | 'keyword' | 'file' | 'folder';

export interface CompletionItem {
  /** As it is shown. */
  readonly label: string;
  /** As it is written, where that differs. */
  readonly insert?: string;
  readonly kind: CompletionKind;
  /** A few words beside the label. */
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
  /** Items of a lower rank stand first. */
  readonly rank: number;
  /** The value behind it, for those who want to know more. */
  readonly value?: ValuePath | OptionPath | { readonly variable: Bytes };
}

/** Completion at a place, as far as the text goes. */
export interface Completion {
  /** The part of the word before the cursor; an item replaces it. */
  readonly word: Range;
  readonly prefix: Bytes;
  readonly items: readonly CompletionItem[];
  readonly questions: readonly MembersQuestion[];
  /** The rank of the names that the questions give. */
  readonly askedRank: number;
  /** Names that are there already, as labels show them. */
  readonly taken: ReadonlySet<string>;
  /** The folder part of a path that is being written, such as `./lib/`. */
  readonly folder?: Bytes;
}

/** Continues every word, and makes a keyword a name. */
const mark = 'x_';

const plainText = /^[^\n\\$]*$/;
const wordBefore = /[A-Za-z_][A-Za-z0-9_'-]*$/;
const numberBefore = /(?:^|[^A-Za-z0-9_'-])\d+\.?\d*$/;
const searchPathBefore = /<((?:\w[\w.+-]*\/(?:[\w.+-]+\/)*)?)([\w.+-]*)$/;
const pathBefore = /(?:^|[\s([{=;:,!])((?:\.{1,2}|~|[\w+-][\w.+-]*)?\/(?:[\w.+-]+\/)*)([\w.+-]*)$/;

const rank = { member: 0, formal: 0, local: 1, with: 2, global: 3, keyword: 4, hidden: 5 };

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
  // Without its `>`, what begins a search path is a comparison.
  const { questions = [] } = searchPathCompletion(before, offset) ?? {};
  return { ...found, questions: [...found.questions, ...questions] };
}

/**
 * In the text of a string: the values of an option that has but a few, and the inputs that another
 * one may follow.
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
  const binding = path.at(-3)?.node;
  if (isFlake && binding?.kind === Kind.Binding) {
    const inputs = flakesToFollow(path.slice(0, -3), binding.path.names);
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

type Found = Partial<Pick<Completion, 'items' | 'questions' | 'askedRank' | 'taken'>>;

/** The nodes around the word; the last one is the word itself. */
class Context {
  constructor(
    private readonly path: readonly PlacedNode[],
    private readonly prefix: Bytes,
    private readonly isFlake: boolean,
  ) {}

  completion(): Found {
    const { node } = this.path.at(-1)!;
    const parent = this.at(-2);
    switch (parent?.node.kind) {
      case Kind.AttributePath:
        return this.inAttributePath(parent);
      case Kind.Inherit:
        return parent.node.source === node ? this.expression() : this.inInherit(parent);
      case Kind.Formal:
        return parent.node.name === node ? this.formalName() : this.expression();
      case Kind.Lambda:
        return parent.node.parameter === node ? {} : this.expression();
      default:
        return this.expression();
    }
  }

  private at(index: number): PlacedNode | undefined {
    return this.path.at(index);
  }

  private members(of: ValuePath, kind: 'attributes' | 'formals' = 'attributes'): MembersQuestion {
    return { kind, of, prefix: this.prefix, limit: completionLimit };
  }

  private inAttributePath({ node, at }: PlacedNode): Found {
    const path = node as AttributePathNode;
    const index = path.names.indexOf(this.path.at(-1)!.node as never);
    const owner = this.at(-3);
    if (owner?.node.kind === Kind.Binding)
      return index === 0
        ? this.bindingName(path)
        : { items: this.namesOfFlake(path, index), questions: this.optionsBelow(path, index) };
    if (owner?.node.kind !== Kind.Select && owner?.node.kind !== Kind.HasAttribute) return {};
    const { target } = owner.node;
    if (index === 0 && target.kind === Kind.Identifier && target.name === 'builtins') {
      const around = this.path.slice(0, -3);
      if (lookUp(around, owner.node, 'builtins').declaration === undefined)
        return { items: builtinMembers() };
    }
    return {
      items: index === 0 ? this.inputsIn(target, this.path.slice(0, -2)) : [],
      questions: [this.members(valueBefore({ node: target, at: owner.at }, path, at, index))],
    };
  }

  /** The name of a binding: of a formal, if the set is an argument. */
  private bindingName(path: AttributePathNode): Found {
    const owner = this.at(-4)!;
    const items: CompletionItem[] = path.names.length === 1 ? [keyword('inherit')] : [];
    if (owner.node.kind === Kind.Let) return { items: [...items, keyword('in')] };
    if (owner.node.kind !== Kind.AttributeSet) return { items };
    const taken = new Set<string>();
    const self = this.at(-2)!.at;
    for (const { name, range, binding } of boundNames(owner.node, owner.at)) {
      const isWhole = binding.kind === Kind.Inherit || binding.path.names.length === 1;
      if (range.start !== self && isWhole) taken.add(decodeUtf8(name));
    }
    items.push(...this.namesOfFlake(path, 0));
    const call = this.callAround(owner);
    const formals = call === undefined ? [] : this.formalsOf(call, owner.at);
    return { items, taken, questions: [...formals, ...this.optionsBelow(path, 0)] };
  }

  /** The names that a flake may bind, behind the first names of a binding's path. */
  private namesOfFlake(path: AttributePathNode, count: number): CompletionItem[] {
    if (!this.isFlake) return [];
    const names = flakeNames(this.path.slice(0, -3), path.names.slice(0, count), path.names[count]);
    return Object.entries(names).map(([label, detail]) => {
      const insert = decodeUtf8(printAttributeName(encodeUtf8(label)));
      return {
        label,
        ...(insert !== label && { insert }),
        kind: 'attribute',
        detail,
        rank: rank.member,
      };
    });
  }

  /**
   * The inputs that a flake names, where a variable is what its outputs are called with. What
   * evaluation finds stands before them.
   */
  private inputsIn(variable: Node, around: readonly PlacedNode[]): CompletionItem[] {
    if (!this.isFlake || variable.kind !== Kind.Identifier) return [];
    const { declaration } = lookUp(around, variable, variable.name);
    const lambda = declaration?.binder.node;
    if (declaration?.kind !== 'parameter' || lambda?.kind !== Kind.Lambda) return [];
    const declared = flakeInputs(this.path, lambda);
    if (declared.length === 0) return [];
    // A formal that no input is named for is one as well, found by the flake registry.
    const formals = lambda.formals?.formals.map(({ name }) => name.name) ?? [];
    return [...new Set([...declared, ...formals])].map((name) => {
      return { label: decodeUtf8(name), kind: 'attribute', detail: 'an input', rank: rank.local };
    });
  }

  /** The options that a module may set, behind the first names of a binding's path. */
  private optionsBelow(path: AttributePathNode, count: number): MembersQuestion[] {
    const of = optionOfBinding(this.path.slice(0, -3), path.names.slice(0, count));
    return of === undefined ? [] : [{ kind: 'options', of, prefix: this.prefix, limit: completionLimit }];
  }

  /** The call of which a node is an argument, maybe in parentheses. */
  private callAround(argument: PlacedNode): (PlacedNode & { node: CallNode }) | undefined {
    const index = this.path.indexOf(argument);
    const call = this.path[index - 1];
    return call?.node.kind === Kind.Call && call.node.callee !== argument.node
      ? { node: call.node, at: call.at }
      : undefined;
  }

  /** What the function takes that a call applies, with all its arguments before the one at an offset. */
  private formalsOf({ node, at }: PlacedNode & { node: CallNode }, offset: number): MembersQuestion[] {
    const index = node.argsAt.findIndex((argumentAt) => at + argumentAt === offset);
    const previous = node.args[index - 1] ?? node.callee;
    const previousAt = index > 0 ? at + node.argsAt[index - 1]! : at;
    const end = previousAt + previous.width;
    const questions = [this.members({ target: { start: at, end }, names: [] }, 'formals')];
    // `callPackage ./file.nix { … }` gives arguments to the function in the file.
    if (previous.kind === Kind.Path || previous.kind === Kind.SearchPath)
      questions.unshift(this.members({ target: { start: previousAt, end }, names: [] }, 'formals'));
    return questions;
  }

  private inInherit({ node, at }: PlacedNode): Found {
    if (node.kind !== Kind.Inherit) return {};
    const taken = new Set<string>();
    for (const name of node.names) {
      const text = staticName(name);
      if (text !== undefined && name !== this.path.at(-1)!.node) taken.add(decodeUtf8(text));
    }
    if (node.source === undefined) {
      return { taken, ...this.variables(this.path.slice(0, -3), this.at(-3)!.node) };
    }
    const start = at + node.sourceAt;
    const target = { start, end: start + node.source.width };
    const items = this.inputsIn(node.source, this.path.slice(0, -2));
    return { taken, items, questions: [this.members({ target, names: [] })] };
  }

  /** A new formal is most likely a name that the function uses and nobody defines. */
  private formalName(): Found {
    const lambda = this.at(-4);
    if (lambda?.node.kind !== Kind.Lambda) return {};
    const { lexical, dynamic } = freeNames(lambda.node.body);
    const own = new Set([...parameterNames(lambda.node, lambda.at)].map(({ name }) => name));
    const around = this.path.slice(0, -4);
    const isFree = (name: string): boolean =>
      !own.has(name) && !globalNames.has(name) && lookUp(around, lambda.node, name).declaration === undefined;
    const items = [...lexical, ...dynamic].filter(isFree).map((name): CompletionItem => {
      return { label: decodeUtf8(name), kind: 'parameter', detail: 'used in the function', rank: rank.local };
    });
    for (const name of this.isFlake ? flakeInputs(this.path, lambda.node) : []) {
      if (own.has(name)) continue;
      items.push({ label: decodeUtf8(name), kind: 'parameter', detail: 'an input', rank: rank.local });
    }
    return { items };
  }

  private expression(): Found {
    const around = this.path.slice(0, -1);
    const variables = this.variables(around, this.path.at(-1)!.node);
    const keywords = this.keywords().map(keyword);
    const items = [...variables.items, ...globals(this.prefix), ...keywords];
    return { ...variables, items, questions: [...variables.questions, ...this.valuesOfOption()] };
  }

  /** The values of the option that the expression is written for, if it has but a few. */
  private valuesOfOption(): MembersQuestion[] {
    const of = optionOfValue(this.path);
    if (of === undefined) return [];
    return [{ kind: 'values', of, inString: false, prefix: this.prefix, limit: completionLimit }];
  }

  /** The variables that are visible in the last of some nodes, of which `below` is a child. */
  private variables(around: readonly PlacedNode[], below: Node): Required<Omit<Found, 'taken'>> {
    const items = new Map<string, CompletionItem>();
    const questions: MembersQuestion[] = [];
    let child = below;
    for (const placed of around.toReversed()) {
      const { node, at } = placed;
      if (node.kind === Kind.With && child === node.body) {
        const start = at + node.environmentAt;
        const target = { start, end: start + node.environment.width };
        questions.push(this.members({ target, names: [] }));
      }
      for (const { name, kind } of namesBoundBy(placed))
        if (!items.has(name)) items.set(name, local(name, kind));
      child = node;
    }
    items.delete(this.prefix + mark);
    return { items: [...items.values()], questions, askedRank: rank.with };
  }

  /** The keywords that fit here; those that end a part of an expression only inside of it. */
  private keywords(): string[] {
    const words = ['let', 'rec', 'with', 'if', 'assert'];
    const parent = this.at(-2)?.node;
    if (parent?.kind !== Kind.Call || parent.callee === this.path.at(-1)!.node) return words;
    const outer = this.path.findLast(({ node }) => node.kind === Kind.If || node.kind === Kind.Let)?.node;
    if (outer?.kind === Kind.If) words.push('then', 'else');
    if (outer?.kind === Kind.Let) words.push('in');
    return words;
  }
}

function* namesBoundBy({ node, at }: PlacedNode): Iterable<{ name: string; kind: CompletionKind }> {
  if (node.kind === Kind.Lambda) {
    for (const { name } of parameterNames(node, at)) yield { name, kind: 'parameter' };
  } else if (bindsNames(node)) {
    const kind = node.kind === Kind.AttributeSet ? 'attribute' : 'variable';
    for (const { name } of boundNames(node, at)) yield { name, kind };
  }
}

function local(name: Bytes, kind: CompletionKind): CompletionItem {
  return {
    label: decodeUtf8(name),
    kind,
    rank: rank.local,
    value: { variable: name },
  };
}

function keyword(word: string): CompletionItem {
  return { label: word, kind: 'keyword', rank: rank.keyword };
}

function literalItems(at: number): CompletionItem[] {
  return literals.map(([label]) => ({ label, kind: 'value', rank: at }));
}

/** The global scope; names that begin with underscores only for those who ask for them. */
function globals(prefix: Bytes): CompletionItem[] {
  const items: CompletionItem[] = [
    { label: 'builtins', kind: 'set', rank: rank.global },
    ...literalItems(rank.global),
  ];
  for (const record of builtinRecords) {
    if (record.global === true) items.push(builtinItem(record, record.name, rank.global));
    else if (prefix.startsWith('_')) items.push(builtinItem(record, globalName(record), rank.hidden));
  }
  for (const record of constantRecords) {
    if (record.scope === 'name') items.push(constantItem(record, record.name, rank.global));
    else if (prefix.startsWith('_')) items.push(constantItem(record, globalName(record), rank.hidden));
  }
  return dedupe(items);
}

/** The attributes of `builtins`, without evaluating it. */
function builtinMembers(): CompletionItem[] {
  return dedupe([
    ...builtinRecords.map((record) => builtinItem(record, record.name, rank.member)),
    ...constantRecords.map((record) => constantItem(record, record.name, rank.member)),
    ...literalItems(rank.member),
  ]);
}

function builtinItem(record: BuiltinRecord, label: string, itsRank: number): CompletionItem {
  return {
    label,
    kind: 'function',
    detail: record.parameters.map(({ name }) => `${name}:`).join(' '),
    documentation: record.documentation,
    rank: itsRank,
  };
}

function constantItem(record: ConstantRecord, label: string, itsRank: number): CompletionItem {
  return { label, kind: 'value', documentation: record.documentation, rank: itsRank };
}

function dedupe(items: readonly CompletionItem[]): CompletionItem[] {
  return [...new Map(items.map((item) => [item.label, item])).values()];
}

const memberKinds: Readonly<Record<string, CompletionKind>> = { lambda: 'function', set: 'set' };

/** The evaluator's answer to a question as items. */
export function memberItems(
  question: MembersQuestion,
  { members }: Members,
  itsRank: number,
): CompletionItem[] {
  if (question.kind === 'searchPath') return entryItems(members, question.prefix);
  if (question.kind === 'values')
    return members.map(({ name }) => ({ label: decodeUtf8(name), kind: 'value', rank: rank.member }));
  return members.map((member) => {
    const insert = decodeUtf8(printAttributeName(member.name));
    const label = decodeUtf8(member.name);
    return {
      label,
      ...(insert !== label && { insert }),
      kind: question.kind === 'formals' ? 'parameter' : kindOf(member),
      ...(member.detail !== undefined && { detail: member.detail }),
      rank: itsRank,
      ...(question.kind !== 'formals' && {
        value: { ...question.of, names: [...question.of.names, member.name] },
      }),
    };
  });
}

function kindOf({ type }: Member): CompletionKind {
  return type === undefined ? 'attribute' : (memberKinds[type] ?? 'value');
}

/** All items for a prefix, sorted, as many as an editor is sent. */
export function chosenItems(
  { prefix, taken }: Pick<Completion, 'prefix' | 'taken'>,
  items: readonly CompletionItem[],
): { readonly items: CompletionItem[]; readonly complete: boolean } {
  const wanted = decodeUtf8(prefix).toLowerCase();
  const seen = new Set<string>();
  const starting: CompletionItem[] = [];
  const others: CompletionItem[] = [];
  for (const item of items.toSorted((a, b) => a.rank - b.rank)) {
    if (taken.has(item.label) || seen.has(item.label)) continue;
    seen.add(item.label);
    const label = item.label.toLowerCase();
    if (label.startsWith(wanted)) starting.push(item);
    else if (isSubsequence(wanted, label)) others.push(item);
  }
  const all = [...starting, ...others];
  return { items: all.slice(0, completionLimit), complete: all.length <= completionLimit };
}

/** Editors match a word by any letters in its order. */
function isSubsequence(wanted: string, text: string): boolean {
  let found = 0;
  for (const letter of text) if (letter === wanted[found]) found++;
  return found === wanted.length;
}
