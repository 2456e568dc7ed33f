// nixray check, hover and bytecode: what an editor shows, in a terminal.
import assert from 'node:assert/strict';
import { Folder } from './run';

const files = {
  'good.nix': '{ a = 1; }\n',
  'bad/syntax.nix': '{ a = ; }\n',
  'bad/throws.nix': 'let f = x: throw "no ${x}"; in { a = f "b"; }\n',
  '.hidden/skipped.nix': '{',
};

describe('nixray check', () => {
  const folder = new Folder(files);
  after(() => folder.remove());

  it('is content with a good file', () => {
    const { code, out } = folder.run(['check', 'good.nix']);
    assert.equal(code, 0);
    assert.equal(out, '1 file checked, no problems\n');
  });

  it('finds the problems of a folder', () => {
    const { code, out } = folder.run(['check', '.']);
    assert.equal(code, 1);
    assert.match(
      out,
      /^error: .*\[syntax-error\]\n {7}at \/here\/bad\/syntax\.nix:1:7:\n {12}1\| \{ a = ; \}\n/m,
    );
    assert.match(out, /hint: no b \[throw\]/);
    assert.match(out, /\n3 files checked, 1 error, 1 hint\n$/);
  });

  it('shows a part of a long line, however many problems it has', () => {
    const here = new Folder({ 'long.nix': `{ x = [ ${'foo '.repeat(20_000)}]; }\n` });
    try {
      const { out } = here.run(['check', '--no-evaluation', 'long.nix']);
      assert.match(out, /\n1 file checked, 20000 errors\n$/);
      assert.ok(out.length < 20_000 * 600, `${out.length} bytes`);
      assert.match(out, /long\.nix:1:80005:\n +1\| …[fo ]+foo \]; \}\n +\| +\^\n/);
    } finally {
      here.remove();
    }
  });

  it('finds callers in the project of what is checked, wherever it is run', () => {
    const text = '{ a, ... }: { b = a + 1; }';
    const caller = 'import ./lib/f.nix { a = "x"; }';
    const named = new Folder({ 'lib/f.nix': text, 'main.nix': caller });
    const project = new Folder({
      'lib/f.nix': text,
      'main.nix': caller,
      'flake.nix': '{ outputs = _: { }; }',
    });
    try {
      const problems = (path: string): string => folder.run(['check', '--reachable', path]).out;
      assert.match(problems(named.path), /cannot coerce .*\[type-error\]/);
      assert.match(problems(`${project.path}/lib/f.nix`), /cannot coerce .*\[type-error\]/);
      assert.match(problems(`${named.path}/lib/f.nix`), /no problems/, 'its folder alone');
    } finally {
      named.remove();
      project.remove();
    }
  });

  it('checks a file once that is named more than once', () => {
    const { out } = folder.run(['check', 'bad/syntax.nix', './bad/../bad/syntax.nix', 'bad']);
    assert.match(out, /\n2 files checked, 1 error, 1 hint\n$/);
    assert.equal(out.match(/syntax-error/g)?.length, 1);
  });

  it('reads standard input as if it were a file of the folder', () => {
    const here = new Folder({ 'one.nix': '1\n' });
    const { code, out } = here.run(['check', '-'], 'import ./one.nix + "a"\n');
    assert.equal(code, 1);
    assert.match(
      out,
      /^error: cannot add a string to an integer \[evaluation-error\]\n {7}at «stdin»:1:20:\n/,
    );
    const [problem] = JSON.parse(here.run(['check', '--format', 'json', '-'], '{ a = ; }').out);
    assert.equal(problem.path, '«stdin»');
    here.remove();
  });

  it('takes its flags with an equals sign, too', () => {
    assert.equal(folder.run(['check', '--format=json', 'good.nix']).out, '[]\n');
    assert.equal(folder.run(['check', '--ignore=throw', 'bad/throws.nix']).code, 0);
    assert.match(folder.run(['check', '--hints=yes', 'good.nix']).err, /unrecognised flag '--hints=yes'/);
    assert.match(folder.run(['check', '--format=', 'good.nix']).err, /^error: /);
  });

  it('evaluates nothing on request, and ignores codes', () => {
    assert.equal(folder.run(['check', '--no-evaluation', 'bad/throws.nix']).code, 0);
    assert.equal(folder.run(['check', '--ignore', 'throw', 'bad/throws.nix']).code, 0);
  });

  it('counts the hints of lints, and prints them on request', () => {
    const style = new Folder({ 'a.nix': 'let unused = 1; in rec { u = http://example.org/x; }\n' });
    const { code, out } = style.run(['check', 'a.nix']);
    assert.equal(code, 0);
    assert.match(out, /warning: .*\[deprecated-url-literal\]/);
    assert.doesNotMatch(out, /hint:/);
    assert.match(out, /\n1 file checked, 1 warning, 2 hints \(2 not shown; --hints shows them\)\n$/);
    const shown = style.run(['check', '--hints', 'a.nix']).out;
    assert.match(shown, /hint: 'unused' is not used \[unused-binding\]/);
    assert.match(shown, /hint: .*\[unused-rec\]/);
    assert.match(shown, /\n1 file checked, 1 warning, 2 hints\n$/);
    assert.equal(JSON.parse(style.run(['check', '--format', 'json', 'a.nix']).out).length, 3);
    assert.match(
      style.run(['check', '--ignore', 'unused-rec', 'a.nix']).out,
      /1 hint \(1 not shown; --hints shows it\)/,
    );
    style.remove();
  });

  it('looks into functions on request', () => {
    const called = new Folder({
      'main.nix': 'import ./f.nix { n = 1; }\n',
      'f.nix': '{ n }: { a = n.b; }\n',
    });
    assert.equal(called.run(['check', 'f.nix']).out, '1 file checked, no problems\n');
    const { code, out } = called.run(['check', '--reachable', 'f.nix']);
    assert.equal(code, 1);
    assert.match(out, /error: expected a set but found an integer: 1 \[type-error\]/);
    called.remove();
  });

  it('prints what it finds in a file before it looks at the next one', () => {
    const { out, flushed } = folder.run(['check', 'bad/syntax.nix', 'bad/throws.nix', 'good.nix']);
    assert.match(flushed, /\[syntax-error\][^]*\[throw\][^]*\n\n$/);
    assert.equal(out, `${flushed}3 files checked, 1 error, 1 hint\n`);
    const json = folder.run(['check', '--format', 'json', 'bad/syntax.nix']);
    assert.equal(json.flushed, '');
  });

  it('says before each file how far it is', () => {
    const { progress } = folder.run(['check', 'good.nix', '-'], '1');
    assert.deepEqual(progress, ['checking 1 of 2: /here/good.nix', 'checking 2 of 2: standard input']);
  });

  it('checks standard input, as if it stood in the working folder', () => {
    const { code, out } = folder.run(['check', '-'], 'let g = import ./good.nix; in\ng.a + "b"\n');
    assert.equal(code, 1);
    assert.match(out, /^error: cannot add a string to an integer \[[a-z-]+\]\n {7}at «stdin»:2:7:\n/);
    assert.match(out, /1 file checked, 1 error\n$/);
    const [found] = JSON.parse(folder.run(['check', '--format=json', '-'], '{ a = ; }').out);
    assert.deepEqual([found.path, found.code], ['«stdin»', 'syntax-error']);
    const sarif = JSON.parse(folder.run(['check', '--format=sarif', '-'], '{ a = ; }').out);
    const [{ physicalLocation }] = sarif.runs[0].results[0].locations;
    assert.equal(decodeURIComponent(physicalLocation.artifactLocation.uri), '«stdin»');
  });

  it('folds what libraries did, for people, and leaves out files that nobody can open', () => {
    const here = new Folder({
      'nixpkgs/pkgs/top-level/default.nix': '{ }',
      'nixpkgs/lib/lists.nix':
        '{ map = f: list: let go = x: one (f x); one = x: x + 1; in builtins.map go list; }',
      'a.nix': 'let lib = import ./nixpkgs/lib/lists.nix; in builtins.head (lib.map (x: x.no) [ { } ])\n',
      'flake.nix': '{ inputs.a.url = "path:./gone"; outputs = { self, a }: { b = a.c; }; }\n',
    });
    const folded = here.run(['check', 'a.nix']).out;
    assert.match(folded, /\n {7}… \d frames in nixpkgs\/lib\/lists\.nix …\n/);
    const related = JSON.parse(here.run(['check', '--format', 'json', 'a.nix']).out)[0].related;
    assert.ok(related.filter(({ path }: { path: string }) => path.endsWith('/lists.nix')).length > 1);
    const flake = here.run(['check', '--reachable', 'flake.nix']).out;
    assert.match(flake, /gone/);
    assert.doesNotMatch(flake, /call-flake/);
    here.remove();
  });

  it('takes options with their values joined', () => {
    assert.equal(folder.run(['check', '--ignore=throw', '--timeout=5', 'bad/throws.nix']).code, 0);
    assert.match(folder.run(['check', '--format=xml', '.']).err, /^error: there is no format 'xml'/);
    assert.match(folder.run(['check', '--hints=1', '.']).err, /^error: unrecognised flag '--hints=1'/);
    assert.match(folder.run(['instantiate', '--attr=x', '.']).err, /unrecognised flag '--attr=x'/);
  });

  it('writes JSON and SARIF', () => {
    const [first] = JSON.parse(folder.run(['check', '--format', 'json', 'bad/syntax.nix']).out);
    assert.equal(first.path, '/here/bad/syntax.nix');
    assert.deepEqual([first.severity, first.range.startLine, first.range.startColumn], ['error', 1, 7]);
    const sarif = JSON.parse(folder.run(['check', '--format', 'sarif', 'bad']).out);
    const uris = sarif.runs[0].results.map(
      (result: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }) =>
        result.locations[0]!.physicalLocation.artifactLocation.uri,
    );
    assert.deepEqual(uris, ['bad/syntax.nix', 'bad/throws.nix']);
  });

  it('tells of what cannot be read, and checks what can', () => {
    const { code, out } = folder.run(['check', 'nope.nix', 'bad/syntax.nix']);
    assert.equal(code, 1);
    assert.match(out, /^error: path '\/here\/nope\.nix' does not exist \[file-error\]\n\n/);
    assert.match(out, /\nerror: syntax error/);
    assert.match(out, /\n2 files checked, 2 errors\n$/);
    const found = JSON.parse(folder.run(['check', '--format', 'json', 'good.nix', 'nope.nix']).out);
    assert.deepEqual(
      found.map(({ path, code }: { path: string; code: string }) => [path, code]),
      [['/here/nope.nix', 'file-error']],
    );
  });

  it('says what is wrong with its arguments', () => {
    assert.match(folder.run(['check']).err, /^error: no file or folder is named\nTry 'nixray check --help'/);
    assert.match(folder.run(['check', '--format', 'x', '.']).err, /there is no format 'x'/);
    const negative = /^error: '-1' is negative, which a number of seconds must not be\n/;
    assert.match(folder.run(['check', '--timeout', '-1', '.']).err, negative);
  });
});

describe('nixray hover', () => {
  const folder = new Folder({ 'a.nix': 'let x = [ 1 (1 + 1) ];\nin x\n' });
  after(() => folder.remove());

  it('prints what an editor shows', () => {
    const { code, out } = folder.run(['hover', 'a.nix:2:4']);
    assert.equal(code, 0);
    assert.match(out, /^```nix\n\[ 1 2 \]\n```\n/);
  });

  it('says where there is nothing', () => {
    assert.equal(folder.run(['hover', 'a.nix:2:3']).code, 1);
    assert.match(folder.run(['hover', 'a.nix']).err, /FILE:LINE:COLUMN/);
  });

  it('says that a line and a column are no numbers, unless the file has such a name', () => {
    assert.match(
      folder.run(['hover', 'a.nix:x:1']).err,
      /^error: there is no file 'a\.nix:x', and as a place its line and column are no numbers\n/,
    );
    assert.match(folder.run(['hover', 'b.nix:1:1']).err, /^error: path '\/here\/b\.nix' does not exist\n$/);
    const colon = new Folder({ 'a:x': '[ 1 ]' });
    assert.equal(colon.run(['hover', 'a:x:1:1']).code, 0);
    colon.remove();
  });

  it('refuses lines and columns that count from 0', () => {
    for (const place of ['a.nix:0:0', 'a.nix:0:1', 'a.nix:1:0', 'a.nix:0']) {
      const { code, out, err } = folder.run(['hover', place]);
      assert.deepEqual([code, out], [1, '']);
      assert.ok(
        err.startsWith(`error: '${place}' is no place in a file: lines and columns count from 1\n`),
        err,
      );
    }
  });
});

describe('nixray bytecode', () => {
  const folder = new Folder({ 'a.nix': 'x:\n  x + 1\n', 'bad.nix': 'x:' });
  after(() => folder.remove());

  it('lists the chunks, those at the place first', () => {
    assert.match(folder.run(['bytecode', 'a.nix']).out, /^toplevel {2}# at 1:1/);
    assert.match(folder.run(['bytecode', 'a.nix:2:3']).out, /^lambda/);
  });

  it('shows the syntax error where there is no byte code', () => {
    const { code, err } = folder.run(['bytecode', 'bad.nix']);
    assert.equal(code, 1);
    assert.match(err, /^error: syntax error/);
  });
});
