/**
 * `with a; …` as `let inherit (a) b c; in …`, or with `a.b` and `a.c` in the place of the names.
 *
 * Both say which names come from the `with`. The text knows that only if no other `with`
 * is around, and none inside has names that nothing binds: each could come from either.
 */
import type { Bytes } from '../../base/bytes';
import { globalNames } from '../../builtins/global-names';
import { freeNames } from '../../names/free-names';
import { bindsNames, lookUp } from '../../names/declarations';
import { isIdentifier } from '../../base/literals';
import { Kind, type InheritNode, type Node, type WithNode } from '../../syntax/tree';
import { forEachChild, type PlacedNode } from '../../syntax/walk';
import type { ActionPlace, ActionSource, OfferedAction } from '../code-action';
import { insertion, replacement, type TextEdit } from '../text-edit';
import { apart, hasComments, isBeforeOr, isWordByte, tokensBetween } from './gaps';
import { shownText } from './titles';

/** The nodes between a `with` and a place below it that bind names, the innermost first. */
interface Scope {
  readonly binder: PlacedNode;
  readonly outer: Scope | undefined;
}

/** A place below a `with` where a name stands that comes from it. */
interface Use {
  readonly name: string;
  readonly at: number;
  readonly scope: Scope | undefined;
  /** The `inherit` that it stands in. */
  readonly inherit: InheritNode | undefined;
}

export const expandWith: ActionSource = {
  kinds: ['refactor.rewrite'],
  offer(place) {
    const { parsed, nodes, selection } = place;
    const index = nodes.findIndex(({ node }) => node.kind === Kind.With);
    const found = nodes[index];
    if (
      found?.node.kind !== Kind.With ||
      selection.start > found.at + found.node.environmentAt + found.node.environment.width
    )
      return [];
    const { node, at } = found;
    const isInner = nodes.slice(index + 1).some(({ node: outer }, i) => {
      return outer.kind === Kind.With && outer.body === nodes[index + i]!.node;
    });
    const environmentAt = at + node.environmentAt;
    const environmentEnd = environmentAt + node.environment.width;
    const bodyAt = at + node.bodyAt;
    const semicolon = tokensBetween(parsed, environmentEnd, bodyAt)[0]?.end;
    if (isInner || semicolon === undefined) return [];
    if (hasComments(parsed, at, environmentAt) || hasComments(parsed, environmentEnd, semicolon)) return [];
    const uses = usesBelow(nodes.slice(index + 1).reverse(), node, bodyAt);
    if (uses === undefined || uses.length === 0) return [];
    return [...asLet(place, node, at, semicolon, uses), ...asSelections(place, node, at, semicolon, uses)];
  },
};

/** The names below a `with` that nothing binds; undefined where some of them may come from another one. */
function usesBelow(outer: readonly PlacedNode[], node: WithNode, bodyAt: number): Use[] | undefined {
  const { lexical, dynamic } = freeNames(node.body);
  const isUnbound = (name: string): boolean =>
    !globalNames.has(name) && lookUp(outer, node, name).declaration === undefined;
  if (dynamic.some(isUnbound)) return undefined;
  const wanted = new Set(lexical.filter(isUnbound));
  const uses: Use[] = [];
  const waiting: { node: Node; at: number; scope: Scope | undefined; outside: Scope | undefined }[] = [
    { node: node.body, at: bodyAt, scope: undefined, outside: undefined },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node: parent, at, scope, outside } = next;
    const found = (name: string, place: number, where: Scope | undefined, inherit?: InheritNode): void => {
      if (wanted.has(name) && !isBoundIn(where, name)) uses.push({ name, at: place, scope: where, inherit });
    };
    if (parent.kind === Kind.Identifier) found(parent.name, at, scope);
    if (!mentions(parent, wanted)) continue;
    const binds = parent.kind === Kind.Lambda || bindsNames(parent);
    const inner = binds ? { binder: { node: parent, at }, outer: scope } : scope;
    forEachChild(parent, at, (child, childAt) => {
      if (!isPlainName(parent, child))
        return waiting.push({ node: child, at: childAt, scope: inner, outside: scope });
      // What is inherited comes from outside of the set.
      if (parent.kind === Kind.Inherit && parent.source === undefined && child.kind === Kind.Identifier)
        found(child.name, childAt, outside, parent);
    });
  }
  return uses.sort((a, b) => a.at - b.at);
}

/** Whether it is worth looking below a node: its free names are known for expressions only. */
function mentions(node: Node, wanted: ReadonlySet<string>): boolean {
  if (!('free' in node) || node.kind === Kind.Binding || node.kind === Kind.Inherit) return true;
  const { lexical, dynamic } = freeNames(node);
  return lexical.some((name) => wanted.has(name)) || dynamic.some((name) => wanted.has(name));
}

function isBoundIn(scope: Scope | undefined, name: string): boolean {
  for (let each = scope; each !== undefined; each = each.outer) {
    if (lookUp([each.binder], each.binder.node, name).declaration !== undefined) return true;
  }
  return false;
}

/** Whether a child is a name that is not evaluated where it stands. */
function isPlainName(parent: Node, child: Node): boolean {
  if (child.kind !== Kind.Identifier) return false;
  if (parent.kind === Kind.Inherit) return parent.source !== child;
  if (parent.kind === Kind.Formal) return parent.name === child;
  return parent.kind === Kind.AttributePath || (parent.kind === Kind.Lambda && parent.parameter === child);
}

function asLet(
  { parsed }: ActionPlace,
  node: WithNode,
  at: number,
  semicolon: number,
  uses: readonly Use[],
): OfferedAction[] {
  const names = [...new Set(uses.map(({ name }) => name))];
  const { lexical, dynamic } = freeNames(node.environment);
  // In a `let`, the source would mean the names that are inherited from it.
  if (names.some((name) => lexical.includes(name) || dynamic.includes(name) || !isIdentifier(name)))
    return [];
  const environmentAt = at + node.environmentAt;
  const environmentEnd = environmentAt + node.environment.width;
  const isParenthesised = node.environment.kind === Kind.Parenthesised;
  const [open, close] = isParenthesised ? ['', ''] : ['(', ')'];
  const space = isWordByte(parsed.text[semicolon]) ? ' ' : '';
  const source = `${open}${parsed.text.slice(environmentAt, environmentEnd)}${close}`;
  const edits = [
    replacement(at, environmentAt, `let inherit ${open}`),
    replacement(environmentEnd, semicolon, `${close} ${names.join(' ')}; in${space}`),
  ];
  return [{ title: `Convert to 'let inherit ${shownText(source)} …'`, kind: 'refactor.rewrite', edits }];
}

/** Only where the environment is a name or a selection: it is written at each use. */
function asSelections(
  { parsed }: ActionPlace,
  node: WithNode,
  at: number,
  semicolon: number,
  uses: readonly Use[],
): OfferedAction[] {
  const { environment } = node;
  const isShort =
    environment.kind === Kind.Identifier ||
    (environment.kind === Kind.Select &&
      environment.target.kind === Kind.Identifier &&
      environment.fallback === undefined &&
      environment.path.names.every(({ kind }) => kind === Kind.Identifier));
  if (!isShort) return [];
  const { text } = parsed;
  const environmentAt = at + node.environmentAt;
  const source = text.slice(environmentAt, environmentAt + environment.width);
  const { lexical } = freeNames(environment);
  const isCaptured = uses.some(({ scope }) => lexical.some((name) => isBoundIn(scope, name)));
  if (isCaptured || hasComments(parsed, semicolon, at + node.bodyAt)) return [];
  const changes = selections(parsed, uses, source);
  if (changes === undefined) return [];
  const space = isWordByte(text[at - 1]) ? ' ' : '';
  const edits = [replacement(at, at + node.bodyAt, space), ...changes];
  return [{ title: `Convert to selections from '${shownText(source)}'`, kind: 'refactor.rewrite', edits }];
}

function selections(
  parsed: ActionPlace['parsed'],
  uses: readonly Use[],
  source: Bytes,
): TextEdit[] | undefined {
  const { text } = parsed;
  const edits: TextEdit[] = [];
  for (const { name, at, inherit } of uses) {
    const end = at + name.length;
    if (inherit === undefined) {
      // With a word `or` behind it, the selection would have a default.
      if (isBeforeOr(text, end)) return undefined;
      edits.push(replacement(at, end, apart(text, at, end, `${source}.${name}`)));
    } else if (inherit.names.length === 1) {
      edits.push(insertion(at, `(${source}) `));
    } else return undefined;
  }
  return edits;
}
