/** Selected JSON as Nix, token by token: order and layout stay as they are. */
import type { Bytes } from '../../base/bytes';
import { readJson } from '../../builtins/json-reader';
import { printAttributeName, printString } from '../../base/literals';
import { Kind } from '../../syntax/tree';
import type { ActionSource } from '../code-action';
import { replacement } from '../text-edit';

export const jsonToNix: ActionSource = {
  kinds: ['refactor.rewrite'],
  mendsSyntax: true,
  offer({ parsed, selection, nodes }) {
    // In a string it is text.
    if (nodes.some(({ node, at }) => node.kind === Kind.String && at < selection.start)) return [];
    const selected = parsed.text.slice(selection.start, selection.end);
    const json = /^[ \t\r\n]*([{[][^]*[}\]])[ \t\r\n]*$/.exec(selected)?.[1];
    // Without any of these it is the same in Nix.
    if (json === undefined || !/[:,]/.test(json) || !isJson(json)) return [];
    const nix = nixOf(json);
    if (nix === undefined) return [];
    const start = selection.start + selected.indexOf(json);
    const edits = [replacement(start, start + json.length, nix)];
    return [{ title: 'Convert JSON to Nix', kind: 'refactor.rewrite', edits }];
  },
};

function isJson(text: Bytes): boolean {
  try {
    readJson(text);
    return true;
  } catch {
    // Whatever is wrong with it, it cannot be converted.
    return false;
  }
}

const token = /"(?:[^"\\]|\\[^])*"|[{}[\]:,]|[^\s"{}[\]:,]+|\s+/g;

/** An object or a list whose end has not been read. */
interface Open {
  readonly isObject: boolean;
  readonly names: Set<Bytes>;
  /** In an object, whether the next string is a name. */
  atName: boolean;
}

/** What valid JSON is in Nix; undefined for numbers and strings that Nix cannot have, and for names that come twice. */
function nixOf(json: Bytes): Bytes | undefined {
  const open: Open[] = [];
  let nix = '';
  for (const { 0: text, index } of json.matchAll(token)) {
    const inner = open.at(-1);
    const isEnd = text === '}' && inner!.names.size > 0;
    // The semicolon stands behind the value, not behind the line.
    if (isEnd) nix = nix.replace(/\s*$/, ';$&');
    const space = /\s/.test(json[index + 1] ?? ' ') ? '' : ' ';
    const written = /^\s/.test(text) ? text : (structure(text, space, open) ?? scalar(text, inner));
    if (written === undefined) return undefined;
    nix += written;
  }
  return nix;
}

/** Braces, brackets and what is between items, with `space` behind it; undefined for anything else. */
function structure(text: Bytes, space: Bytes, open: Open[]): Bytes | undefined {
  const inner = open.at(-1);
  switch (text) {
    case '{':
    case '[':
      open.push({ isObject: text === '{', names: new Set(), atName: text === '{' });
      return text;
    case '}':
    case ']':
      open.pop();
      return text;
    case ':':
      inner!.atName = false;
      return ` =${space}`;
    case ',':
      inner!.atName = inner!.isObject;
      return (inner!.isObject ? ';' : '') + space;
    default:
      return undefined;
  }
}

function scalar(text: Bytes, inner: Open | undefined): Bytes | undefined {
  if (!text.startsWith('"')) return /^[-0-9]/.test(text) ? number(text, inner?.isObject === false) : text;
  const string = readJson(text);
  if (typeof string !== 'string' || string.includes('\0')) return undefined;
  if (inner?.atName !== true) return printString(string);
  if (inner.names.has(string)) return undefined;
  inner.names.add(string);
  return printAttributeName(string);
}

/** A float has a dot in Nix. A negative number is an operation, which needs parentheses in a list. */
function number(text: Bytes, isItem: boolean): Bytes | undefined {
  const isInteger = /^-?\d+$/.test(text);
  if (isInteger && BigInt(text.replace('-', '')) > 0x7fffffffffffffffn) return undefined;
  const written = isInteger || text.includes('.') ? text : text.replace(/[eE]/, '.0$&');
  return isItem && text.startsWith('-') ? `(${written})` : written;
}
