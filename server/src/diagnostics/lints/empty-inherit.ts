/** `inherit;` and `inherit (x);`. */
import { Kind } from '../../syntax/tree';
import type { Lint } from './lint';

export const emptyInherit: Lint<Kind.Inherit> = {
  code: 'empty-inherit',
  severity: 'hint',
  tag: 'unnecessary',
  kinds: [Kind.Inherit],
  find: ({ names, width }) =>
    names.length === 0 ? [{ start: 0, width, message: 'this inherits nothing' }] : [],
};
