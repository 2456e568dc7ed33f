/**
 * Where a file may use an attribute of some name, or another file: the places that the
 * search for references across files asks about.
 */
import { pathOfLiteral } from '../analysis/path-of-literal';
import type { Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import { directoryOf } from '../host/path';
import { meaningOf, nameAt } from '../names/declarations';
import type { ParsedFile } from '../syntax/parse';
import { Kind, staticName, type AttributeName } from '../syntax/tree';
import { nodesAt, walk } from '../syntax/walk';
import { functionItemAt } from './call-hierarchy';

/**
 * The names that are selected or inherited from something, or that a `with` may have,
 * in source order. A name that a scope of the file binds means that, and is left out.
 */
export function attributeUses(parsed: ParsedFile, wanted: string): Range[] {
  const found: Range[] = [];
  const add = (names: readonly AttributeName[], namesAt: readonly number[], at: number): void => {
    names.forEach((name, i) => {
      const start = at + namesAt[i]!;
      if (staticName(name) === wanted) found.push({ start, end: start + name.width });
    });
  };
  walk(parsed.root, parsed.rootAt, (node, at) => {
    if (node.kind === Kind.Select || node.kind === Kind.HasAttribute)
      add(node.path.names, node.path.namesAt, at + node.pathAt);
    else if (node.kind === Kind.Inherit) add(node.names, node.namesAt, at);
    else if (node.kind === Kind.Identifier && node.name === wanted && mayBeOfWith(parsed, at))
      found.push({ start: at, end: at + node.width });
  });
  return found.sort((a, b) => a.start - b.start);
}

/** Whether an identifier is a variable that only a `with` can have. */
function mayBeOfWith(parsed: ParsedFile, offset: number): boolean {
  const name = nameAt(parsed, offset);
  if (name?.role !== 'variable' || name.range.start !== offset) return false;
  const { declaration, withs } = meaningOf(name);
  return declaration === undefined && withs.length > 0;
}

/** The path literals of a file that name another one, or the folder whose `default.nix` that is. */
export function pathUses(parsed: ParsedFile, path: Bytes, wanted: Bytes): Range[] {
  const folder = wanted.endsWith('/default.nix') ? directoryOf(wanted) : undefined;
  const found: Range[] = [];
  walk(parsed.root, parsed.rootAt, (node, at) => {
    if (node.kind !== Kind.Path) return;
    const target = pathOfLiteral(node, path);
    if (target !== undefined && (target === wanted || target === folder))
      found.push({ start: at, end: at + node.width });
  });
  return found;
}

/** The attribute or variable whose name an offset is in or behind; undefined where there is none, or it is computed. */
export function nameNear(parsed: ParsedFile, offset: number): Bytes | undefined {
  const node = nodesAt(parsed, offset).find(({ node: { kind } }) => kind !== Kind.TextPart)?.node;
  return node?.kind === Kind.Identifier || node?.kind === Kind.String ? staticName(node) : undefined;
}

/** Whether the name at an offset is one of a scope and of nothing else, so that no other file can mean it. */
export function isOfScope(parsed: ParsedFile, offset: number): boolean {
  const name = nameAt(parsed, offset);
  const declaration = name && meaningOf(name).declaration;
  return declaration !== undefined && declaration.kind !== 'attribute';
}

/** The file that the path literal at an offset names, or whose function's head the offset is in. */
export function fileNear(parsed: ParsedFile, path: Bytes, offset: number): Bytes | undefined {
  const node = nodesAt(parsed, offset).find(({ node: { kind } }) => kind !== Kind.TextPart)?.node;
  if (node?.kind === Kind.Path) return pathOfLiteral(node, path);
  const item = functionItemAt(parsed, path, offset);
  return item !== undefined && item.range.start === parsed.rootAt ? path : undefined;
}
