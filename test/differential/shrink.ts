// Makes a program that shows a difference smaller, part by part of its tree,
// while it still does. fast-check could only repeat its decisions with smaller
// numbers; the tree knows which texts are expressions.
import { decodeUtf8, encodeUtf8 } from '../../server/src/base/bytes';
import { parse } from '../../server/src/syntax/parse';
import { forEachChild } from '../../server/src/syntax/walk';
import { Kind, type Node } from '../../server/src/syntax/tree';

/** Tells for each of some programs whether it shows an unexplained difference. */
export type ShowsDifference = (programs: readonly string[]) => Promise<boolean[]>;

const mostRounds = 60;
const candidatesAtOnce = 150;

/** A program that is as small as replacing and leaving out parts can make it. */
export async function shrink(program: string, showsDifference: ShowsDifference): Promise<string> {
  let smallest = program;
  for (let round = 0; round < mostRounds; round++) {
    const next = await firstThatShows(smallerPrograms(smallest), showsDifference);
    if (next === undefined) break;
    smallest = next;
  }
  return smallest;
}

async function firstThatShows(
  candidates: readonly string[],
  showsDifference: ShowsDifference,
): Promise<string | undefined> {
  for (let i = 0; i < candidates.length; i += candidatesAtOnce) {
    const some = candidates.slice(i, i + candidatesAtOnce);
    const shown = await showsDifference(some);
    const found = shown.indexOf(true);
    if (found >= 0) return some[found];
  }
  return undefined;
}

/** Programs with one part left out or replaced by something shorter, the shortest first. */
export function smallerPrograms(program: string): string[] {
  const text = encodeUtf8(program);
  const candidates = new Set<string>();
  const visit = (node: Node, at: number): void => {
    const end = at + node.width;
    const replace = (by: string): void => {
      candidates.add(text.slice(0, at) + by + text.slice(end));
    };
    if (isExpression(node)) {
      for (const literal of ['1', '"a"', 'true', '[ ]', '{ }']) replace(literal);
    }
    if (canGo(node.kind)) replace('');
    forEachChild(node, at, (child, childAt) => {
      const inner = text.slice(childAt, childAt + child.width);
      if (isExpression(node) && isExpression(child)) {
        replace(inner);
        replace(`(${inner})`);
      }
      visit(child, childAt);
    });
  };
  const parsed = parse(text);
  visit(parsed.root, parsed.rootAt);
  return [...candidates]
    .filter((candidate) => candidate.length < text.length)
    .sort((a, b) => a.length - b.length)
    .map(decodeUtf8);
}

/** What can be left out of its parent without anything in its place. */
function canGo(kind: Kind): boolean {
  return (
    kind === Kind.Binding || kind === Kind.Inherit || kind === Kind.Interpolation || kind === Kind.TextPart
  );
}

function isExpression({ kind }: Node): boolean {
  return !notExpressions.has(kind);
}

const notExpressions = new Set<Kind>([
  Kind.TextPart,
  Kind.Interpolation,
  Kind.DynamicName,
  Kind.AttributePath,
  Kind.Binding,
  Kind.Inherit,
  Kind.Formal,
  Kind.Formals,
]);
