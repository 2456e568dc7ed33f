/** `let in x`. */
import { Kind } from '../../syntax/tree';
import type { Lint } from './lint';

export const emptyLet: Lint<Kind.Let> = {
  code: 'empty-let',
  severity: 'hint',
  tag: 'unnecessary',
  kinds: [Kind.Let],
  find: ({ bindings }) =>
    bindings.length === 0 ? [{ start: 0, width: 'let'.length, message: 'this `let` binds nothing' }] : [],
};
