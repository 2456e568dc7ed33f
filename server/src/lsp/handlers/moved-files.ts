/** The request before files are moved: the path literals that have to follow them. */
import type { CancellationToken, WorkspaceEdit } from 'vscode-languageserver/node';
import type { Bytes } from '../../base/bytes';
import { movedPathEdits, type Move } from '../../features/moved-paths';
import { baseNameOf, directoryOf } from '../../host/path';
import { readFields, readList, readParams, readString } from '../params';
import type { Parts } from '../parts';
import { pathsBelow, pathsWith, SourceFiles } from '../source-files';
import { filePath } from '../uris';
import { workspaceEdit, type FileChange } from '../workspace-edit';
import { checkNotCancelled } from './still-wanted';

/** `workspace/willRenameFiles`; files may have been moved to other folders, too. */
export async function willRenameFiles(
  parts: Parts,
  params: unknown,
  token: CancellationToken,
): Promise<WorkspaceEdit | null> {
  const moves = readList(readParams(params).files, 'files').flatMap(readMove);
  const check = checkNotCancelled(token);
  const sources = new SourceFiles(parts);
  const changes: FileChange[] = [];
  for (const path of await concernedFiles(parts, moves, check)) {
    check();
    const file = sources.at(path);
    const edits = file === undefined ? [] : movedPathEdits(file.parsed, path, moves);
    if (edits.length > 0) changes.push({ file: file!, edits });
  }
  return changes.length === 0 ? null : workspaceEdit(parts, changes);
}

function readMove(value: unknown): Move[] {
  const { oldUri, newUri } = readFields(value, 'files');
  const from = filePath(readString(oldUri, 'files.oldUri'));
  const to = filePath(readString(newUri, 'files.newUri'));
  return from === undefined || to === undefined || from === to ? [] : [{ from, to }];
}

/** The files that may name what is moved, and those that are moved. */
async function concernedFiles(
  parts: Parts,
  moves: readonly Move[],
  check: () => void,
): Promise<ReadonlySet<Bytes>> {
  const found = new Set<Bytes>();
  const add = (paths: readonly Bytes[]): void => paths.forEach((path) => found.add(path));
  for (const { from } of moves) {
    // Files below a folder may name it without its name, as `../.` does.
    const isDefault = baseNameOf(from) === 'default.nix';
    const folder = isDefault ? directoryOf(from) : from;
    add(await pathsWith(parts, baseNameOf(folder), check));
    add(await pathsBelow(parts, folder, check));
    if (isDefault) add(await pathsWith(parts, 'default.nix', check));
  }
  return found;
}
