/** The notifications about open documents. Each is passed on to whoever needs the text. */
import { workspaceSyntax } from '../../syntax/parse';
import { OpenDocument, type ContentChange } from '../document';
import { readDocumentUri, readFields, readList, readParams, readString } from '../params';
import type { Parts } from '../parts';
import { documentPath } from '../uris';

/** `textDocument/didOpen` */
export function didOpen(parts: Parts, params: unknown): void {
  const uri = readDocumentUri(params);
  const item = readFields(readParams(params).textDocument, 'textDocument');
  const text = readString(item.text, 'textDocument.text');
  const languageId = typeof item.languageId === 'string' ? item.languageId : 'nix';
  // Opening a document twice is wrong, and the later text is the right one.
  close(parts, uri);
  const path = documentPath(uri, parts.folders.first);
  const document = new OpenDocument(uri, path, languageId, versionOf(item.version), text, workspaceSyntax);
  parts.documents.add(document);
  parts.evaluation.supervisor.setDocument(document.path, document.bytes);
  parts.diagnostics.opened(document);
}

/** `textDocument/didChange` */
export function didChange(parts: Parts, params: unknown): void {
  const document = parts.documents.get(readDocumentUri(params));
  if (document === undefined) return;
  const { textDocument, contentChanges } = readParams(params);
  const version = versionOf(readFields(textDocument, 'textDocument').version);
  const changes = readList(contentChanges, 'contentChanges').map(contentChange);
  const edits = document.change(changes, version);
  parts.evaluation.supervisor.setDocument(document.path, document.bytes);
  parts.diagnostics.changed(document, edits);
  // The editor itself asks again for the document that was edited, but not for others that may depend on it.
  if (parts.documents.count > 1) parts.editor.refreshValues();
}

/** `textDocument/didClose` */
export function didClose(parts: Parts, params: unknown): void {
  close(parts, readDocumentUri(params));
  // What was not saved counts no more, in other documents neither.
  if (parts.documents.count > 0) parts.editor.refreshValues();
}

function close(parts: Parts, uri: string): void {
  const document = parts.documents.remove(uri);
  if (document === undefined) return;
  // Another spelling of the URI may still be open; then its text counts.
  const other = parts.documents.at(document.path);
  if (other === undefined) parts.evaluation.supervisor.closeDocument(document.path);
  else parts.evaluation.supervisor.setDocument(other.path, other.bytes);
  document.close();
  parts.diagnostics.closed(document);
  // In an editor that watches no files, this is when its file may have changed.
  parts.symbols.changed([document.path]);
}

function versionOf(version: unknown): number {
  return Number.isInteger(version) ? (version as number) : 0;
}

/** A range that is no range is taken for none; the text is what matters. */
function contentChange(value: unknown): ContentChange {
  const { text, range } = readFields(value, 'contentChanges');
  const content = readString(text, 'contentChanges.text');
  if (range === undefined || range === null) return { text: content };
  const { start, end } = readFields(range, 'contentChanges.range');
  return { text: content, range: { start: clamped(start), end: clamped(end) } };
}

/** The protocol knows no negative positions; the nearest one that exists keeps both texts alike as far as can be. */
function clamped(value: unknown): { line: number; character: number } {
  const { line, character } = readFields(value, 'position');
  return { line: natural(line), character: natural(character) };
}

function natural(value: unknown): number {
  return Number.isInteger(value) ? Math.max(0, value as number) : 0;
}
