/**
 * Gives the selected expression a name: in the `let` around it, or in a new one around the
 * innermost body of a function, `with` or value of a recursive set, or around the whole file.
 * No node between the expression and that place binds names.
 */
import type { Bytes } from '../../base/bytes';
import { bindsNames, boundNames } from '../../names/declarations';
import { freeNames } from '../../names/free-names';
import { globalNames } from '../../builtins/global-names';
import { Kind, type Expression, type LetNode, type Node } from '../../syntax/tree';
import type { PlacedNode } from '../../syntax/walk';
import type { ActionPlace, ActionSource, OfferedAction } from '../code-action';
import { insertion, replacement, type TextEdit } from '../text-edit';
import { extractedExpression, freshName, isMerged, nameFor, type Extracted } from './extract';
import { apart, endWithComment } from './gaps';
import { indentationAt, lineEndOf, movedText, oneLevel, startsLine } from './layout';
import { shownText } from './titles';

/** Where the binding comes: into a `let` that is there, before or behind a child, or around a node. */
type Host =
  | { readonly kind: 'let'; readonly node: LetNode; readonly at: number; readonly child: Node }
  | { readonly kind: 'around'; readonly placed: PlacedNode };

export const extractBinding: ActionSource = {
  kinds: ['refactor.extract'],
  offer(place) {
    const extracted = extractedExpression(place);
    const host = extracted && hostOf(extracted);
    if (host === undefined || (host.kind === 'around' && host.placed.node === extracted!.node)) return [];
    const name = freshName(nameFor(extracted!), takenIn(host.kind === 'let' ? host.node : host.placed.node));
    const edits =
      host.kind === 'let'
        ? intoLet(place, extracted!, host, name)
        : newLet(place, extracted!, host.placed, name);
    const title = `Extract to '${shownText(name)}' in ${host.kind === 'let' ? "the 'let'" : "a 'let'"}`;
    return [{ title, kind: 'refactor.extract', edits }];
  },
};

/** The names that a new binding around a node, or in a `let`, would take from others; the global ones would confuse. */
function takenIn(host: Node): (name: string) => boolean {
  const { lexical, dynamic } = freeNames(host as Expression);
  const bound = host.kind === Kind.Let ? [...boundNames(host, 0)].map(({ name }) => name) : [];
  const taken = new Set([...lexical, ...dynamic, ...bound]);
  return (name) => taken.has(name) || globalNames.has(name);
}

/** The innermost place around an expression where a binding can stand; undefined where there is none. */
function hostOf({ node, at, around }: Extracted): Host | undefined {
  let child: PlacedNode = { node, at };
  for (let i = 0; i < around.length; i++) {
    const host = hostIn(around[i]!, child, around[i + 1]?.node);
    if (host !== 'further') return host;
    child = around[i]!;
  }
  return { kind: 'around', placed: child };
}

function hostIn(
  { node: parent, at }: PlacedNode,
  child: PlacedNode,
  owner: Node | undefined,
): Host | 'further' | undefined {
  const around: Host = { kind: 'around', placed: child };
  switch (parent.kind) {
    case Kind.Let:
      return { kind: 'let', node: parent, at, child: child.node };
    case Kind.Lambda:
    case Kind.Formal:
      return around;
    case Kind.With:
      return parent.body === child.node ? around : 'further';
    case Kind.Binding:
      if (owner === undefined || owner.kind === Kind.Let || !bindsNames(owner)) return 'further';
      return parent.value === child.node && !isMerged(parent, owner) ? around : undefined;
    case Kind.Inherit:
      return owner !== undefined && owner.kind !== Kind.Let && bindsNames(owner) ? around : 'further';
    default:
      return 'further';
  }
}

/** The text of the value without parentheses around it. */
function valueText({ parsed }: ActionPlace, { node, at }: Extracted, to: Bytes): Bytes {
  let value: Expression = node;
  let valueAt = at;
  if (value.kind === Kind.Parenthesised && /^\(\S/.test(parsed.text.slice(at, at + 2))) {
    const innerEnd = value.innerAt + value.inner.width;
    // Comments in the parentheses go with them.
    if (value.innerAt === 1 && innerEnd === value.width - 1) {
      valueAt += value.innerAt;
      value = value.inner;
    }
  }
  return movedText(parsed, { node: value, at: valueAt }, indentationAt(parsed.text, at), to);
}

function use({ parsed }: ActionPlace, { node, at }: Extracted, name: string): TextEdit {
  const end = at + node.width;
  return replacement(at, end, apart(parsed.text, at, end, name));
}

function intoLet(
  place: ActionPlace,
  extracted: Extracted,
  { node, at, child }: Extract<Host, { kind: 'let' }>,
  name: string,
): OfferedAction['edits'] {
  const { text } = place.parsed;
  const index = node.bindings.findIndex((binding) => binding === child);
  const which = index >= 0 ? index : node.bindings.length - 1;
  const behind = node.bindings[which];
  const behindAt = behind === undefined ? at : at + node.bindingsAt[which]!;
  const bindingEnd = behindAt + (behind?.width ?? 'let'.length);
  const end = endWithComment(text, bindingEnd);
  const indentation = indentationAt(text, behindAt);
  const isLine = behind !== undefined && (startsLine(text, behindAt) || end > bindingEnd);
  const separator = isLine ? lineEndOf(text) + indentation : ' ';
  const space = /[\s#/]/.test(text[end] ?? ' ') ? '' : ' ';
  const binding = `${separator}${name} = ${valueText(place, extracted, indentation)};${space}`;
  return [insertion(end, binding), use(place, extracted, name)].sort((a, b) => a.range.start - b.range.start);
}

function newLet(
  place: ActionPlace,
  extracted: Extracted,
  { at }: PlacedNode,
  name: string,
): OfferedAction['edits'] {
  const { text } = place.parsed;
  const indentation = indentationAt(text, at);
  const inner = indentation + oneLevel(indentation);
  // A file of one line stays one.
  const isLine = startsLine(text, at) && (at > 0 || text.includes('\n'));
  const written = valueText(place, extracted, inner);
  const newLine = lineEndOf(text);
  const lines = isLine || written.includes('\n');
  const blanks = isLine || !lines ? 0 : /[ \t]*$/.exec(text.slice(0, at))![0].length;
  const space = isLine || /[\s({]/.test(text[at - 1] ?? ' ') ? '' : ' ';
  const start = lines && !isLine ? newLine + indentation : space;
  const opening = lines
    ? `${start}let${newLine}${inner}${name} = ${written};${newLine}${indentation}in${newLine}${indentation}`
    : `${start}let ${name} = ${written}; in `;
  return [replacement(at - blanks, at, opening), use(place, extracted, name)];
}
