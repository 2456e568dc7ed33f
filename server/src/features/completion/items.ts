/**
 * What is proposed: items, their order, and those of keywords, names in scope, builtins
 * and what the evaluator answers.
 */
import { decodeUtf8, type Bytes } from '../../base/bytes';
import type { Range } from '../../base/range';
import { builtinRecords, constantRecords, globalName, literals } from '../../builtins/registry';
import type { Member, Members, MembersQuestion, OptionPath, ValuePath } from '../../evaluator/service';
import { printAttributeName } from '../../base/literals';
import type { BuiltinRecord, ConstantRecord } from '../../vm/builtin-record';
import { fenced } from '../hover';
import { entryItems } from './paths';

/** How many items are sent at most. */
export const completionLimit = 200;

/** As much of a value is shown in a list of proposals. */
const labelLength = 60;

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
  /** Whether what is written is the text of a string. */
  readonly inString?: boolean;
  /** The folder part of a path that is being written, such as `./lib/`. */
  readonly folder?: Bytes;
}

export const rank = { member: 0, formal: 0, local: 1, with: 2, global: 3, keyword: 4, hidden: 5 };

export function local(name: Bytes, kind: CompletionKind): CompletionItem {
  return {
    label: decodeUtf8(name),
    kind,
    rank: rank.local,
    value: { variable: name },
  };
}

export function keyword(word: string): CompletionItem {
  return { label: word, kind: 'keyword', rank: rank.keyword };
}

function literalItems(at: number): CompletionItem[] {
  return literals.map(([label]) => ({ label, kind: 'value', rank: at }));
}

/** The global scope; names that begin with underscores only for those who ask for them. */
export function globals(prefix: Bytes): CompletionItem[] {
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
export function builtinMembers(): CompletionItem[] {
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
  if (question.kind === 'values') return members.map(valueItem);
  return members.map((member) => {
    const insert = decodeUtf8(printAttributeName(member.name));
    const label = decodeUtf8(member.name);
    return {
      label,
      ...(insert !== label && { insert }),
      kind: question.kind === 'formals' ? 'parameter' : kindOf(member),
      ...(member.detail !== undefined && { detail: member.detail }),
      rank: itsRank,
      ...((question.kind === 'attributes' || question.kind === 'options') && {
        value: { ...question.of, names: [...question.of.names, member.name] },
      }),
    };
  });
}

/** A value that may be longer than there is room for. */
function valueItem({ name, detail }: Member): CompletionItem {
  const text = decodeUtf8(name);
  const line = text.replace(/\s+/g, ' ');
  const label = line.length > labelLength ? `${line.slice(0, labelLength - 1)}…` : line;
  return {
    label,
    ...(label !== text && { insert: text }),
    kind: 'value',
    ...(detail !== undefined && { detail }),
    ...(label !== text && { documentation: fenced(text) }),
    rank: rank.member,
  };
}

function kindOf({ type }: Member): CompletionKind {
  return type === undefined ? 'attribute' : (memberKinds[type] ?? 'value');
}
