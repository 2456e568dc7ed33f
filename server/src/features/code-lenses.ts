/**
 * The functions above which a lens says where the values of their arguments come
 * from: those of files and of bindings. Of a function of several arguments it is
 * the outermost that counts.
 */
import type { Range } from '../base/range';
import type { ParsedFile } from '../syntax/parse';
import { Kind } from '../syntax/tree';
import { walk } from '../syntax/walk';

/** An editor has to place every lens before it shows any. */
const maxLenses = 300;

export interface FunctionLens {
  /** What the lens stands above. */
  readonly range: Range;
  /** Where the function starts. */
  readonly offset: number;
}

export function functionLenses({ root, rootAt }: ParsedFile): FunctionLens[] {
  const lenses: FunctionLens[] = [];
  const add = (start: number, offset: number, width: number): void => {
    if (lenses.length < maxLenses) lenses.push({ range: { start, end: offset + width }, offset });
  };
  if (root.kind === Kind.Lambda) add(rootAt, rootAt, root.width);
  walk(root, rootAt, (node, at) => {
    if (node.kind !== Kind.Binding || node.value.kind !== Kind.Lambda) return;
    add(at, at + node.valueAt, node.value.width);
  });
  return lenses;
}
