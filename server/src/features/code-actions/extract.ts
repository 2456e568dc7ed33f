/**
 * What is selected for an extraction: exactly one expression, which can be named or moved.
 */
import { isIdentifier } from '../../base/literals';
import {
  Kind,
  staticName,
  type AttributePathNode,
  type BindingLike,
  type BindingNode,
  type Expression,
} from '../../syntax/tree';
import { nodesAt, type PlacedNode } from '../../syntax/walk';
import type { ActionPlace } from '../code-action';
import { tellsPosition } from './expressions';

export interface Extracted {
  readonly node: Expression;
  readonly at: number;
  /** The nodes around it, the innermost first. */
  readonly around: readonly PlacedNode[];
}

/** Kinds that are expressions wherever they stand, and worth a name. */
const worthy: ReadonlySet<Kind> = new Set([
  Kind.Integer,
  Kind.Float,
  Kind.String,
  Kind.Path,
  Kind.SearchPath,
  Kind.Parenthesised,
  Kind.List,
  Kind.AttributeSet,
  Kind.Let,
  Kind.LegacyLet,
  Kind.With,
  Kind.Assert,
  Kind.If,
  Kind.Lambda,
  Kind.Call,
  Kind.Select,
  Kind.HasAttribute,
  Kind.Not,
  Kind.Negate,
  Kind.Binary,
]);

/** The expression that is selected, blanks around it or not; undefined for anything else. */
export function extractedExpression({ parsed, nodes, selection }: ActionPlace): Extracted | undefined {
  const selected = parsed.text.slice(selection.start, selection.end);
  if (selected.trim() === '') return undefined;
  const start = selection.start + /^[ \t\r\n]*/.exec(selected)![0].length;
  const end = selection.end - /[ \t\r\n]*$/.exec(selected)![0].length;
  const path = start === selection.start ? nodes : nodesAt(parsed, start);
  const index = path.findIndex(
    ({ node, at }) => at === start && at + node.width === end && worthy.has(node.kind),
  );
  const found = path[index];
  const parent = path[index + 1]?.node;
  if (found === undefined || parent?.kind === Kind.AttributePath) return undefined;
  if (parent?.kind === Kind.Inherit && parent.source !== found.node) return undefined;
  const node = found.node as Expression;
  const owner = path[index + 2]?.node;
  if (parent?.kind === Kind.Binding && owner !== undefined && 'bindings' in owner && isMerged(parent, owner))
    return undefined;
  if (tellsPosition(node)) return undefined;
  return { node, at: found.at, around: path.slice(index + 1) };
}

/** A name that is not taken: as it is, or with a number behind it. */
export function freshName(wanted: string, isTaken: (name: string) => boolean): string {
  let name = wanted;
  for (let i = 2; isTaken(name); i++) name = `${wanted}${i}`;
  return name;
}

/** What the value is called where it stands, or a name that says nothing. */
export function nameFor({ node, around }: Extracted): string {
  const parent = around[0]?.node;
  const inner = node.kind === Kind.Parenthesised ? node.inner : node;
  const bound = parent?.kind === Kind.Binding ? variableName(parent.path) : undefined;
  const selected = inner.kind === Kind.Select ? variableName(inner.path) : undefined;
  return bound ?? selected ?? 'value';
}

/** The last name of a path, if a variable can have it. */
function variableName({ names }: AttributePathNode): string | undefined {
  const name = staticName(names.at(-1)!);
  return name !== undefined && isIdentifier(name) && name !== 'or' ? name : undefined;
}

/** Whether Nix may put the attributes of a binding's literal set together with those of other bindings, which it does with no other expression. */
export function isMerged(
  binding: BindingNode,
  { bindings }: { readonly bindings: readonly BindingLike[] },
): boolean {
  if (binding.value.kind !== Kind.AttributeSet) return false;
  const name = staticName(binding.path.names[0]!);
  return bindings.some(
    (other) => other !== binding && other.kind === Kind.Binding && staticName(other.path.names[0]!) === name,
  );
}
