/** `x = x;` in a set that is not recursive, which is `inherit x;`. */
import { Kind } from '../../syntax/tree';
import type { Lint } from './lint';

export const useInherit: Lint<Kind.Binding> = {
  code: 'use-inherit',
  severity: 'hint',
  kinds: [Kind.Binding],
  *find({ path, value, width }) {
    const [first] = path.names;
    if (path.names.length !== 1 || first!.kind !== Kind.Identifier || value.kind !== Kind.Identifier) return;
    if (first!.name !== value.name) return;
    yield {
      start: 0,
      width,
      message: `this can be written \`inherit ${value.name};\``,
      name: value.name,
      // In a scope of its own, `x = x;` is a circle.
      holds: ({ parent, outside }) =>
        parent?.kind === Kind.AttributeSet && !parent.recursive && !outside.mayBeMerged,
    };
  },
};
