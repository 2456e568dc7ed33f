/** Names of a `let` that nothing in it uses. */
import { bindingUse } from '../../names/usage';
import { boundNames } from '../../names/declarations';
import { Kind } from '../../syntax/tree';
import type { Lint } from './lint';

export const unusedBinding: Lint<Kind.Let> = {
  code: 'unused-binding',
  severity: 'hint',
  tag: 'unnecessary',
  kinds: [Kind.Let],
  *find(node) {
    const use = bindingUse(node);
    if (use === undefined) return;
    const unused = new Set<string>();
    for (const name of use.names) if (!name.startsWith('_') && !use.isUsed(name)) unused.add(name);
    if (unused.size === 0) return;
    for (const { name, range } of boundNames(node, 0)) {
      // `a.x = 1; a.y = 2;` binds one name.
      if (!unused.delete(name)) continue;
      const width = range.end - range.start;
      yield { start: range.start, width, message: `'${name}' is not used`, name };
    }
  },
};
