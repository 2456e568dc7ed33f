/** `inherit x;` and `inherit (a) x;` as `x = x;` and `x = a.x;`. */
import type { Bytes } from '../../base/bytes';
import type { Range } from '../../base/range';
import { bindsNames } from '../../names/declarations';
import { isIdentifier } from '../../base/literals';
import { Kind, staticName, type Expression, type InheritNode } from '../../syntax/tree';
import type { ActionPlace, ActionSource, OfferedAction } from '../code-action';
import { insertion, replacement } from '../text-edit';
import { hasComments } from './gaps';
import { indentationAt, lineEndOf, startsLine } from './layout';
import { shownText } from './titles';

export const inheritToBindings: ActionSource = {
  kinds: ['refactor.rewrite'],
  offer({ parsed, nodes }) {
    const index = nodes.findIndex(({ node }) => node.kind === Kind.Inherit);
    const inherit = nodes[index];
    if (inherit?.node.kind !== Kind.Inherit || index === 0 || index > 2) return [];
    const { node, at } = inherit;
    // In a recursive set `x = x;` would be a circle.
    if (node.source === undefined && bindsNames(nodes[index + 1]!.node)) return [];
    const which = node.names.findIndex((name) => name === nodes[index - 1]!.node);
    const name = node.names[which];
    if (name === undefined || staticName(name) === undefined || name.kind === Kind.DynamicName) return [];
    const nameAt = at + node.namesAt[which]!;
    const range = { start: nameAt, end: nameAt + name.width };
    const binding = bindingOf(parsed, node, at, range, staticName(name)!);
    if (binding === undefined) return [];
    const edits =
      node.names.length === 1 ? alone(parsed, node, at, binding) : apart(parsed, node, at, range, binding);
    if (edits === undefined) return [];
    return [{ title: `Convert to '${shownText(binding)}'`, kind: 'refactor.rewrite', edits }];
  },
};

type Edits = OfferedAction['edits'];
type Parsed = ActionPlace['parsed'];

/** The binding that means the same as one name of an `inherit`. */
function bindingOf(
  { text }: Parsed,
  { source, sourceAt }: InheritNode,
  at: number,
  range: Range,
  name: Bytes,
): Bytes | undefined {
  const written = text.slice(range.start, range.end);
  if (source === undefined) return isIdentifier(name) ? `${written} = ${name};` : undefined;
  // Behind a dot, `or` is a keyword.
  if (name === 'or') return undefined;
  return `${written} = ${selectable(text.slice(at + sourceAt, at + sourceAt + source.width), source)}.${written};`;
}

/** An expression as something that an attribute can be selected from. */
function selectable(text: Bytes, { kind, ...rest }: Expression): Bytes {
  const isSimple =
    kind === Kind.Identifier ||
    kind === Kind.Parenthesised ||
    (kind === Kind.Select && (rest as { readonly fallback?: unknown }).fallback === undefined);
  return isSimple ? text : `(${text})`;
}

/** The whole `inherit` becomes the binding. */
function alone(parsed: Parsed, node: InheritNode, at: number, binding: Bytes): Edits | undefined {
  if (commentsOutside(parsed, node, at)) return undefined;
  return [replacement(at, at + node.width, binding)];
}

/** Comments inside of the source are in its text. */
function commentsOutside(parsed: Parsed, node: InheritNode, at: number): boolean {
  const end = at + node.width;
  if (node.source === undefined) return hasComments(parsed, at, end);
  const sourceAt = at + node.sourceAt;
  return hasComments(parsed, at, sourceAt) || hasComments(parsed, sourceAt + node.source.width, end);
}

/** The name goes, and the binding stands behind the `inherit`. */
function apart(parsed: Parsed, node: InheritNode, at: number, { start, end }: Range, binding: Bytes): Edits {
  const { text } = parsed;
  const inheritEnd = at + node.width;
  const lines = startsLine(text, at);
  const blanks = /[ \t]*(\r?\n[ \t]*)?$/.exec(text.slice(0, start))![0];
  // A comment to the end of its line must not go on with what follows the name.
  const line = text.slice(text.lastIndexOf('\n', start - blanks.length - 1) + 1, start - blanks.length);
  const from = blanks.includes('\n') && line.includes('#') ? start : start - blanks.length;
  const before = lines ? lineEndOf(text) + indentationAt(text, at) : ' ';
  return [replacement(from, end, ''), insertion(inheritEnd, before + binding)];
}
