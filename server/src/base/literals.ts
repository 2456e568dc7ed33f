/** Strings and names as Nix source text; also for printing expressions. */
import type { Bytes } from './bytes';

const escapes: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A literal in double quotes that evaluates to `text`. */
export function printString(text: Bytes): Bytes {
  return `"${text.replace(/["\\\n\r\t]|\$(?=\{)/g, (found) => escapes[found] ?? `\\${found}`)}"`;
}

/**
 * An indented literal of several lines that evaluates to `text`, as a reader wants
 * a script or a description; undefined for what is better in double quotes: a text
 * of one line, one with bytes that do not show, one that would need escapes of its
 * own, or one all of whose lines are indented, since that would be stripped.
 */
export function printIndentedString(text: Bytes): Bytes | undefined {
  const lines = text.split('\n');
  if (lines.length < 2 || unprintable.test(text) || escapedOtherwise.test(text)) return undefined;
  if (lines.some((line) => /^ +$/.test(line)) || !lines.some((line) => /^[^ ]/.test(line))) return undefined;
  const escaped = lines.map((line) => (line === '' ? '' : `  ${line.replace(/\$(?=\{)/g, "''$$")}`));
  return `''\n${escaped.join('\n')}''`;
}

/** Control characters but for tabs and line feeds. */
const unprintable = /[\x00-\x08\x0b-\x1f\x7f]/;

/** Apostrophes that would touch an escape or the closing quotes, and doubled dollars. */
const escapedOtherwise = /''|'\$|'$|\$\$/;

/** `or` is missing on purpose: it is a name wherever an attribute's name can stand. */
const keywords = new Set(['if', 'then', 'else', 'assert', 'with', 'let', 'in', 'rec', 'inherit']);

const identifier = /^[a-zA-Z_][a-zA-Z0-9_'-]*$/;

/** Whether a name can be written without quotes. */
export function isIdentifier(name: string): boolean {
  return identifier.test(name) && !keywords.has(name);
}

/** The name of an attribute: as it is, or as a string literal. */
export function printAttributeName(name: Bytes): Bytes {
  return isIdentifier(name) ? name : printString(name);
}
