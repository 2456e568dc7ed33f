/**
 * Options in the text of a module: which function the module is, and which option
 * of it a binding sets, or an expression such as `config.services.openssh` reads.
 *
 * Only the text is looked at. Whether the function is a module at all is known by
 * what it is called with.
 */
import type { Bytes } from '../base/bytes';
import type { OptionPath } from '../evaluator/service';
import { lookUp, type BoundName } from '../names/declarations';
import {
  BinaryOperator,
  Kind,
  staticName,
  type AttributeName,
  type CallNode,
  type Expression,
  type InheritNode,
  type Node,
} from '../syntax/tree';
import type { PlacedNode } from '../syntax/walk';

/** Stands for a name that is computed, and for the items of a list. */
export const anyName = '*';

/** What a module defines besides options, and the declarations themselves. */
export const structure: ReadonlySet<Bytes> = new Set([
  'imports',
  'require',
  'options',
  'disabledModules',
  'key',
  'freeformType',
  '_file',
  '_class',
]);

/** Functions whose last argument has the same place among the options as what they give. */
const transparent = /^(?:mk[A-Z]\w*|optionalAttrs|recursiveUpdate|filterAttrs)$/;

/**
 * The option that names in a set mean.
 * @param around the nodes around the binding, the root first, the set last
 */
export function optionOfBinding(
  around: readonly PlacedNode[],
  names: readonly AttributeName[],
): OptionPath | undefined {
  return optionAround(around, around.length - 1, names.map(nameOf));
}

/** The option that names in a set declare, below the `options` of a module. */
export function optionOfDeclaration(
  around: readonly PlacedNode[],
  names: readonly AttributeName[],
): OptionPath | undefined {
  return optionAround(around, around.length - 1, names.map(nameOf), declaredInModule);
}

/**
 * The option that an expression is the value of, or a part of its value.
 * @param path the nodes around the expression and itself, the root first
 */
export function optionOfValue(path: readonly PlacedNode[]): OptionPath | undefined {
  return optionAround(path, path.length - 2, []);
}

/** The option that names mean in the node at an index. */
function optionAround(
  around: readonly PlacedNode[],
  index: number,
  names: readonly Bytes[],
  found = inModule,
): OptionPath | undefined {
  let path = names;
  for (let i = index; i >= 0; i--) {
    const { node, at } = around[i]!;
    const child = around[i + 1]?.node;
    if (node.kind === Kind.Lambda) return node.formals?.ellipsis === true ? found(at, path) : undefined;
    if (node.kind === Kind.List && isModuleList(around, i)) return found(around[i + 1]!.at, path);
    const inner = leadsTo(node, child, around[i - 1]?.node);
    if (inner === undefined) return undefined;
    path = [...inner, ...path];
  }
  // A file that is a set may be a module that another one imports; one that is a list is none.
  return path[0] === anyName ? undefined : found(around[0]!.at, path);
}

/** Names of attributes whose value is a list of modules: of what a module imports, and of a configuration. */
const moduleLists = /^(?:imports|modules|extraModules|sharedModules)$/;

/**
 * Whether the list at an index is one of modules: the `imports` of a module, or what a function is
 * called with, as `nixosSystem { modules = [ … ]; }`.
 */
export function isModuleList(around: readonly PlacedNode[], index: number): boolean {
  let i = index - 1;
  while (i > 0 && leadsTo(around[i]!.node, around[i + 1]!.node, around[i - 1]?.node)?.length === 0) i--;
  const binding = around[i]?.node;
  if (binding?.kind !== Kind.Binding || binding.path.names.length !== 1) return false;
  const name = staticName(binding.path.names[0]!);
  if (name === undefined || !moduleLists.test(name) || around[i - 1]?.node.kind !== Kind.AttributeSet)
    return false;
  return name === 'imports' || around[i - 2]?.node.kind === Kind.Call;
}

/**
 * The option whose value a variable and names that are selected from it mean.
 * @param around the nodes around the variable, the root first
 */
export function optionOfSelection(
  around: readonly PlacedNode[],
  target: Expression,
  names: readonly AttributeName[],
): OptionPath | undefined {
  let path = names.map(nameOf);
  let scope = around;
  let variable = target;
  // A variable may be short for an option: `cfg = config.services.openssh`.
  for (let steps = 0; steps < maxSteps && variable.kind === Kind.Identifier; steps++) {
    const { declaration } = lookUp(scope, variable, variable.name);
    if (declaration === undefined) return undefined;
    const { binder, bound } = declaration;
    if (binder.node.kind === Kind.Lambda) {
      const isConfig = declaration.kind === 'formal' && declaration.name === 'config';
      return isConfig && path.length > 0 ? { module: binder.at, names: path } : undefined;
    }
    const value = bound && boundValue(bound);
    if (value === undefined) return undefined;
    if (bound!.binding.kind === Kind.Inherit) path = [declaration.name, ...path];
    if (value.kind === Kind.Select) path = [...value.path.names.map(nameOf), ...path];
    variable = value.kind === Kind.Select ? value.target : value;
    scope = scope.slice(0, scope.findIndex(({ node }) => node === binder.node) + 1);
  }
  return undefined;
}

/** What a variable is bound to, or the set of which it takes the attribute of its name. */
function boundValue({ binding }: BoundName): Expression | undefined {
  if (binding.kind === Kind.Inherit) return binding.source;
  return binding.path.names.length === 1 ? binding.value : undefined;
}

/**
 * The option whose value a name in an `inherit` takes.
 * @param around the nodes around the `inherit`, the root first
 */
export function optionOfInherited(
  around: readonly PlacedNode[],
  { source }: InheritNode,
  name: AttributeName,
): OptionPath | undefined {
  if (source?.kind === Kind.Select)
    return optionOfSelection(around, source.target, [...source.path.names, name]);
  return source && optionOfSelection(around, source, [name]);
}

/** Variables that are short for one another end somewhere, unless they are circular. */
const maxSteps = 10;

function nameOf(node: AttributeName): Bytes {
  return staticName(node) ?? anyName;
}

/** The option of a module that a path in its value means, if it means one. */
function inModule(module: number, path: readonly Bytes[]): OptionPath | undefined {
  const [first] = path;
  if (first !== undefined && path.length > 1 && structure.has(first)) return undefined;
  return { module, names: first === 'config' && path.length > 1 ? path.slice(1) : path };
}

/** The option that a path in the value of a module declares. */
function declaredInModule(module: number, [first, ...names]: readonly Bytes[]): OptionPath | undefined {
  return first === 'options' && names.length > 0 ? { module, names } : undefined;
}

/** The names that lead from the value of a node to that of its child; undefined where that is no part of it. */
export function leadsTo(
  node: Node,
  child: Node | undefined,
  parent: Node | undefined,
): readonly Bytes[] | undefined {
  switch (node.kind) {
    case Kind.AttributeSet:
    case Kind.Parenthesised:
      return [];
    case Kind.Binding:
      return child === node.value ? node.path.names.map(nameOf) : undefined;
    case Kind.Let:
    case Kind.With:
    case Kind.Assert:
      return child === node.body ? [] : undefined;
    case Kind.If:
      return child === node.condition ? undefined : [];
    case Kind.Binary:
      return node.operator === BinaryOperator.Update || node.operator === BinaryOperator.Concat
        ? []
        : undefined;
    case Kind.Call:
      return child === node.args.at(-1) && transparent.test(calleeName(node) ?? '') ? [] : undefined;
    case Kind.List:
      // The items of `mkMerge` are merged; other lists are values with items.
      return parent?.kind === Kind.Call && calleeName(parent) === 'mkMerge' ? [] : [anyName];
    default:
      return undefined;
  }
}

/** The name of the function that a call applies: `mkIf` in `lib.mkIf c { }`. */
export function calleeName({ callee }: CallNode): Bytes | undefined {
  if (callee.kind === Kind.Identifier) return callee.name;
  return callee.kind === Kind.Select ? staticName(callee.path.names.at(-1)!) : undefined;
}
