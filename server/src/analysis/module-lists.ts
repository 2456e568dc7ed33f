/** The modules that stand in lists of modules in a file: `imports = [ … ]`, `nixosSystem { modules = [ … ]; }`. */
import type { ParsedFile } from '../syntax/parse';
import { Kind } from '../syntax/tree';
import { forEachChild, nodesAt, resultPath, walk, type PlacedNode } from '../syntax/walk';
import { isModuleList, leadsTo } from './option-path';

/** The ways to the items of all lists of modules, the root of the file first, the item last. */
export function moduleItems(parsed: ParsedFile): PlacedNode[][] {
  const items: PlacedNode[][] = [];
  walk(parsed.root, parsed.rootAt, (node, at) => {
    if (node.kind !== Kind.Binding || node.path.names.length !== 1) return;
    const nodes = nodesAt(parsed, at).reverse();
    const around = nodes.slice(0, nodes.findIndex((each) => each.node === node) + 1);
    for (const list of listsIn([...around, { node: node.value, at: at + node.valueAt }]))
      if (isModuleList(list, list.length - 1))
        forEachChild(list.at(-1)!.node, list.at(-1)!.at, (child, childAt) => {
          items.push([...list, { node: child, at: childAt }]);
        });
  });
  return items;
}

/** The ways to the functions and sets that stand in lists of modules. */
export function inlineModules(parsed: ParsedFile): PlacedNode[][] {
  return moduleItems(parsed)
    .map((item) => moduleBelow(item.slice(0, -1), item.at(-1)!))
    .filter((each) => each !== undefined);
}

/** The ways to those of them that are functions. */
export function inlineFunctions(parsed: ParsedFile): PlacedNode[][] {
  return inlineModules(parsed).filter((path) => path.at(-1)!.node.kind === Kind.Lambda);
}

/** The way to the function or set that an expression is; undefined where it is neither. */
export function moduleBelow(around: readonly PlacedNode[], placed: PlacedNode): PlacedNode[] | undefined {
  const spine = resultPath(placed);
  const index = spine.findLastIndex(({ node }) => node.kind === Kind.Lambda);
  if (index >= 0) return [...around, ...spine.slice(0, index + 1)];
  return spine.at(-1)!.node.kind === Kind.AttributeSet ? [...around, ...spine] : undefined;
}

/** The ways to the lists that an expression consists of, as `a ++ b` does of two. */
function* listsIn(path: readonly PlacedNode[]): Iterable<readonly PlacedNode[]> {
  const { node, at } = path.at(-1)!;
  if (node.kind === Kind.List) return yield path;
  if (node.kind === Kind.AttributeSet) return;
  const inner: PlacedNode[] = [];
  forEachChild(node, at, (child, childAt) => {
    if (leadsTo(node, child, path.at(-2)?.node)?.length === 0) inner.push({ node: child, at: childAt });
  });
  for (const child of inner) yield* listsIn([...path, child]);
}
