/** `x = x;` in a set that is not recursive, which is `inherit x;`. */
import { Kind } from '../../syntax/tree';
import type { Lint } from './lint';

export const useInherit: Lint<Kind.AttributeSet> = {
  code: 'use-inherit',
  severity: 'hint',
  kinds: [Kind.AttributeSet],
  *find({ recursive, bindings, bindingsAt }) {
    if (recursive) return;
    for (let i = 0; i < bindings.length; i++) {
      const binding = bindings[i]!;
      if (binding.kind !== Kind.Binding || binding.value.kind !== Kind.Identifier) continue;
      const { path, value } = binding;
      const [first] = path.names;
      if (path.names.length !== 1 || first!.kind !== Kind.Identifier || first!.name !== value.name) continue;
      yield {
        start: bindingsAt[i]!,
        width: binding.width,
        message: `this can be written \`inherit ${value.name};\``,
        name: value.name,
        holds: (surroundings) => !surroundings.mayBeMerged,
      };
    }
  },
};
