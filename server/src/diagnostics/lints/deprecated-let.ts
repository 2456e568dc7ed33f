/** `let { …; body = …; }`, which Nix has from before `let … in`. */
import { Kind } from '../../syntax/tree';
import type { Lint } from './lint';

export const deprecatedLet: Lint<Kind.LegacyLet> = {
  code: 'deprecated-let',
  severity: 'warning',
  tag: 'deprecated',
  kinds: [Kind.LegacyLet],
  find: () => [
    { start: 0, width: 'let'.length, message: '`let { … }` is deprecated; `let … in` takes its place' },
  ],
};
