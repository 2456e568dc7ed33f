/** Strings and names as Nix source text; also for printing expressions. */
import type { Bytes } from '../base/bytes';

const escapes: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A literal in double quotes that evaluates to `text`. */
export function printString(text: Bytes): Bytes {
  return `"${text.replace(/["\\\n\r\t]|\$(?=\{)/g, (found) => escapes[found] ?? `\\${found}`)}"`;
}

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
