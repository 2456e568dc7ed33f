/**
 * Names for the functions of a file that outlive edits and restarts, so that a
 * setting can speak of one: the names of the bindings that a function stands in,
 * and its parameter. In `lib.twice = f: x: f (f x)` they are `lib.twice:f` and
 * `lib.twice:x`; a function that takes a set has `{}` in place of the parameter.
 * Where several would have the same name, the later ones are numbered.
 */
import { decodeUtf8 } from '../base/bytes';
import type { ParsedFile } from '../syntax/parse';
import { Kind, staticName, type BindingNode, type LambdaNode, type Node } from '../syntax/tree';
import { forEachChild } from '../syntax/walk';

const known = new WeakMap<ParsedFile, ReadonlyMap<LambdaNode, string>>();

/** The key of a function of a file. */
export function functionKey(parsed: ParsedFile, lambda: LambdaNode): string | undefined {
  let keys = known.get(parsed);
  if (keys === undefined) known.set(parsed, (keys = functionKeys(parsed)));
  return keys.get(lambda);
}

function functionKeys(parsed: ParsedFile): Map<LambdaNode, string> {
  const keys = new Map<LambdaNode, string>();
  const count = new Map<string, number>();
  const waiting: { node: Node; name: string }[] = [{ node: parsed.root, name: '' }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, name } = next;
    const inner = node.kind === Kind.Binding ? boundName(name, node) : name;
    if (node.kind === Kind.Lambda) {
      const plain = `${name === '' ? '' : `${name}:`}${node.parameter?.name ?? '{}'}`;
      const number = (count.get(plain) ?? 0) + 1;
      count.set(plain, number);
      keys.set(node, keyText(number === 1 ? plain : `${plain}:${number}`));
    }
    const children: Node[] = [];
    forEachChild(node, 0, (child) => void children.push(child));
    for (const child of children.reverse()) waiting.push({ node: child, name: inner });
  }
  return keys;
}

/** Computed names are left out. */
function boundName(outer: string, { path }: BindingNode): string {
  const names = path.names.map(staticName).filter((name) => name !== undefined);
  return [...(outer === '' ? [] : [outer]), ...names].join('.');
}

/** The sign that stands between a file and a key must not be part of it. */
function keyText(key: string): string {
  return decodeUtf8(key).replaceAll('#', '_');
}
