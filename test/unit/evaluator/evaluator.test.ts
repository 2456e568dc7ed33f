// The evaluator's façade: files, imports and their cache, search paths, static errors.
import assert from 'node:assert/strict';
import { EvalError } from '../../../server/src/values/error';
import { messageOf, TestEvaluator } from '../../kit/evaluate';

const files = {
  '/lib/default.nix': '{ name = "lib"; other = import ./other.nix; here = ./.; }',
  '/lib/other.nix': '{ x = 1; }',
  '/lib/function.nix': '{ a, b ? 2 }: a + b',
  '/broken/syntax.nix': '{ a = ; }',
  '/broken/name.nix': '{ a = if true then 1 else foo; }',
  '/loop/a.nix': 'import ./b.nix',
  '/loop/b.nix': 'import ./a.nix',
  '/scoped.nix': '[ extra (with { }; extra) (x: extra) ]',
};

describe('the evaluator', () => {
  const values: [string, string][] = [
    ['(import /lib).name', '"lib"'],
    ['(import /lib/default.nix).other.x', '1'],
    ['(import /lib/../lib).here', '/lib'],
    ['import /lib/function.nix { a = 1; }', '3'],
    ['import (/lib + "/other.nix")', '{ x = 1; }'],
    ['import "/lib/other.nix"', '{ x = 1; }'],
    ['map (f: (import f).x) [ /lib/other.nix ]', '[ 1 ]'],
    ['(builtins.scopedImport { extra = 5; } /scoped.nix)', '[ 5 5 <LAMBDA> ]'],
    ['builtins.scopedImport { import = x: x + 1; } /lib/other.nix', '{ x = 1; }'],
    [
      'builtins.scopedImport { true = 0; extra = true; } /scoped.nix == builtins.scopedImport { extra = true; } /scoped.nix',
      'false',
    ],
    ['builtins.pathExists /lib/other.nix && !builtins.pathExists /lib/no.nix', 'true'],
  ];
  for (const [text, expected] of values) {
    it(`${text} is ${expected}`, () => assert.equal(new TestEvaluator({ files }).strict(text), expected));
  }

  it('evaluates each file once, by whatever path it is named', () => {
    const test = new TestEvaluator({ files });
    test.strict('[ (import /lib) (import /lib/default.nix) (import /lib/../lib) (import "/lib/.") ]');
    assert.equal(test.evaluator.counters.filesEvaluated, 2);
    assert.equal(
      test.strict(
        '(import /lib).other == (import /lib/default.nix).other && import /lib/function.nix == import /lib/function.nix',
      ),
      'false',
      'functions are not equal',
    );
    assert.equal(test.evaluator.counters.filesEvaluated, 3);
  });

  it('reads a file that is imported again only once', () => {
    const test = new TestEvaluator({ files });
    assert.equal(test.strict('(import /lib/other.nix).x'), '1');
    test.host.set('/lib/other.nix', '{ x = 2; }');
    assert.equal(test.strict('(import /lib/other.nix).x'), '1');
  });

  it('fails before evaluation where names or syntax are wrong, with the place', () => {
    const test = new TestEvaluator({ files });
    const cases: [string, string, string, number][] = [
      ['import /broken/syntax.nix', 'parse-error', '/broken/syntax.nix', 6],
      ['import /broken/name.nix', 'undefined-variable', '/broken/name.nix', 26],
    ];
    for (const [text, kind, path, offset] of cases) {
      const error = test.error(text);
      assert.equal(error.kind, kind);
      assert.equal(error.position?.source.path, path);
      assert.equal(error.position?.offset, offset);
    }
    assert.equal(test.error('if true then 1 else foo').kind, 'undefined-variable');
  });

  it('says what file is missing', () => {
    assert.match(messageOf('import /no/such.nix'), /\/no\/such\.nix' does not exist/);
    assert.match(messageOf('builtins.readFile /no'), /\/no' does not exist/);
  });

  it('ends where files import each other', () => {
    assert.equal(new TestEvaluator({ files }).error('import /loop/a.nix').kind, 'infinite-recursion');
  });

  it('keeps the failure of a file', () => {
    const test = new TestEvaluator({ files: { '/bad.nix': 'builtins.trace "once" (throw "bad")' } });
    for (let i = 0; i < 2; i++) {
      assert.throws(() => test.value('import /bad.nix'), EvalError);
      test.evaluator.vm.reset();
    }
    assert.deepEqual(test.messages, ['once']);
  });

  it('finds files in the search path, the first match wins', () => {
    const test = new TestEvaluator({
      files,
      searchPath: ['found=/lib', 'found=/broken', '/', 'none=/nowhere'],
    });
    assert.equal(test.strict('<found>'), '/lib');
    assert.equal(test.strict('<found/other.nix>'), '/lib/other.nix');
    assert.equal(test.strict('<found/syntax.nix>'), '/broken/syntax.nix');
    assert.equal(test.strict('<lib/other.nix>'), '/lib/other.nix');
    assert.equal(test.strict('(import <found>).name'), '"lib"');
    const error = test.error('<missing/x>');
    assert.match(error.message, /file 'missing\/x' was not found in the Nix search path/);
    assert.equal(test.strict('(builtins.tryEval <missing>).success'), 'false');
    assert.equal(test.strict('builtins.length __nixPath'), '4');
  });

  it('has pipe operators only where they are on', () => {
    assert.equal(new TestEvaluator({ pipeOperators: true }).strict('1 |> (x: x + 1) |> toString'), '"2"');
    assert.equal(new TestEvaluator({ pipeOperators: true }).strict('toString <| 1 + 1'), '"2"');
    assert.equal(new TestEvaluator().error('1 |> (x: x)').kind, 'parse-error');
  });

  it('takes text as bytes and keeps them', () => {
    assert.equal(new TestEvaluator().strict('builtins.stringLength "ü€"'), '5');
    assert.equal(new TestEvaluator().strict('"ü" + "€"'), '"ü€"');
    assert.equal(new TestEvaluator().strict('builtins.substring 0 2 "ü€" == "ü"'), 'true');
  });

  it('is not disturbed by an evaluator beside it', () => {
    const one = new TestEvaluator({ files });
    const two = new TestEvaluator({ files: { '/lib/other.nix': '{ x = 9; }' } });
    assert.equal(one.strict('(import /lib/other.nix).x'), '1');
    assert.equal(two.strict('(import /lib/other.nix).x'), '9');
    assert.equal(one.strict('(import /lib).other.x'), '1');
  });
});
