/**
 * Requests about the kinds of names. An editor that has the tokens of an earlier text
 * gets what is different: while somebody types, that is a few numbers.
 */
import type { SemanticTokens, SemanticTokensDelta } from 'vscode-languageserver/node';
import { semanticTokens, type SemanticToken } from '../../features/semantic-tokens';
import { tokenModifiers, tokenTypes } from '../../features/token-legend';
import type { OpenDocument } from '../document';
import { readDocumentUri, readOptionalString, readParams, readRange } from '../params';
import type { Parts } from '../parts';
import type { Positions } from '../positions';

/** How many numbers one token takes. */
const fields = 5;

/** What the editor was told last of each document. */
const told = new WeakMap<OpenDocument, Required<SemanticTokens>>();
let answers = 0;

/** `textDocument/semanticTokens/full` */
export function semanticTokensFull(parts: Parts, params: unknown): SemanticTokens | null {
  const document = parts.documents.get(readDocumentUri(params));
  return document === undefined ? null : tellAll(document);
}

/** `textDocument/semanticTokens/full/delta` */
export function semanticTokensDelta(
  parts: Parts,
  params: unknown,
): SemanticTokens | SemanticTokensDelta | null {
  const document = parts.documents.get(readDocumentUri(params));
  const previous = readOptionalString(readParams(params).previousResultId, 'previousResultId');
  if (document === undefined) return null;
  const before = told.get(document);
  const now = tellAll(document);
  if (before === undefined || before.resultId !== previous) return now;
  return { resultId: now.resultId, edits: difference(before.data, now.data) };
}

/** `textDocument/semanticTokens/range` */
export function semanticTokensRange(parts: Parts, params: unknown): SemanticTokens | null {
  const document = parts.documents.get(readDocumentUri(params));
  const range = readRange(readParams(params).range, 'range');
  if (document === undefined) return null;
  const { positions } = document;
  const start = positions.clampedOffsetAt(range.start);
  const end = positions.clampedOffsetAt(range.end);
  return { data: encoded(semanticTokens(document.parsed, { start, end }), positions) };
}

function tellAll(document: OpenDocument): Required<SemanticTokens> {
  const data = encoded(semanticTokens(document.parsed), document.positions);
  const now = { resultId: `${++answers}`, data };
  told.set(document, now);
  return now;
}

/** For each token the lines and the units since the one before, its length, its type and its modifiers. */
function encoded(tokens: readonly SemanticToken[], positions: Positions): number[] {
  const data: number[] = [];
  let lastLine = 0;
  let lastCharacter = 0;
  for (const { range, type, modifier } of tokens) {
    const { line, character } = positions.positionAt(range.start);
    const characterDelta = line === lastLine ? character - lastCharacter : character;
    const modifiers = modifier === undefined ? 0 : 1 << tokenModifiers.indexOf(modifier);
    // A name is ASCII, so its bytes are its units.
    const length = range.end - range.start;
    data.push(line - lastLine, characterDelta, length, tokenTypes.indexOf(type), modifiers);
    lastLine = line;
    lastCharacter = character;
  }
  return data;
}

/** One edit, of whole tokens, that makes `after` of `before`; none where they are the same. */
function difference(before: readonly number[], after: readonly number[]): SemanticTokensDelta['edits'] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  start -= start % fields;
  let tail = 0;
  while (tail < shorter - start && before[before.length - 1 - tail] === after[after.length - 1 - tail])
    tail++;
  tail -= tail % fields;
  const deleteCount = before.length - tail - start;
  const data = after.slice(start, after.length - tail);
  return deleteCount === 0 && data.length === 0 ? [] : [{ start, deleteCount, data }];
}
