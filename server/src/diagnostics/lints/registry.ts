/** All lints, by the kinds of nodes that they look at. */
import type { Kind } from '../../syntax/tree';
import { deprecatedIsNull } from './deprecated-is-null';
import { deprecatedLet } from './deprecated-let';
import { deprecatedUrlLiteral } from './deprecated-url-literal';
import { emptyInherit } from './empty-inherit';
import { emptyLet } from './empty-let';
import type { Lint } from './lint';
import { negatedComparison } from './negated-comparison';
import { redundantIf } from './redundant-if';
import { redundantParentheses } from './redundant-parentheses';
import { unknownBuiltin } from './unknown-builtin';
import { unusedArgument } from './unused-argument';
import { unusedBinding } from './unused-binding';
import { unusedFormal } from './unused-formal';
import { unusedRec } from './unused-rec';
import { unusedWith } from './unused-with';
import { useInherit } from './use-inherit';
import { useOr } from './use-or';

/** A lint that is only ever given nodes of its kinds. */
const lints = [
  deprecatedIsNull,
  deprecatedLet,
  deprecatedUrlLiteral,
  emptyInherit,
  emptyLet,
  negatedComparison,
  redundantIf,
  redundantParentheses,
  unknownBuiltin,
  unusedArgument,
  unusedBinding,
  unusedFormal,
  unusedRec,
  unusedWith,
  useInherit,
  useOr,
] as unknown as readonly Lint[];

const byKind = new Map<Kind, Lint[]>();
for (const lint of lints)
  for (const kind of lint.kinds) byKind.set(kind, [...(byKind.get(kind) ?? []), lint]);

const none: readonly Lint[] = [];

/** The lints that look at nodes of a kind. */
export function lintsOf(kind: Kind): readonly Lint[] {
  return byKind.get(kind) ?? none;
}

/** The codes of all lints. */
export const lintCodes: readonly string[] = lints.map(({ code }) => code);
