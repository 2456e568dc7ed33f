import { deepStrictEqual } from 'node:assert/strict';
import { qualifiedNames } from '../../../../server/src/features/code-actions/qualified-names';
import { parse } from '../../../../server/src/syntax/parse';
import { fixture } from '../../../kit/fixture';

/** The conditions of what may be meant at the cursor, where an undefined variable is shown. */
function conditions(marked: string, code = 'undefined-variable'): string[] {
  const { text, cursors } = fixture(marked);
  const [cursor = 0] = cursors;
  const problems = [{ code, range: { start: cursor, end: cursor + 1 } }];
  return qualifiedNames(parse(text), problems).map(({ condition }) => condition);
}

describe('longer names for an undefined variable', () => {
  it('are those of the usual sets that are in scope', () => {
    deepStrictEqual(conditions('{ lib, ... }: |mkIf true { }'), ['lib ? mkIf', 'lib.types ? mkIf']);
    deepStrictEqual(conditions('let pkgs = { }; in [ |hello ]'), ['pkgs ? hello', 'pkgs.lib ? hello']);
    deepStrictEqual(conditions('{ lib }: with lib.types; |str'), ['lib ? str', 'lib.types ? str']);
    deepStrictEqual(conditions('{ other }: |mkIf'), []);
  });

  it('are none for another problem, an inherited name, or one that is defined by now', () => {
    deepStrictEqual(conditions('{ lib }: |x', 'missing-attribute'), []);
    deepStrictEqual(conditions('{ lib }: { inherit |x; }'), []);
    deepStrictEqual(conditions('{ lib, x }: |x'), []);
    deepStrictEqual(conditions('{ lib }: lib|.x'), []);
    deepStrictEqual(conditions('{ lib }: |"text"'), []);
  });

  it('take the place of the variable', () => {
    const { text, cursors } = fixture('{ lib }: [ |mkIf ]');
    const [cursor = 0] = cursors;
    const problems = [{ code: 'undefined-variable', range: { start: cursor, end: cursor + 4 } }];
    const [name] = qualifiedNames(parse(text), problems);
    deepStrictEqual(name!.action, {
      title: "Replace by 'lib.mkIf'",
      kind: 'quickfix',
      edits: [{ range: { start: cursor, end: cursor + 4 }, text: 'lib.mkIf' }],
      fixes: ['undefined-variable'],
    });
  });
});
