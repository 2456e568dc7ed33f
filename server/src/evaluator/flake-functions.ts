/**
 * The functions in the text of a flake that somebody else calls: its outputs, and the
 * modules and overlays that they have under names which say who takes them.
 *
 * Only the text is looked at: an output whose function stands elsewhere is none of these.
 */
import type { ParsedFile } from '../syntax/parse';
import { Kind, staticName, type BindingNode, type LambdaNode } from '../syntax/tree';
import { forEachChild, resultPath, type PlacedNode } from '../syntax/walk';

/** Who calls a function: a system of modules, or nixpkgs. */
export type FlakeFunctionKind = 'nixos' | 'home-manager' | 'darwin' | 'overlay';

export interface FlakeFunction {
  readonly kind: FlakeFunctionKind;
  /** The nodes on the way to the function, the root of the file first, the function last. */
  readonly path: readonly PlacedNode[];
}

/** What the names of outputs say. */
interface Output {
  readonly kind: FlakeFunctionKind;
  /** How many names stand between the output's own and a function. */
  readonly names: 0 | 1;
}

const outputs: ReadonlyMap<string, Output> = new Map(
  (
    [
      ['nixos', ['nixosModule', 'nixosModules']],
      ['home-manager', ['homeModule', 'homeModules']],
      ['home-manager', ['homeManagerModule', 'homeManagerModules']],
      ['darwin', ['darwinModule', 'darwinModules']],
      ['overlay', ['overlay', 'overlays']],
    ] as const
  ).flatMap(([kind, [one, many]]): [string, Output][] => [
    [one, { kind, names: 0 }],
    [many, { kind, names: 1 }],
  ]),
);

/** The nodes from the set that a flake is to what its outputs are bound to; none where it has none. */
export function wayToOutputs(root: PlacedNode): PlacedNode[] {
  const { node, at } = root;
  if (node.kind !== Kind.AttributeSet) return [];
  for (const [i, binding] of node.bindings.entries()) {
    if (binding.kind !== Kind.Binding || binding.path.names.length !== 1) continue;
    if (staticName(binding.path.names[0]!) !== 'outputs') continue;
    const bindingAt = at + node.bindingsAt[i]!;
    return [root, { node: binding, at: bindingAt }, { node: binding.value, at: bindingAt + binding.valueAt }];
  }
  return [];
}

/** The modules and overlays among the outputs of a flake, in the order of the text. */
export function flakeFunctions({ root, rootAt }: ParsedFile): FlakeFunction[] {
  const way = wayToOutputs({ node: root, at: rootAt });
  const value = way.pop();
  const found: FlakeFunction[] = [];
  if (value !== undefined) collect(way, value, undefined, found);
  return found;
}

/** Adds the functions below an expression. @param output the output that the expression is a part of */
function collect(
  ancestors: readonly PlacedNode[],
  placed: PlacedNode,
  output: Output | undefined,
  found: FlakeFunction[],
): void {
  if (output?.names === 0) {
    const spine = resultPath(placed);
    const index = spine.findIndex(({ node }) => node.kind === Kind.Lambda);
    if (index < 0) return;
    const path = [...ancestors, ...spine.slice(0, index + 1)];
    if (isCalledAs(output.kind, spine[index]!.node as LambdaNode)) found.push({ kind: output.kind, path });
    return;
  }
  const { node, at } = placed;
  const inner = [...ancestors, placed];
  forEachChild(node, at, (child, childAt) => {
    const next = { node: child, at: childAt };
    if (child.kind === Kind.Binding && node.kind === Kind.AttributeSet) {
      const below = outputOf(child, output);
      if (below === undefined) return;
      const value = { node: child.value, at: childAt + child.valueAt };
      collect([...inner, next], value, below === 'none' ? undefined : below, found);
    } else if (isPartOfResult(placed, next)) collect(inner, next, output, found);
  });
}

/** Whether a function has the form of those that are called so. */
function isCalledAs(kind: FlakeFunctionKind, { body, formals }: LambdaNode): boolean {
  return kind === 'overlay' ? body.kind === Kind.Lambda : formals?.ellipsis === true;
}

/** The output that a binding is, or is a part of; `none` for a set of outputs, undefined for anything else. */
function outputOf({ path }: BindingNode, around: Output | undefined): Output | 'none' | undefined {
  let output = around;
  for (const name of path.names) {
    if (output === undefined) {
      const text = staticName(name) ?? '';
      output = outputs.get(text);
      // A flake that is itself made of modules has its outputs in `flake`.
      if (output === undefined && text !== 'flake') return undefined;
    } else if (output.names === 0) return undefined;
    else output = { ...output, names: 0 };
  }
  return output ?? 'none';
}

/** Whether the value of an expression has what that of its child has: not so in bindings, conditions and formals. */
function isPartOfResult({ node }: PlacedNode, { node: child }: PlacedNode): boolean {
  switch (node.kind) {
    case Kind.Parenthesised:
    case Kind.Binary:
      return true;
    case Kind.Let:
    case Kind.With:
    case Kind.Assert:
    case Kind.Lambda:
      return child === node.body;
    case Kind.If:
      return child !== node.condition;
    case Kind.Call:
      return child !== node.callee;
    default:
      return false;
  }
}
