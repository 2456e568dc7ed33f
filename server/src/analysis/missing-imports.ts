/**
 * The files that a module imports and that are not there. The module system would say so
 * while it puts a configuration together, with a trace that leads anywhere but here.
 */
import { decodeUtf8, type Bytes } from '../base/bytes';
import { flakeFunctions } from '../evaluator/flake-functions';
import type { EvaluationDiagnostic } from '../evaluator/service';
import type { Host } from '../host/host';
import { isFlake } from '../host/path';
import type { ParsedFile } from '../syntax/parse';
import { Kind, PathStyle, staticName } from '../syntax/tree';
import { resultPath, type PlacedNode } from '../syntax/walk';
import { pathOfLiteral } from './path-of-literal';

interface File {
  readonly path: Bytes;
  readonly parsed: ParsedFile;
}

/** Warnings, since a file may come later, as `hardware-configuration.nix` does. */
export function missingImports(host: Host, { path, parsed }: File): EvaluationDiagnostic[] {
  const imported = resultsOf({ path, parsed }).flatMap(importedPaths);
  return imported.flatMap(({ node, at }) => {
    const range = { start: at, end: at + node.width };
    const target = node.kind === Kind.Path ? pathOfLiteral(node, path) : undefined;
    const missing = target && missingFile(host, target);
    if (missing === undefined) return [];
    const message = `path '${decodeUtf8(missing)}' does not exist`;
    return [{ range, error: { message, code: 'file-error', trace: [] }, severity: 'warning' as const }];
  });
}

/** What is not there of a path that is imported: itself, or the file that stands for a folder. */
function missingFile(host: Host, path: Bytes): Bytes | undefined {
  const type = host.fileType(path);
  if (type === undefined) return path;
  const inFolder = `${path}/default.nix`;
  return type === 'directory' && host.fileType(inFolder) === undefined ? inFolder : undefined;
}

/** Where the values of the modules in a file come from: of the file itself, and of those that a flake has. */
function resultsOf({ path, parsed }: File): PlacedNode[] {
  const ofFlake = isFlake(path) ? flakeFunctions(parsed).filter(({ kind }) => kind !== 'overlay') : [];
  const modules = [{ node: parsed.root, at: parsed.rootAt }, ...ofFlake.map((each) => each.path.at(-1)!)];
  return modules.map((module) => resultPath(module).at(-1)!);
}

/** The relative paths that are written down in the `imports` of a module. */
function importedPaths({ node, at }: PlacedNode): PlacedNode[] {
  if (node.kind !== Kind.AttributeSet) return [];
  return node.bindings.flatMap((binding, i) => {
    if (binding.kind !== Kind.Binding || binding.value.kind !== Kind.List) return [];
    const { names } = binding.path;
    if (names.length !== 1 || staticName(names[0]!) !== 'imports') return [];
    const listAt = at + node.bindingsAt[i]! + binding.valueAt;
    const { items, itemsAt } = binding.value;
    return items
      .map((item, j) => ({ node: item, at: listAt + itemsAt[j]! }))
      .filter((item) => item.node.kind === Kind.Path && item.node.style === PathStyle.Relative);
  });
}
