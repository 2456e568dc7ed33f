/**
 * Path literals that have to be written otherwise when files or folders are moved, so
 * that they go on to mean the same ones. Of literals with interpolations it is the
 * folder before the first one that counts.
 */
import { pathOfLiteral } from '../analysis/path-of-literal';
import type { Bytes } from '../base/bytes';
import { canonicalPath, directoryOf, isBelow, pathWithin } from '../host/path';
import type { ParsedFile } from '../syntax/parse';
import { Kind, PathStyle, staticName, type Expression, type Node, type PathNode } from '../syntax/tree';
import { nodesAt, walk } from '../syntax/walk';
import { printString } from '../base/literals';
import { replacement, type TextEdit } from './text-edit';

/** A file or a folder that gets another path; both are canonical. */
export interface Move {
  readonly from: Bytes;
  readonly to: Bytes;
}

/** Where a path leads after some moves; the one of the innermost folder counts. */
export function movedPath(path: Bytes, moves: readonly Move[]): Bytes {
  let innermost: Move | undefined;
  for (const move of moves)
    if (isBelow(path, move.from) && move.from.length > (innermost?.from.length ?? 0)) innermost = move;
  if (innermost === undefined) return path;
  const rest = pathWithin(path, innermost.from);
  return rest === undefined ? innermost.to : `${innermost.to}/${rest}`;
}

/** The edits of a file, in its text before the moves. @param path that of the file before the moves */
export function movedPathEdits(parsed: ParsedFile, path: Bytes, moves: readonly Move[]): TextEdit[] {
  const edits: TextEdit[] = [];
  const folder = directoryOf(movedPath(path, moves));
  walk(parsed.root, parsed.rootAt, (node, at) => {
    if (node.kind !== Kind.Path || node.style === PathStyle.Home) return;
    const isImported = (): boolean => isImport(parsed, at, node);
    const target = pathOfLiteral(node, path);
    const edit =
      target === undefined
        ? folderEdit(node, at, path, folder, moves)
        : literalEdit(node, at, movedTarget(target, moves, isImported), folder);
    if (edit !== undefined) edits.push(edit);
  });
  return edits;
}

/** What a literal has to mean: a folder that is imported means its `default.nix`, which may leave it. */
function movedTarget(target: Bytes, moves: readonly Move[], isImported: () => boolean): Bytes {
  const file = `${target}/default.nix`;
  const leaves = moves.some(({ from }) => from === file);
  return leaves && isImported() ? movedPath(file, moves) : movedPath(target, moves);
}

function literalEdit(node: PathNode, at: number, target: Bytes, folder: Bytes): TextEdit | undefined {
  const text = textOf(node);
  if (meaningOf(text, node.style, folder) === target) return undefined;
  const isBare = node.style === PathStyle.Relative && !text.startsWith('.');
  return replacement(at, at + node.width, expressionFor(target, node.style, folder, isBare));
}

/** Of a literal with interpolations: its text up to the last slash before them. */
function folderEdit(
  node: PathNode,
  at: number,
  path: Bytes,
  folder: Bytes,
  moves: readonly Move[],
): TextEdit | undefined {
  const text = textOf(node);
  const head = text.slice(0, text.lastIndexOf('/') + 1);
  const target = movedPath(meaningOf(head, node.style, directoryOf(path)), moves);
  if (head === '' || meaningOf(head, node.style, folder) === target) return undefined;
  const written = node.style === PathStyle.Absolute ? target : relativePath(folder, target);
  // What no literal can have would have to be a string, where an interpolated path means something else.
  if (!isLiteral(written)) return undefined;
  return replacement(at, at + head.length, written === '/' ? written : `${written.replace(/\/\.$/, '')}/`);
}

/** The text before the first interpolation. */
function textOf({ parts }: PathNode): Bytes {
  const [first] = parts;
  return first?.kind === Kind.TextPart ? first.text : '';
}

function meaningOf(text: Bytes, style: PathStyle, folder: Bytes): Bytes {
  return canonicalPath(style === PathStyle.Absolute ? text : `${folder}/${text}`);
}

/** An expression that means a path, in a file of a folder: a literal, unless the path has characters that none may have. */
function expressionFor(target: Bytes, style: PathStyle, folder: Bytes, isBare: boolean): Bytes {
  if (style === PathStyle.Absolute) return isLiteral(target) ? target : `(/. + ${printString(target)})`;
  const relative = relativePath(folder, target);
  if (!isLiteral(relative)) return `(./. + ${printString(`/${relative.replace(/^\.\//, '')}`)})`;
  const bare = relative.replace(/^\.\//, '');
  return isBare && /^[^./][^/]*\//.test(bare) ? bare : relative;
}

/** From a folder to a path, as a literal that begins with `./` or `../`. */
function relativePath(folder: Bytes, target: Bytes): Bytes {
  if (folder === target) return './.';
  const inside = pathWithin(target, folder);
  if (inside !== undefined) return `./${inside}`;
  let up = '..';
  let common = directoryOf(folder);
  for (; !isBelow(target, common); common = directoryOf(common)) up += '/..';
  const rest = pathWithin(target, common);
  // Two dots alone are no literal.
  return rest === undefined ? `${up}/.` : `${up}/${rest}`;
}

function isLiteral(text: Bytes): boolean {
  return /^[\w.+\-/]+$/.test(text);
}

/** What is called with a file, or the folder of a `default.nix`, to have what is in it. */
const importers = new Set(['import', 'scopedImport', 'callPackage', 'callPackages']);

/** Where modules are listed. */
const moduleLists = new Set(['imports', 'modules']);

/** Whether a literal stands where a file is imported, so that a folder means its `default.nix`. */
function isImport(parsed: ParsedFile, at: number, node: PathNode): boolean {
  const around = nodesAt(parsed, at)
    .map((each) => each.node)
    .filter(({ kind }) => kind !== Kind.Parenthesised && kind !== Kind.TextPart);
  const parent = around[around.indexOf(node) + 1];
  if (parent?.kind === Kind.Call) return importers.has(nameOf(parent.callee));
  return parent?.kind === Kind.List && isModuleList(around.slice(around.indexOf(parent) + 1));
}

/** Functions of users that make configurations of modules, such as `mkHost "laptop" [ ./modules ]`. */
const configuring = /^mk[A-Z]|[hH]ost|[sS]ystem|[mM]odule|[cC]onfig/;

function isModuleList(around: readonly Node[]): boolean {
  const owner = around.find(({ kind }) => kind !== Kind.Binary);
  if (owner?.kind === Kind.Call) return configuring.test(nameOf(owner.callee));
  if (owner?.kind !== Kind.Binding) return false;
  const last = owner.path.names.at(-1);
  return last !== undefined && moduleLists.has(staticName(last) ?? '');
}

/** The last name of what is called, such as `callPackage` of `pkgs.callPackage`. */
function nameOf(callee: Expression): Bytes {
  if (callee.kind === Kind.Identifier) return callee.name;
  const last = callee.kind === Kind.Select ? callee.path.names.at(-1) : undefined;
  return (last && staticName(last)) ?? '';
}
