// nixray instantiate and eval: the output, the messages and the exit codes of nix-instantiate.
import assert from 'node:assert/strict';
import { Folder, run } from './run';

function evaluated(expression: string, ...flags: string[]): string {
  const { code, out, err } = run(['eval', ...flags, '-E', expression]);
  assert.equal(err, '');
  assert.equal(code, 0);
  return out;
}

function failed(args: readonly string[], folder = new Folder()): string {
  const { code, out, err } = folder.run(args);
  folder.remove();
  assert.equal(out, '');
  assert.equal(code, 1);
  return err;
}

describe('nixray eval', () => {
  it('prints a value without evaluating its parts, or with', () => {
    assert.equal(evaluated('{ a = 1 + 1; b = x: x; }'), '{ a = <CODE>; b = <CODE>; }\n');
    assert.equal(evaluated('{ a = 1 + 1; b = x: x; }', '--strict'), '{ a = 2; b = <LAMBDA>; }\n');
  });

  it('prints JSON, XML and raw strings', () => {
    assert.equal(evaluated('{ a = [ 1 null "x" ]; }', '--json', '--strict'), '{"a":[1,null,"x"]}\n');
    assert.equal(
      evaluated('{ a = 1; }', '--xml', '--no-location'),
      `<?xml version='1.0' encoding='utf-8'?>\n<expr>\n  <attrs>\n    <attr name="a">\n      <int value="1" />\n    </attr>\n  </attrs>\n</expr>\n`,
    );
    assert.match(
      evaluated('derivation { name = "a"; system = "b"; builder = "c"; }', '--xml', '--strict'),
      /\n {4}<attr column="7" line="49" name="outPath" path="\/derivation-internal.nix">\n/,
    );
    assert.equal(evaluated('"a\\nb"', '--raw'), 'a\nb');
    assert.match(failed(['eval', '--json', '-E', '{ a = 1 + 1; }']), /cannot convert a thunk to JSON/);
    for (const applied of [
      'map (x: x) [ 1 ]',
      'builtins.genList (i: i) 600',
      'builtins.mapAttrs (n: v: v) { a = 1; }',
    ]) {
      const message = /cannot convert a function application to JSON/;
      assert.match(failed(['eval', '--json', '-E', applied]), message);
    }
  });

  it('evaluates each argument and each attribute path', () => {
    const { out } = run(['eval', '-E', '{ a = 1; b.c = [ 2 3 ]; }', '-A', 'a', '-A', 'b.c.1']);
    assert.equal(out, '1\n3\n');
    assert.equal(run(['eval', '-E', '1', '2']).out, '1\n2\n');
  });

  it('calls functions with the arguments that are given', () => {
    const { out } = run([
      'eval',
      '-E',
      '{ n, m ? 2, s }: "${toString (n + m)}${s}"',
      '--arg',
      'n',
      '1 + 2',
      '--argstr',
      's',
      '!',
    ]);
    assert.equal(out, '"5!"\n');
    assert.match(
      failed(['eval', '-E', '{ n, m }: n', '--arg', 'n', '1']),
      /^error: cannot evaluate a function that has an argument without a value \('m'\)\n/,
    );
  });

  it('reads files, standard input and the search path', () => {
    const folder = new Folder(
      { 'default.nix': '"default"', 'lib/default.nix': 'import ./x.nix', 'lib/x.nix': '"x"' },
      { NIX_PATH: 'other=/nowhere:mine=lib' },
    );
    assert.equal(folder.run(['eval']).out, '"default"\n');
    assert.equal(folder.run(['eval', 'lib']).out, '"x"\n');
    assert.equal(folder.run(['eval', '<mine/x.nix>']).out, '"x"\n');
    assert.equal(folder.run(['eval', '-I', 'mine=.', '<mine>']).out, '"default"\n');
    assert.equal(folder.run(['eval', '-'], '1 + 1').out, '2\n');
    assert.equal(folder.run(['instantiate', '--find-file', 'mine/x.nix']).out, '/here/lib/x.nix\n');
    folder.remove();
  });

  it('shows errors with their excerpt', () => {
    assert.equal(
      failed(['eval', '-E', '1 +']),
      [
        'error: syntax error, unexpected end of file',
        '       at «string»:1:4:',
        '            1| 1 +',
        '             |    ^',
        '',
      ].join('\n'),
    );
    assert.match(failed(['eval', 'nope.nix']), /^error: path '\/here\/nope\.nix' does not exist\n$/);
    assert.match(failed(['eval', '-E', '{ abc = 1; }', '-A', 'abd']), /Did you mean abc\?\n$/);
    const item = (index: string): string => failed(['eval', '-E', '[ 1 ]', '-A', index]);
    assert.match(item('4294967295'), /list index 4294967295 in selection path '4294967295' is out of range/);
    assert.match(
      item('4294967296'),
      /selected by the selection path '4294967296' should be a set but is a list/,
    );
  });

  it('shows the trace in full only on request', () => {
    const program = 'let f = x: x.a; in f { }';
    assert.ok(!failed(['eval', '-E', program]).includes('while calling'));
    assert.ok(failed(['eval', '--show-trace', '-E', program]).includes("… while calling 'f'"));
  });

  it('writes traces and warnings to standard error', () => {
    const { out, err } = run(['eval', '-E', 'builtins.trace "t" (builtins.warn "w" 1)']);
    assert.equal(out, '1\n');
    assert.equal(err, 'trace: t\nevaluation warning: w\n');
  });

  it('lints literals', () => {
    assert.match(
      failed(['eval', '--lint-url-literals', 'fatal', '-E', 'http://x.y']),
      /^error: URL literals are disallowed/,
    );
    const { out, err } = run(['eval', '--lint-short-path-literals', 'warn', '-E', 'a/b']);
    assert.match(out, /\/a\/b\n$/);
    assert.match(err, /^warning: relative path literal 'a\/b' should be prefixed/);
  });

  it('ends where calls nest too deeply, and when time is up', () => {
    const endless = 'let f = n: f (n + 1) + 1; in f 0';
    assert.match(failed(['eval', '--max-call-depth', '50', '-E', endless]), /max-call-depth exceeded/);
  });
});

describe('nixray instantiate', () => {
  it('prints the derivations in a value', () => {
    const derivation = 'derivation { name = "n"; system = "s"; builder = "b"; }';
    const { code, out } = run([
      'instantiate',
      '-E',
      `{ a = ${derivation}; b.recurseForDerivations = true; b.c = ${derivation}; }`,
    ]);
    assert.equal(code, 0);
    assert.match(out, /^\/nix\/store\/[a-z0-9]{32}-n\.drv\n/);
    assert.match(failed(['instantiate', '-E', '1']), /expression does not evaluate to a derivation/);
  });

  it('prints the canonical form', () => {
    assert.equal(
      run(['instantiate', '--parse', '-'], 'x: { a.b = 1 - x; a.c = "v${x}"; inherit x; }').out,
      '(x: { inherit x; a = { b = (__sub 1 x); c = ("v" + x); }; })\n',
    );
  });

  it('tells its version and its flags', () => {
    assert.match(run(['instantiate', '--version']).out, /^nix-instantiate \(Nixray\) \d+\.\d+/);
    assert.match(run(['instantiate', '--help']).out, /^Usage: nixray instantiate/);
    assert.match(failed(['instantiate', '--nope']), /^error: unrecognised flag '--nope'\nTry /);
  });
});

describe('nixray', () => {
  it('tells what it can do', () => {
    assert.match(run(['--help']).out, /^Usage: nixray COMMAND/);
    assert.match(run(['--version']).out, /^nixray \d/);
    assert.match(failed(['nope']), /^error: there is no command 'nope'/);
    assert.match(failed([]), /^error: a command is missing/);
  });
});
