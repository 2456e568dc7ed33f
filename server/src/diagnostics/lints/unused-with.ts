/** `with x; …`, where every name means something else already. */
import { freeNames } from '../../names/free-names';
import { Kind } from '../../syntax/tree';
import { globalScope } from '../global-scope';
import type { Lint } from './lint';

export const unusedWith: Lint<Kind.With> = {
  code: 'unused-with',
  severity: 'hint',
  tag: 'unnecessary',
  kinds: [Kind.With],
  *find({ body, bodyAt, environmentAt, environment }) {
    const { lexical, dynamic } = freeNames(body);
    yield {
      start: 0,
      width: Math.min(environmentAt + environment.width, bodyAt),
      message: 'nothing comes from this `with`',
      // What nothing binds comes from here, or from a `with` further inside.
      holds: (surroundings) => {
        const isBound = (name: string): boolean => globalScope.has(name) || surroundings.binds(name);
        return lexical.every(isBound) && dynamic.every(isBound);
      },
    };
  },
};
