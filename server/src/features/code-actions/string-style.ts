/**
 * `"…"` as `''…''` and back. Interpolations stay as they are written; the text between them
 * is escaped anew. What would not mean the same is not offered: the result is read once more.
 */
import type { Bytes } from '../../base/bytes';
import type { Range } from '../../base/range';
import { parse, type ParsedFile } from '../../syntax/parse';
import { Kind, StringStyle, type StringNode } from '../../syntax/tree';
import type { ActionPlace, ActionSource, OfferedAction } from '../code-action';
import { applyEdits, replacement, type TextEdit } from '../text-edit';
import { apart } from './gaps';
import { indentationAt, lineEndOf, oneLevel, textPieces } from './layout';

export const stringStyle: ActionSource = {
  kinds: ['refactor.rewrite'],
  onlyWhenAsked: true,
  offer(place) {
    const index = place.nodes.findIndex(({ node }) => node.kind !== Kind.TextPart);
    const placed = place.nodes[index];
    if (placed?.node.kind !== Kind.String || placed.node.style === StringStyle.Uri) return [];
    const parent = place.nodes[index + 1]?.node;
    // A name cannot be written as an indented string.
    const isName =
      parent?.kind === Kind.AttributePath || (parent?.kind === Kind.Inherit && parent.source !== placed.node);
    return isName ? [] : converted(place, placed.node, placed.at);
  },
};

function converted({ parsed }: ActionPlace, node: StringNode, at: number): OfferedAction[] {
  const isQuoted = node.style === StringStyle.Quoted;
  const written = parsed.text.slice(at, at + node.width);
  if (isQuoted ? !written.endsWith('"') : !written.endsWith("''") || written.length < 4) return [];
  const edits = isQuoted ? toIndented(parsed, node, at) : toQuoted(node, at);
  if (edits === undefined || !meansTheSame(parsed, node, at, edits)) return [];
  return [
    {
      title: isQuoted ? "Convert to an indented string (''…'')" : 'Convert to a string in double quotes',
      kind: 'refactor.rewrite',
      edits: setApart(parsed.text, edits),
    },
  ];
}

/** What the text in each piece means: one more than there are interpolations. */
function pieceTexts(node: StringNode): Bytes[] {
  const texts = [''];
  for (const part of node.parts) {
    if (part.kind === Kind.Interpolation) texts.push('');
    else texts[texts.length - 1] += part.text;
  }
  return texts;
}

/** Puts texts in the place of what is between the interpolations, and quotes around. */
function withPieces(node: StringNode, at: number, texts: readonly Bytes[], quote: Bytes): TextEdit[] {
  return textPieces(node, at).map(({ start, end }, i, pieces): TextEdit => {
    const isFirst = i === 0;
    const isLast = i === pieces.length - 1;
    const range: Range = { start: isFirst ? at : start, end: isLast ? at + node.width : end };
    return { range, text: (isFirst ? quote : '') + texts[i]! + (isLast ? quote : '') };
  });
}

const quotedEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function toQuoted(node: StringNode, at: number): TextEdit[] {
  const texts = pieceTexts(node);
  const escaped = texts.map((text, i) => {
    // A dollar before an interpolation would make text of it.
    const dollar = i === texts.length - 1 ? /\$(?=\{)/g : /\$(?=\{|$)/g;
    return text
      .replace(/["\\\n\r\t]/g, (found) => quotedEscapes[found] ?? `\\${found}`)
      .replace(dollar, '\\$');
  });
  return withPieces(node, at, escaped, '"');
}

/** As one line, or as lines that are indented by one level more than the line where the string starts. */
function toIndented({ text }: ParsedFile, node: StringNode, at: number): TextEdit[] | undefined {
  const values = pieceTexts(node);
  const escaped = values.map((value, i) => escapeIndented(value, i === values.length - 1));
  if (!values.some((value) => value.includes('\n'))) return withPieces(node, at, escaped, "''");
  // In a text with CR LF, each line end of an indented string is one of both bytes.
  if (lineEndOf(text) !== '\n') return undefined;
  const outer = indentationAt(text, at);
  // Tabs are not stripped.
  if (outer.includes('\t')) return undefined;
  const inner = outer + oneLevel(outer);
  const indented = escaped.map((piece, i) => {
    const lines = (i === 0 ? `\n${piece}` : piece).split('\n');
    const isLastPiece = i === escaped.length - 1;
    return lines
      .map((line, j) => {
        if (j === 0) return line;
        const isLast = isLastPiece && j === lines.length - 1;
        const isEmpty = line === '' && (j < lines.length - 1 || isLastPiece);
        return isEmpty ? (isLast ? outer : '') : inner + line;
      })
      .join('\n');
  });
  return withPieces(node, at, indented, "''");
}

/** Text inside of `''…''`; line feeds stay. */
function escapeIndented(text: Bytes, isLast: boolean): Bytes {
  let escaped = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    const next = text[i + 1];
    if (c === "'" && next === "'") {
      escaped += "'''";
      i++;
    } else if (c === "'") escaped += isSafeBehindApostrophe(next, isLast) ? c : "''\\'";
    else if (c === '$') {
      const isPlain = next === undefined ? isLast : !/[{']/.test(next);
      escaped += isPlain ? c : "''$";
    } else if (c === '\r') escaped += "''\\r";
    else if (c === '\t') escaped += "''\\t";
    else escaped += c;
  }
  return escaped;
}

/** Whether an apostrophe can stand before a character: what is behind must not begin with another one. */
function isSafeBehindApostrophe(next: string | undefined, isLast: boolean): boolean {
  return next === undefined ? !isLast : !/[$\r\t]/.test(next);
}

/** Whether the edited string, read by itself, has the same text between its interpolations. */
function meansTheSame(
  { text, options }: ParsedFile,
  node: StringNode,
  at: number,
  edits: TextEdit[],
): boolean {
  const local = edits.map(({ range, text: inserted }) =>
    replacement(range.start - at, range.end - at, inserted),
  );
  const { root, rootAt, errors } = parse(applyEdits(text.slice(at, at + node.width), local), options);
  const before = pieceTexts(node);
  if (root.kind !== Kind.String || rootAt !== 0 || errors.some(({ severity }) => severity === 'error'))
    return false;
  const after = pieceTexts(root);
  return after.length === before.length && after.every((piece, i) => piece === before[i]);
}

/** An apostrophe is a part of the word before, and quotes behind would become an escape. */
function setApart(text: Bytes, edits: readonly TextEdit[]): TextEdit[] {
  return edits.map(({ range, text: inserted }, i) => {
    const isFirst = i === 0;
    const isLast = i === edits.length - 1;
    const before = isFirst ? apart(text, range.start, range.end, inserted[0]!).startsWith(' ') : false;
    const after = isLast && inserted.endsWith("'") && /['$\\]/.test(text[range.end] ?? '');
    return { range, text: (before ? ' ' : '') + inserted + (after ? ' ' : '') };
  });
}
