// Small programs as whole processes, beside C++ Nix.
import { pairs, requireBoth } from './kit/compare.mjs';
import { programs } from './kit/programs.mjs';
import { ratioRow } from './kit/table.mjs';

export const name = 'Small programs, whole processes';

export function run() {
  requireBoth();
  return programs.map(({ what, limit, of }) =>
    ratioRow(
      what,
      pairs((n) => ['-E', of(n)]),
      limit,
    ),
  );
}
