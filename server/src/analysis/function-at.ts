/**
 * The function that a place of a document is about, and its calls as an editor
 * lists them. Of a function of several arguments, `a: b: …`, the outermost counts.
 */
import { decodeUtf8, type Bytes } from '../base/bytes';
import { positionOfPlace, type Caller } from './calls';
import { nameOf, type Configuration } from './configurations';
import type { PlacedLambda } from '../evaluator/live-scopes';
import { locationOf } from '../evaluator/report';
import type { CallPlaceReport, CallReference } from '../evaluator/service';
import type { ParsedFile } from '../syntax/parse';
import { Kind } from '../syntax/tree';
import { nodesAt, type PlacedNode } from '../syntax/walk';

/** The innermost function around an offset, or the one that the binding there is bound to. */
export function functionAt(parsed: ParsedFile, offset: number): PlacedLambda | undefined {
  const path = nodesAt(parsed, offset).reverse();
  const index = path.findLastIndex(({ node }) => node.kind === Kind.Lambda);
  const binding = path.findLastIndex(({ node }) => node.kind === Kind.Binding);
  return (binding > index ? boundFunction(path[binding]!) : undefined) ?? outermost(path, index);
}

/** The function of several arguments that the function at exactly an offset is part of. */
export function wholeFunction(parsed: ParsedFile, offset: number): number {
  const path = nodesAt(parsed, offset).reverse();
  const index = path.findIndex(({ node, at }) => node.kind === Kind.Lambda && at === offset);
  return outermost(path, index)?.at ?? offset;
}

/** On the name of a binding, its value is meant, not what is around. */
function boundFunction({ node, at }: PlacedNode): PlacedLambda | undefined {
  if (node.kind !== Kind.Binding) return undefined;
  let value = node.value;
  let start = at + node.valueAt;
  while (value.kind === Kind.Parenthesised) {
    start += value.innerAt;
    value = value.inner;
  }
  return value.kind === Kind.Lambda ? { node: value, at: start } : undefined;
}

function outermost(path: readonly PlacedNode[], innermost: number): PlacedLambda | undefined {
  let found: PlacedLambda | undefined;
  for (let i = innermost; i >= 0; i--) {
    const { node, at } = path[i]!;
    if (node.kind === Kind.Lambda) {
      // What stands in a default is no further argument.
      if (found !== undefined && node.body !== path[i + 1]!.node) break;
      found = { node, at };
    } else if (node.kind !== Kind.Parenthesised) break;
  }
  return found;
}

export function describeCaller(each: Caller, chosen: CallReference | undefined): CallPlaceReport {
  if (!('subject' in each)) return describeConfiguration(each, chosen);
  const { path, parsed } = each.subject;
  const { at, node } = each.place;
  return {
    call: { path, offset: at },
    location: locationOf(positionOfPlace(each))!,
    text: firstLine(parsed.text.slice(at, at + node.width)),
    chosen: chosen?.configuration === undefined && chosen?.path === path && chosen.offset === at,
  };
}

function describeConfiguration(each: Configuration, chosen: CallReference | undefined): CallPlaceReport {
  const text = nameOf(each);
  return {
    call: { path: each.flake, offset: each.position.offset, configuration: text },
    location: locationOf(each.position)!,
    text,
    chosen: chosen?.configuration === text,
  };
}

function firstLine(text: Bytes): string {
  const [first = '', ...rest] = decodeUtf8(text).split('\n');
  return rest.length === 0 ? first : `${first.trimEnd()} …`;
}
