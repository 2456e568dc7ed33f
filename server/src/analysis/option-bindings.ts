/** The bindings of a module's text that declare options. */
import type { Bytes } from '../base/bytes';
import type { ParsedFile } from '../syntax/parse';
import { Kind, staticName, type BindingNode } from '../syntax/tree';
import { forEachChild, type PlacedNode } from '../syntax/walk';

/** A binding below `options`, and the names that lead to it from there. */
export interface OptionBinding {
  readonly names: readonly Bytes[];
  readonly node: BindingNode;
  readonly at: number;
}

/**
 * All bindings below `options`, those of sets on the way to options too, in the order of the text. Options of a
 * submodule are declared below `options` again, from where their names begin. A computed name is empty.
 */
export function bindingsBelowOptions({ root, rootAt }: ParsedFile): OptionBinding[] {
  const found: OptionBinding[] = [];
  const waiting: (PlacedNode & { readonly path: readonly Bytes[] | undefined })[] = [
    { node: root, at: rootAt, path: undefined },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, at } = next;
    let { path } = next;
    if (node.kind === Kind.Binding) {
      const own = node.path.names.map((name) => staticName(name) ?? '');
      if (path !== undefined) path = [...path, ...own];
      const start = own.indexOf('options');
      if (start >= 0) path = own.slice(start + 1);
      if (path !== undefined && path.length > 0) found.push({ names: path, node, at });
    }
    forEachChild(node, at, (child, childAt) => waiting.push({ node: child, at: childAt, path }));
  }
  return found.sort((a, b) => a.at - b.at);
}

/** Whether a binding's value is none of the sets on the way to options. */
export function declaresOption({ node }: OptionBinding): boolean {
  return node.value.kind !== Kind.AttributeSet;
}

/** The bindings that declare the module's own options, and not those of submodules in them. */
export function optionBindings(parsed: ParsedFile): OptionBinding[] {
  let end = 0;
  return bindingsBelowOptions(parsed).filter((each) => {
    if (each.at < end || !declaresOption(each)) return false;
    end = each.at + each.node.width;
    return !each.names.includes('');
  });
}
