/** Fixes of functions' arguments that nothing uses. */
import type { LambdaNode } from '../../../syntax/tree';
import { Token } from '../../../syntax/tokens';
import { hasComments, tokensBetween } from '../gaps';
import { removal, type Fix, type FixPlace } from './fix';

export function unusedArgument({ parsed, node, at, finding }: FixPlace<LambdaNode>): Fix | undefined {
  const { formals, formalsAt, parameter, parameterAt } = node;
  const isFirst = parameterAt < formalsAt;
  const start = at + (isFirst ? parameterAt : formalsAt + formals!.width);
  const end = at + (isFirst ? formalsAt : parameterAt + parameter!.width);
  if (hasComments(parsed, start, end)) return undefined;
  return { title: `Remove '${finding.name!}'`, edits: [removal(parsed.text, start, end)] };
}

/** Without `...`, callers that pass the argument would fail from then on. */
export function unusedFormal({ parsed, node, at, finding }: FixPlace<LambdaNode>): Fix | undefined {
  const { formals, formalsAt, ellipsis } = node.formals!;
  const base = at + node.formalsAt;
  const index = formalsAt.indexOf(finding.start - node.formalsAt);
  const formal = formals[index];
  if (formal === undefined) return undefined;
  const start = base + formalsAt[index]!;
  const end = start + formal.width;
  const previousEnd = index > 0 ? base + formalsAt[index - 1]! + formals[index - 1]!.width : start;
  const isLast = index === formals.length - 1;
  const blank = index > 0 ? 0 : /^\s*/.exec(parsed.text.slice(end, base + node.formals!.width))![0].length;
  const [from, to] =
    isLast && !ellipsis
      ? [previousEnd, end + blank]
      : [start, isLast ? ellipsisAt() : base + formalsAt[index + 1]!];
  if (to === undefined || hasComments(parsed, from, start) || hasComments(parsed, end, to)) return undefined;
  const edits = [removal(parsed.text, from, to)];
  const title = `Remove '${finding.name!}'`;
  return ellipsis
    ? { title, edits }
    : { title: `${title}, which callers can then pass no more`, edits, needsCare: true };

  function ellipsisAt(): number | undefined {
    return tokensBetween(parsed, end, base + node.formals!.width).find(({ kind }) => kind === Token.Ellipsis)
      ?.start;
  }
}
