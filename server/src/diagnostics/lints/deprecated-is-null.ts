/** `isNull x`, which Nix's manual calls deprecated: it is `x == null`. */
import { Kind, staticName, type Expression } from '../../syntax/tree';
import type { Lint } from './lint';

export const deprecatedIsNull: Lint<Kind.Call> = {
  code: 'deprecated-is-null',
  severity: 'hint',
  tag: 'deprecated',
  kinds: [Kind.Call],
  *find({ callee, args }) {
    const variable = variableOf(callee);
    if (variable === undefined || args.length !== 1) return;
    yield {
      start: 0,
      width: callee.width,
      message: '`isNull` is deprecated: compare with `null`',
      holds: (surroundings) => !surroundings.binds(variable) && !surroundings.binds('null'),
    };
  },
};

/** The variable that has to be the global one for an expression to be the builtin; undefined if it is something else. */
function variableOf(callee: Expression): 'isNull' | 'builtins' | undefined {
  if (callee.kind === Kind.Identifier) return callee.name === 'isNull' ? 'isNull' : undefined;
  if (callee.kind !== Kind.Select || callee.fallback !== undefined) return undefined;
  const { target, path } = callee;
  const isBuiltins = target.kind === Kind.Identifier && target.name === 'builtins';
  return isBuiltins && path.names.length === 1 && staticName(path.names[0]!) === 'isNull'
    ? 'builtins'
    : undefined;
}
