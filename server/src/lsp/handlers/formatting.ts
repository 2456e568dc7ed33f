/** The request to format a document, which a program of the user does, if there is one. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TextEdit } from 'vscode-languageserver/node';
import { decodeUtf8, encodeUtf8, type Bytes } from '../../base/bytes';
import { formatWith } from '../../features/external-formatter';
import { lineEdit } from '../../features/text-edit';
import { format } from '../../formatter/format';
import { formatPart } from '../../formatter/part';
import type { OpenDocument } from '../document';
import { readDocumentUri, readParams, readRange } from '../params';
import type { Parts } from '../parts';

/** `textDocument/formatting` */
export async function formatting(parts: Parts, params: unknown): Promise<TextEdit[] | null> {
  const document = parts.documents.get(readDocumentUri(params));
  if (document === undefined) return null;
  const { version } = document;
  const command = parts.settings.current['formatting.command'];
  if (command.length === 0 && hasSyntaxErrors(parts, document)) return null;
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

/** `textDocument/rangeFormatting`; a program of the user's knows whole documents only. */
export function rangeFormatting(parts: Parts, params: unknown): TextEdit[] | null {
  const document = parts.documents.get(readDocumentUri(params));
  const { start, end } = readRange(readParams(params).range, 'range');
  if (document === undefined || parts.settings.current['formatting.command'].length > 0) return null;
  if (hasSyntaxErrors(parts, document)) return null;
  const { positions, parsed } = document;
  const selection = { start: positions.clampedOffsetAt(start), end: positions.clampedOffsetAt(end) };
  const result = formatPart(parsed, selection);
  if ('problem' in result) {
    parts.editor.warn(`The selection is not formatted, since ${result.problem}.`);
    return null;
  }
  const isChange = parsed.text.slice(result.range.start, result.range.end) !== result.text;
  return isChange ? [{ range: positions.rangeOf(result.range), newText: decodeUtf8(result.text) }] : [];
}

/** A text with syntax errors is not formatted. They are shown already, and an editor may ask as often as it saves. */
function hasSyntaxErrors({ editor }: Parts, { parsed }: OpenDocument): boolean {
  const isFaulty = parsed.errors.some(({ severity }) => severity === 'error');
  if (isFaulty) editor.log('The document is not formatted, since its text has syntax errors.');
  return isFaulty;
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
