import { deepStrictEqual, ok } from 'node:assert/strict';
import { moveRange } from '../../../server/src/diagnostics/evaluation';
import { diagnosticsOf } from '../../../server/src/diagnostics/registry';
import { parse } from '../../../server/src/syntax/parse';

const r = (start: number, end: number) => ({ start, end });

describe('moveRange', () => {
  for (const [what, range, edited, inserted, moved] of [
    ['an edit behind it', r(2, 4), r(6, 7), 5, r(2, 4)],
    ['an edit before it', r(6, 8), r(1, 3), 5, r(9, 11)],
    ['an insertion at its start', r(6, 8), r(6, 6), 2, r(8, 10)],
    ['an insertion at its end', r(6, 8), r(8, 8), 2, r(6, 8)],
    ['an edit inside of it', r(2, 8), r(4, 5), 3, r(2, 10)],
    ['an edit over its end', r(2, 8), r(6, 10), 1, r(2, 6)],
    ['an edit over its start', r(4, 8), r(2, 6), 1, r(2, 5)],
    ['its removal', r(4, 8), r(2, 10), 0, r(2, 2)],
  ] as const) {
    it(what, () => deepStrictEqual(moveRange(range, { range: edited, inserted }), moved));
  }
});

describe('checks', () => {
  const of = (text: string, ignored: string[] = []) =>
    diagnosticsOf({ path: '/file.nix', parsed: parse(text), evaluation: [] }, ignored).map(
      ({ code }) => code,
    );

  it('find errors of syntax and of names', () => {
    deepStrictEqual(of('1 + 1'), []);
    ok(of('1 +').length > 0);
    ok(of('nowhere').includes('undefined-variable'));
    deepStrictEqual(of('nowhere', ['undefined-variable']), []);
    deepStrictEqual(of('map derivation [ __currentSystem builtins.add __add ]'), []);
  });

  it('leave to them what evaluation only repeats', () => {
    const finding = { range: r(0, 1), message: 'm', severity: 'error', trace: [] } as const;
    const evaluation = [
      { ...finding, code: 'parse-error' },
      { ...finding, code: 'throw' },
    ];
    const codes = diagnosticsOf({ path: '/file.nix', parsed: parse('1 +'), evaluation }, []).map(
      ({ code }) => code,
    );
    ok(codes.includes('throw') && !codes.includes('parse-error'));
  });

  it('survive texts that nest deeply', () => {
    deepStrictEqual(of('['.repeat(9000) + ']'.repeat(9000)), ['names-not-checked']);
  });
});
