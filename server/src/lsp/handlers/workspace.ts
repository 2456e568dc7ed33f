/** The notifications about what surrounds the documents: settings, trust, folders, files on disk. */
import type { Bytes } from '../../base/bytes';
import { readFields, readList, readParams } from '../params';
import type { Parts } from '../parts';
import { renew } from '../renew';
import { filePath } from '../uris';

/** `workspace/didChangeConfiguration` */
export async function didChangeConfiguration(parts: Parts, params: unknown): Promise<void> {
  const changed = await parts.settings.pushed(readParams(params).settings);
  if (changed) renew(parts);
}

/** `nixray/didChangeTrust` */
export function didChangeTrust(parts: Parts, params: unknown): void {
  parts.evaluation.trusted = readParams(params).trusted === true;
  renew(parts);
}

/** `workspace/didChangeWorkspaceFolders` */
export function didChangeWorkspaceFolders(parts: Parts, params: unknown): void {
  const { added, removed } = readFields(readParams(params).event, 'event');
  parts.folders.change(folderList(added), folderList(removed));
  renew(parts);
}

/** `workspace/didChangeWatchedFiles` */
export function didChangeWatchedFiles(parts: Parts, params: unknown): void {
  const paths = readList(readParams(params).changes, 'changes')
    .map((change) => readFields(change, 'changes').uri)
    .map((uri) => (typeof uri === 'string' ? filePath(uri) : undefined))
    .filter((path): path is Bytes => path !== undefined && parts.watchedFiles.concerns(path));
  if (paths.length === 0) return;
  parts.evaluation.supervisor.filesChanged(paths);
  parts.diagnostics.filesChanged(paths);
  parts.symbols.changed(paths);
  parts.editor.refreshValues();
}

function folderList(value: unknown): { uri: string }[] {
  return readList(value ?? [], 'folders')
    .map((folder) => readFields(folder, 'folders').uri)
    .filter((uri) => typeof uri === 'string')
    .map((uri) => ({ uri }));
}
