/**
 * The files that a module imports, or that stand in another list of modules, and that are not there. The module system would say so
 * while it puts a configuration together, with a trace that leads anywhere but here.
 */
import { decodeUtf8, type Bytes } from '../base/bytes';
import type { EvaluationDiagnostic } from '../evaluator/service';
import type { Host } from '../host/host';
import type { ParsedFile } from '../syntax/parse';
import { Kind, PathStyle } from '../syntax/tree';
import { moduleItems } from './module-lists';
import { pathOfLiteral } from './path-of-literal';

interface File {
  readonly path: Bytes;
  readonly parsed: ParsedFile;
}

/** Warnings, since a file may come later, as `hardware-configuration.nix` does. */
export function missingImports(host: Host, { path, parsed }: File): EvaluationDiagnostic[] {
  return moduleItems(parsed).flatMap((item) => {
    const { node, at } = item.at(-1)!;
    const range = { start: at, end: at + node.width };
    const isRelative = node.kind === Kind.Path && node.style === PathStyle.Relative;
    const target = isRelative ? pathOfLiteral(node, path) : undefined;
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
