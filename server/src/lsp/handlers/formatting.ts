/** The request to format a document, which a program of the user does. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TextEdit } from 'vscode-languageserver/node';
import { decodeUtf8 } from '../../base/bytes';
import { formatWith } from '../../features/format';
import { readDocumentUri } from '../params';
import type { Parts } from '../parts';

/** `textDocument/formatting`. Without a program in the settings there is nothing to do. */
export async function formatting(parts: Parts, params: unknown): Promise<TextEdit[] | null> {
  const document = parts.documents.get(readDocumentUri(params));
  const command = parts.settings.current['formatting.command'];
  if (document === undefined || command.length === 0) return null;
  if (!parts.evaluation.trusted) {
    parts.editor.warn('The document is not formatted, since the workspace is not trusted.');
    return null;
  }
  const { version } = document;
  const text = decodeUtf8(document.bytes);
  const result = await formatWith(command, text, folderOf(document.uri));
  if ('problem' in result) {
    parts.editor.warn(`The document could not be formatted. ${result.problem}`);
    return null;
  }
  // An edit that came meanwhile would be lost.
  if (document.version !== version || result.text === text) return [];
  const end = document.positions.rangeOf({ start: document.bytes.length, end: document.bytes.length }).end;
  return [{ range: { start: { line: 0, character: 0 }, end }, newText: result.text }];
}

/** Where the program runs: beside the file, so that it finds its configuration, where that is a place of this machine. */
function folderOf(uri: string): string {
  try {
    const folder = dirname(fileURLToPath(uri));
    if (existsSync(folder)) return folder;
  } catch {
    // It is no file, or one of another machine.
  }
  return process.cwd();
}
