import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { ToldState } from '../../../server/src/evaluator/told-state';
import { LiveTest, shown } from '../../kit/live';

const text = 'let f = x: y: { a = x + |y; }; in { one = f 1 10; two = f 2 20; three = (f 3 30).a; }';

/** The places that may call the function at the cursor, as their texts. */
function places(test: LiveTest, offset: number): string[] {
  return test.service.calls(test.path('file.nix'), offset)!.places.map((place) => place.text);
}

function choose(test: LiveTest, offset: number, wanted: string): void {
  const { offset: start, places: all } = test.service.calls(test.path('file.nix'), offset)!;
  test.service.chooseCall(test.path('file.nix'), start, all.find((place) => place.text === wanted)!.call);
}

describe('a chosen call', () => {
  it('is one of those that are listed', () => {
    const test = new LiveTest();
    const { cursor } = test.open('file.nix', text);
    deepStrictEqual(places(test, cursor), ['f 1 10', 'f 2 20', 'f 3 30']);
    deepStrictEqual(places(test, 5), places(test, cursor));
    strictEqual(test.service.calls(test.path('file.nix'), 37), undefined);
  });

  for (const [what, source] of Object.entries({
    'a set': '{ f = x: |x; g = 1; }',
    'a function that nobody calls': 'let f = x: |x; in 3',
    'a function whose argument is not known': '{ a }: { f = x: |x; }',
  })) {
    it(`is not the expression of the file, for ${what}`, () => {
      const test = new LiveTest();
      const { cursor } = test.open('file.nix', source);
      deepStrictEqual(places(test, cursor), []);
      strictEqual(test.hover('file.nix')!.source, undefined);
    });
  }

  it('is the expression around the function where the function is called by nothing else', () => {
    const test = new LiveTest();
    const indirect = 'let set = { f = x: x; }; in builtins.attrValues (builtins.mapAttrs (n: g: g n) set)';
    const { cursor } = test.open('file.nix', indirect.replace('x: x', 'x: |x'));
    deepStrictEqual(places(test, cursor), [indirect]);
    match(test.hover('file.nix')!.source!, /^in a call from the expression at file\.nix:1:1, 1 of 1$/);
    choose(test, cursor, indirect);
    strictEqual(shown(test.hover('file.nix')), '"f"');
    match(test.hover('file.nix')!.source!, /^in a call from the expression at file\.nix:1:1, 1 of 1$/);
  });

  it('is none of another set of the same name, which has other attributes', () => {
    const test = new LiveTest();
    test.open(
      'main.nix',
      '{ other }: rec { lib = import ./file.nix; a = other.lib.heavy 1; b = lib.twice 2; }',
    );
    const { cursor } = test.open('file.nix', 'rec { once = x: |x; twice = x: once (once x); }');
    deepStrictEqual(places(test, cursor), ['once (once x)', 'once x', 'import ./file.nix', 'lib.twice 2']);
  });

  it('is counted among those that are listed', () => {
    const test = new LiveTest();
    const { cursor } = test.open('file.nix', '{ lib }: { f = x: |x; g = 1; }');
    test.open('caller.nix', '(import ./file.nix { lib = 1; }).f 1');
    strictEqual(places(test, cursor)[0], '(import ./file.nix { lib = 1; }).f 1');
    match(test.hover('file.nix')!.source!, /^in the call at caller\.nix:1:1, 1 of 1$/);
  });

  it('gives all arguments, whatever was evaluated before', () => {
    const test = new LiveTest();
    const { cursor } = test.open('file.nix', text.replace('x +', 'x + 0 +').replace('+ |y', '|+ y'));
    strictEqual(shown(test.hover('file.nix')), '11');
    for (const [call, value] of [
      ['f 3 30', '33'],
      ['f 2 20', '22'],
      ['f 1 10', '11'],
    ] as const) {
      choose(test, cursor, call);
      strictEqual(shown(test.hover('file.nix')), value);
    }
    choose(test, cursor, 'f 2 20');
    match(test.hover('file.nix')!.source!, /^in the call at file\.nix:1:\d+, 2 of 3$/);
    const chosen = test.service.calls(test.path('file.nix'), cursor)!.places.map((place) => place.chosen);
    deepStrictEqual(chosen, [false, true, false]);
  });

  it('has a place, for a link', () => {
    const test = new LiveTest();
    test.open('file.nix', '\n({ a }: |a)');
    // Nix counts bytes, and editors count UTF-16 units.
    const before = '/* 😀ü */ ';
    test.open('caller.nix', `\n${before}import ./file.nix { a = 2; }`);
    const { source, call, calledAt } = test.hover('file.nix')!;
    match(source!, /^in the call at caller\.nix:2:14, 1 of 1$/);
    strictEqual(call!.text, 'caller.nix:2:14');
    strictEqual(call!.location.path, test.path('caller.nix'));
    deepStrictEqual(call!.location.range.start, { line: 1, character: 10 });
    deepStrictEqual(call!.location.range.end, { line: 1, character: 38 });
    strictEqual(calledAt, 2);
  });

  it('is of the innermost function whose argument is known', () => {
    const test = new LiveTest();
    test.open('file.nix', 'let f = x: { g = unknown: |x; }; in f 1');
    const { call, calledAt } = test.hover('file.nix')!;
    strictEqual(call!.text, 'file.nix:1:36');
    strictEqual(calledAt, 8);
  });

  it('is linked where a convention says what a function is called with', () => {
    const test = new LiveTest();
    test.open('file.nix', '{ a ? 1 }: |a');
    const { source, call, calledAt } = test.hover('file.nix')!;
    deepStrictEqual(
      { source, call, calledAt },
      { source: 'with its defaults', call: undefined, calledAt: 0 },
    );
  });

  it('holds until the text changes', () => {
    const test = new LiveTest();
    const { cursor } = test.open('file.nix', text);
    choose(test, cursor, 'f 2 20');
    test.open('other.nix', '1');
    strictEqual(shown(test.hover('file.nix')), '20');
    test.open('file.nix', `${text} `);
    strictEqual(shown(test.hover('file.nix')), '10');
  });

  it('may be in another file', () => {
    const test = new LiveTest();
    const { cursor } = test.open('file.nix', '{ a }: |a');
    test.open('caller.nix', '[ (import ./file.nix { a = 1; }) (import ./file.nix { a = 2; }) ]');
    choose(test, cursor, 'import ./file.nix { a = 2; }');
    strictEqual(shown(test.hover('file.nix')), '2');
    test.open('caller.nix', '[ (import ./file.nix { a = 3; }) (import ./file.nix { a = 4; }) ]');
    strictEqual(shown(test.hover('file.nix')), '3');
  });

  it('is told to a new process after the documents', () => {
    const told = new ToldState();
    told.setDocument('/a', '1');
    told.chooseCall('/a', 3, { path: '/b', offset: 4 });
    const methods = (): string[] => told.take().map(({ method }) => method);
    deepStrictEqual(methods(), ['setDocument', 'chooseCall']);
    deepStrictEqual(methods(), []);
    told.forgetTold();
    deepStrictEqual(methods(), ['setDocument', 'chooseCall']);
    told.setDocument('/a', '2');
    deepStrictEqual(methods(), ['setDocument', 'chooseCall']);
    told.chooseCall('/a', 3, undefined);
    deepStrictEqual(methods(), ['chooseCall']);
    told.forgetTold();
    deepStrictEqual(methods(), ['setDocument']);
  });

  it('moves with edits, and ends with an edit of its start', () => {
    const told = new ToldState();
    const choices = (): [number, number][] =>
      told
        .take()
        .flatMap((notice) =>
          notice.method === 'chooseCall' ? [[notice.args[1], notice.args[2]!.offset]] : [],
        );
    const before = 'let f = x: x; in [ (f 1) (f 2) ]';
    told.setDocument('/a', before);
    told.chooseCall('/a', before.indexOf('x:'), { path: '/a', offset: before.indexOf('f 2') });
    deepStrictEqual(choices(), [[8, 26]]);
    told.setDocument('/a', before.replace('x; in', 'x + 1; in'));
    deepStrictEqual(choices(), [[8, 30]]);
    told.setDocument('/a', `# ü\n${before.replace('x; in', 'x + 1; in')}`);
    deepStrictEqual(choices(), [[12, 34]]);
    // Another document, and one that is opened or closed, move nothing.
    told.setDocument('/b', '1');
    told.closeDocument('/a');
    deepStrictEqual(choices(), [[12, 34]]);
    const after = `# ü\n${before.replace('x; in', 'x + 1; in')}`;
    told.setDocument('/a', after);
    told.setDocument('/a', after.replace('f 2', 'g 2'));
    deepStrictEqual(choices(), []);
  });

  it('can be taken back', () => {
    const test = new LiveTest();
    const { cursor } = test.open('file.nix', text);
    choose(test, cursor, 'f 2 20');
    strictEqual(shown(test.hover('file.nix')), '20');
    test.service.chooseCall(
      test.path('file.nix'),
      test.service.calls(test.path('file.nix'), cursor)!.offset,
      undefined,
    );
    strictEqual(shown(test.hover('file.nix')), '10');
  });
});
