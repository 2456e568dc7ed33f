/** `if x ? a then x.a else b`, which is `x.a or b`. */
import {
  Kind,
  staticName,
  withoutParentheses,
  type AttributeName,
  type AttributePathNode,
  type Expression,
} from '../../syntax/tree';
import type { Lint } from './lint';

export const useOr: Lint<Kind.If> = {
  code: 'use-or',
  severity: 'hint',
  kinds: [Kind.If],
  *find({ condition, consequent }) {
    const asked = withoutParentheses(condition);
    const taken = withoutParentheses(consequent);
    if (asked.kind !== Kind.HasAttribute || taken.kind !== Kind.Select || taken.fallback !== undefined)
      return;
    // Of anything but a variable, the part before the last name may be missing: then the condition fails.
    if (!isVariable(asked.target) || !isVariable(taken.target)) return;
    if (asked.target.name !== taken.target.name || !isSamePath(asked.path, taken.path)) return;
    yield { start: 0, width: 'if'.length, message: 'this can be written with `or`' };
  },
};

function isVariable(node: Expression): node is Extract<Expression, { kind: Kind.Identifier }> {
  return node.kind === Kind.Identifier;
}

function isSamePath(a: AttributePathNode, b: AttributePathNode): boolean {
  return a.names.length === b.names.length && a.names.every((name, i) => isSameName(name, b.names[i]!));
}

function isSameName(a: AttributeName, b: AttributeName): boolean {
  const name = staticName(a);
  return name !== undefined && name === staticName(b);
}
