/** `args@{ … }`, where nothing uses `args`. The name of `x: …` is left alone: it has to be there. */
import { freeNames } from '../../names/free-names';
import { Kind, type Expression, type LambdaNode } from '../../syntax/tree';
import type { Lint } from './lint';

export const unusedArgument: Lint<Kind.Lambda> = {
  code: 'unused-argument',
  severity: 'hint',
  tag: 'unnecessary',
  kinds: [Kind.Lambda],
  *find(node) {
    const { parameter, parameterAt } = node;
    if (parameter === undefined || node.formals === undefined) return;
    const { name, width } = parameter;
    if (name.startsWith('_') || usesParameter(node)) return;
    yield { start: parameterAt, width, message: `the argument '${name}' is not used`, name };
  },
};

/** Whether a function with formals uses the name of its whole argument. */
export function usesParameter({ parameter, formals, body }: LambdaNode): boolean {
  if (parameter === undefined) return false;
  if (mentions(body, parameter.name)) return true;
  return formals!.formals.some(
    ({ fallback }) => fallback !== undefined && mentions(fallback, parameter.name),
  );
}

/** Whether a name is free in an expression. */
export function mentions(node: Expression, name: string): boolean {
  const { lexical, dynamic } = freeNames(node);
  return lexical.includes(name) || dynamic.includes(name);
}
