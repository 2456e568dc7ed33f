/** The request to format a document, which a program of the user does, if there is one. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TextEdit } from 'vscode-languageserver/node';
import { decodeUtf8, encodeUtf8, type Bytes } from '../../base/bytes';
import { formatWith } from '../../features/external-formatter';
import { lineEdit } from '../../features/text-edit';
import { format } from '../../formatter/format';
import type { OpenDocument } from '../document';
import { readDocumentUri } from '../params';
import type { Parts } from '../parts';

/** `textDocument/formatting` */
export async function formatting(parts: Parts, params: unknown): Promise<TextEdit[] | null> {
  const document = parts.documents.get(readDocumentUri(params));
  if (document === undefined) return null;
  const { version } = document;
  const command = parts.settings.current['formatting.command'];
  const result = command.length === 0 ? formatted(document) : await formattedBy(command, parts, document);
  if ('problem' in result) {
    parts.editor.warn(`The document is not formatted${result.problem}`);
    return null;
  }
  // An edit that came meanwhile would be lost.
  if (document.version !== version || result.text === document.bytes) return [];
  const { range, text } = lineEdit(document.bytes, result.text);
  return [{ range: document.positions.rangeOf(range), newText: decodeUtf8(text) }];
}

/** A problem goes on with the sentence. */
type Result = { readonly text: Bytes } | { readonly problem: string };

function formatted({ parsed }: OpenDocument): Result {
  const result = format(parsed);
  return 'problem' in result ? { problem: `, since ${result.problem}.` } : result;
}

async function formattedBy(
  command: readonly string[],
  parts: Parts,
  document: OpenDocument,
): Promise<Result> {
  if (!parts.evaluation.trusted) return { problem: ', since the workspace is not trusted.' };
  const result = await formatWith(command, decodeUtf8(document.bytes), folderOf(document.uri));
  return 'problem' in result ? { problem: `. ${result.problem}` } : { text: encodeUtf8(result.text) };
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
