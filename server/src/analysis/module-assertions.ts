/**
 * Assertions of a module that do not hold, and its warnings: NixOS and home-manager refuse the configuration
 * with the messages of the first, and print the others. Nixpkgs: `nixos/modules/misc/assertions.nix`.
 */
import { decodeUtf8, type Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import type { EvaluationDiagnostic } from '../evaluator/service';
import type { Subject } from '../evaluator/live-values';
import { Kind, type Expression } from '../syntax/tree';
import { nodesAt, type PlacedNode } from '../syntax/walk';
import { Attrs } from '../values/attrs';
import { elementAt, isList, type List } from '../values/list';
import type { Value } from '../values/value';
import { definitionsIn } from './option-definitions';
import { maxElements, namesOfFile } from './option-messages';
import { calleeName } from './option-path';
import type { Options } from './options';
import { bytesOf } from './told-values';

/** What a module says of a configuration that has it. */
interface Statement {
  readonly option: Bytes;
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** The message of an element, if it says something. */
  readonly message: (options: Options, element: Value) => Bytes | undefined;
}

const statements: readonly Statement[] = [
  {
    option: 'assertions',
    code: 'failed-assertion',
    severity: 'error',
    message(options, element) {
      const set = options.tryForce(element);
      if (!(set instanceof Attrs) || options.attribute(set, 'assertion') !== false) return undefined;
      return bytesOf(options.attribute(set, 'message')) ?? 'the assertion does not hold';
    },
  },
  {
    option: 'warnings',
    code: 'option-warning',
    severity: 'warning',
    message: (options, element) => bytesOf(options.tryForce(element)),
  },
];

/**
 * The failed assertions and the warnings that a module defines itself, each at its item of the list, if the
 * text shows it. @param root the options that the module is called with @throws Interruption
 */
export function statementsOf(options: Options, root: Attrs, subject: Subject): EvaluationDiagnostic[] {
  return statements.flatMap((statement) => {
    const { option, code, severity, message } = statement;
    const lists = ownDefinitions(options, root, option, subject.path);
    if (lists.length === 0) return [];
    const bindings = bindingsOf(subject, option);
    return lists.flatMap((list, i) => {
      // Where not every binding counts, it is not to be told which one does.
      const binding = bindings.length === lists.length ? bindings[i] : bindings[0];
      const problems: EvaluationDiagnostic[] = [];
      for (let j = 0; j < Math.min(list.length, maxElements); j++) {
        const text = message(options, elementAt(list, j));
        if (text === undefined) continue;
        const error = { message: decodeUtf8(text), code, trace: [] };
        problems.push({ range: rangeOf(binding, j, list.length, subject), error, severity });
      }
      return problems;
    });
  });
}

/** The lists that a file defines an option with, as far as its conditions hold. */
function ownDefinitions(options: Options, root: Attrs, name: Bytes, path: Bytes): List[] {
  const node = options.step({ kind: 'set', set: root }, name);
  if (node?.kind !== 'option') return [];
  const definitions = options.attribute(node.option, 'definitions');
  const files = options.attribute(node.option, 'files');
  if (!isList(definitions) || !isList(files) || files.length !== definitions.length) return [];
  const own = namesOfFile(path);
  const found: List[] = [];
  for (let i = 0; i < definitions.length; i++) {
    if (!own.includes(bytesOf(options.tryForce(elementAt(files, i))) ?? '')) continue;
    const list = options.tryForce(elementAt(definitions, i));
    if (isList(list)) found.push(list);
  }
  return found;
}

/** The values of the bindings of a text that define an option. */
function bindingsOf({ parsed }: Subject, name: Bytes): PlacedNode[] {
  const { places, isExact } = definitionsIn(parsed, [name]);
  if (!isExact) return [];
  return places.flatMap((place) => {
    const binding = nodesAt(parsed, place).find(({ node, at }) => node.kind === Kind.Binding && at === place);
    return binding === undefined ? [] : [binding];
  });
}

/** Where the element at an index of a definition is written, or the definition, or at last the module. */
function rangeOf(binding: PlacedNode | undefined, index: number, count: number, { parsed }: Subject): Range {
  if (binding?.node.kind !== Kind.Binding) return { start: parsed.rootAt, end: parsed.rootAt };
  const { value, valueAt, path } = binding.node;
  const list = listIn(value, binding.at + valueAt);
  if (list?.node.kind === Kind.List && list.node.items.length === count) {
    const start = list.at + list.node.itemsAt[index]!;
    return { start, end: start + list.node.items[index]!.width };
  }
  return { start: binding.at, end: binding.at + path.width };
}

/** The list that an expression is, also in parentheses or behind a condition. */
function listIn(node: Expression, at: number): PlacedNode | undefined {
  if (node.kind === Kind.Parenthesised) return listIn(node.inner, at + node.innerAt);
  if (node.kind === Kind.Call && calleeName(node) === 'mkIf')
    return listIn(node.args.at(-1)!, at + node.argsAt.at(-1)!);
  return node.kind === Kind.List ? { node, at } : undefined;
}
