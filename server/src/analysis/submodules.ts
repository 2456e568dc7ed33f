/**
 * Functions that are submodules: their module's options are declared with types that hold them,
 * and the module system calls them when it puts the values of these options together, or asks for
 * their own options. Both are done again here, for the options whose declarations mention the function.
 */
import { decodeUtf8, type Bytes } from '../base/bytes';
import type { Evaluator } from '../evaluator/evaluator';
import type { LiveFile, PlacedLambda } from '../evaluator/live-scopes';
import { scopeOfFunction } from '../evaluator/live-values';
import type { ParsedFile } from '../syntax/parse';
import { Kind } from '../syntax/tree';
import { nodesAt } from '../syntax/walk';
import { Attrs, attrsFromEntries } from '../values/attrs';
import { elementAt, isList } from '../values/list';
import { printAttributeName } from '../base/literals';
import { lazily } from '../values/thunk';
import type { Forced, Value } from '../values/value';
import { nameOfFunction } from './call-places';
import { optionBindings } from './option-bindings';
import { anyName } from './option-path';
import { Options, type OptionNode } from './options';

/** So many options that may have a function in their types are looked at. */
const maxOptions = 20;

const identifier = /^[a-z_][\w'-]*$/i;

/** Submodules may be in collections of collections. */
const maxCollections = 3;

export interface SubmoduleCall {
  /** Evaluating it, or its parts, enters the function. */
  readonly value: Value;
  /** For the user. */
  readonly source: string;
  /** Whether it is what the module system makes of a definition that there is. */
  readonly isReal?: boolean;
}

interface File {
  readonly parsed: ParsedFile;
  readonly live: LiveFile;
}

/** The ways in which the module system may call a function inside of a module. @throws EvalError, Interruption */
export function submoduleCalls(evaluator: Evaluator, file: File, lambda: PlacedLambda): SubmoduleCall[] {
  const { parsed } = file;
  const around = nodesAt(parsed, lambda.at).reverse();
  const module = around.find(({ node }) => node.kind === Kind.Lambda);
  if (module === undefined || module.node === lambda.node) return [];
  const names = mentioningOptions(parsed, lambda);
  const argument = names.length === 0 ? undefined : scopeOfFunction(file, module.at)?.argument;
  if (argument === undefined) return [];
  const found = names.map((each) => ({
    each,
    shown: each.map(printAttributeName).map(decodeUtf8).join('.'),
  }));
  const find = (path: readonly Bytes[]): OptionNode | undefined =>
    new Options(evaluator.vm).find(argument, path);
  return [
    ...found.map(({ each, shown }) => ({
      value: lazily(() => mergedAgain(evaluator, find(each))),
      source: `in a value of the option '${shown}'`,
      isReal: true,
    })),
    ...found.map(({ each, shown }) => ({
      value: lazily(() => askedForOptions(new Options(evaluator.vm), find(each), maxCollections)),
      source: `in any value of the option '${shown}'`,
    })),
  ];
}

/** The options whose declarations hold a function, or the name that it has. */
function mentioningOptions(parsed: ParsedFile, lambda: PlacedLambda): (readonly Bytes[])[] {
  const name = nameOfFunction(parsed, lambda);
  const word =
    name !== undefined && identifier.test(name) ? new RegExp(`(?<![\\w'.-])${name}(?![\\w'-])`) : undefined;
  return optionBindings(parsed)
    .filter(({ node, at }) => {
      const end = at + node.width;
      return (at <= lambda.at && lambda.at < end) || word?.test(parsed.text.slice(at, end)) === true;
    })
    .slice(0, maxOptions)
    .map(({ names }) => names);
}

/** What the type of an option makes of its definitions; an error where it has none. */
function mergedAgain({ vm }: Evaluator, node: OptionNode | undefined): Forced {
  if (node?.kind !== 'option' || node.type === undefined) return null;
  const [type, definitions, files, location] = [
    vm.force(node.type),
    ...['definitions', 'files', 'loc'].map((name) => vm.force(node.option.get(name) ?? null)),
  ];
  const merge = type instanceof Attrs ? type.get('merge') : undefined;
  if (merge === undefined || !isList(definitions!) || !isList(files!) || location === undefined) return null;
  const located = definitions.map((_, i) =>
    attrsFromEntries([
      ['file', elementAt(files, i)],
      ['value', elementAt(definitions, i)],
    ]),
  );
  return vm.force(vm.call(vm.call(merge, location), located));
}

/** Asks the submodules in the type of an option for their options. */
function askedForOptions(options: Options, node: OptionNode | undefined, depth: number): Forced {
  if (node === undefined || node.kind === 'set' || depth === 0) return null;
  options.members(node);
  return askedForOptions(options, options.step(node, anyName), depth - 1);
}
