/** `rec { … }` in which nothing refers to an attribute of it. */
import { bindingUse } from '../../names/usage';
import { Kind } from '../../syntax/tree';
import type { Lint } from './lint';

export const unusedRec: Lint<Kind.AttributeSet> = {
  code: 'unused-rec',
  severity: 'hint',
  tag: 'unnecessary',
  kinds: [Kind.AttributeSet],
  *find(node) {
    if (!node.recursive || refersToItself(node)) return;
    yield {
      start: 0,
      width: 'rec'.length,
      message: 'no attribute of this set refers to another one, so `rec` does nothing',
      holds: (surroundings) => !surroundings.mayBeMerged,
    };
  },
};

function refersToItself(node: Parameters<typeof bindingUse>[0]): boolean {
  const use = bindingUse(node, 'own values, too');
  if (use === undefined) return true;
  // `__overrides` changes what a recursive set is.
  for (const name of use.names) if (name === '__overrides' || use.isUsed(name)) return true;
  return false;
}
