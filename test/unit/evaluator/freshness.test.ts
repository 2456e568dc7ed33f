// Nothing stale: whatever is edited, each answer is that of a server that has seen nothing else.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { encodeUtf8 } from '../../../server/src/base/bytes';
import type { ValueReport } from '../../../server/src/evaluator/service';
import { parse } from '../../../server/src/syntax/parse';
import { LiveTest, shown } from '../../kit/live';
import { seeded } from '../../kit/seed';

const names = ['a.nix', 'b.nix', 'c.nix', 'd.nix'];

/** Expressions over the bindings `v0`–`v4`, the other files and what else is in the folder. */
const expressions: readonly string[] = [
  '1',
  '"text"',
  'v0',
  'v1 + 1',
  'toString v2',
  '[ v0 v3 ]',
  '{ v = v1; w = v2; }',
  'rec { v = w; w = v4; }',
  'let inherit (import ./c.nix) v; inherit (v1) w; in [ v w ]',
  'x: x + 1',
  'v3 2',
  'let inner = v0; in [ inner inner ]',
  'with { v = 7; q = v1; }; [ v q ]',
  'if v0 == 1 then v1 else v2',
  'assert v0 != 2; v1',
  'throw "no"',
  '(builtins.tryEval v1).success',
  'import ./b.nix',
  '(import ./c.nix).v',
  'import ./d.nix { p = v0; }',
  '(import ./d.nix { p = 3; }).v or 9',
  'map (x: [ x v0 ]) [ 1 v1 ]',
  'builtins.readFile ./data.txt',
  'builtins.pathExists ./new.txt',
  'builtins.attrNames (builtins.readDir ./.)',
  '"${./data.txt}"',
  'import ./generated.nix',
  '__curPos.line',
  '(builtins.unsafeGetAttrPos "v" { v = 1; }).line',
  'builtins.unsafeGetAttrPos "v" (import ./c.nix)',
  './data.txt',
  'builtins.readFileType ./new.txt',
  'builtins.hashFile "sha256" ./data.txt',
  '"${builtins.path { path = ./.; filter = p: t: baseNameOf p == "data.txt" || t == "directory"; name = "x"; }}"',
  'builtins.toJSON v1',
  'builtins.readDir ./sub',
  'import ./sub',
  'builtins.pathExists ./sub/x.txt',
  'builtins.readFile ./sub/x.txt',
  '{ ${v0} = 1; "a${v1}" = 2; }',
  'with import ./c.nix; [ v w ]',
  'let f = n: if n == 0 then v0 else f (n - 1); in f 3',
  "builtins.foldl' (a: b: a + b) 0 [ v0 v1 ]",
  'builtins.sort (a: b: a < b) [ v0 1 ]',
  '(derivation { name = "x"; builder = "b"; system = v1; src = ./data.txt; }).drvPath',
  'builtins.toFile "a" v1',
  'builtins.genList (i: [ i v2 ]) v0',
  'builtins.elemAt (builtins.genList (i: builtins.readFile ./data.txt) 600) 3',
  'let long = builtins.genList (i: if i == 3 then v1 else i) 600; in [ (builtins.elemAt long 3) (builtins.elemAt long 4) ]',
  'builtins.functionArgs v2',
  'builtins.functionArgs (import ./d.nix)',
  'builtins.deepSeq v0 v1',
  'v1.v.w or v2',
  'v1 // { z = v0; }',
  'v1 ? v',
  '(import ./d.nix).f v0',
  'builtins.fromJSON (builtins.readFile ./data.txt)',
  'builtins.scopedImport { x = v0; } ./generated.nix',
  'builtins.mapAttrs (n: x: [ n x v4 ]) v1',
  'builtins.filter (x: x == v0) [ 1 2 3 ]',
  'let s = { a = v0; b = s.a; c = v2; }; in s.b',
  "'' a ${toString v1}\n  b''",
  'builtins.addErrorContext "ctx" (throw (toString v0))',
  'builtins.trace (toString v0) v1',
];

/** A file imports those behind it only: where values hold themselves, the print tells who was asked first. */
function expressionFor(file: number, choice: number): string {
  const allowed = expressions.filter((each) => {
    const imported = names.findIndex((name) => each.includes(`import ./${name}`));
    return imported < 0 || imported > file;
  });
  return allowed[choice % allowed.length]!;
}

const bodies: readonly string[] = [
  '{ v = v0; w = v1; f = x: [ x v2 ]; }',
  '{ inherit v0 v1; v = v4; }',
  '{ p }: { v = p; w = [ p v0 ]; }',
  '{ p ? v1, ... }: let v = p; in { inherit v; }',
  'x: v0 x',
  'with { v = v2; }; { inherit v; w = v0; }',
  'v0',
];

/** A file as its parts, each of which an edit can change. */
interface FileParts {
  readonly head: string;
  /** Choices among the expressions. */
  readonly values: readonly number[];
  readonly body: string;
  /** What stands before the body. */
  readonly note: string;
}

const notes = ['', '/* note */ ', '# a longer note\n\n  '];

const parts: fc.Arbitrary<FileParts> = fc.record({
  head: fc.constantFrom('', '\n', '# comment\n', '# a longer comment\n\n'),
  values: fc.array(fc.nat(), { minLength: 5, maxLength: 5 }),
  body: fc.constantFrom(...bodies),
  note: fc.constantFrom(...notes),
});

function textOf({ head, values, body, note }: FileParts, file: number): string {
  const bindings = values.map((value, i) => `  v${i} = ${expressionFor(file, value)};\n`).join('');
  return `${head}let\n${bindings}in\n${note}${body}\n`;
}

type Step =
  | { readonly kind: 'value'; readonly file: number; readonly index: number; readonly value: number }
  | { readonly kind: 'head'; readonly file: number; readonly head: string }
  | { readonly kind: 'body'; readonly file: number; readonly body: string }
  | { readonly kind: 'note'; readonly file: number; readonly note: string }
  | { readonly kind: 'broken'; readonly file: number }
  | { readonly kind: 'close'; readonly file: number }
  | { readonly kind: 'save'; readonly file: number }
  | { readonly kind: 'disk'; readonly name: string; readonly text: string | undefined }
  | { readonly kind: 'ask'; readonly file: number; readonly place: number };

const file = fc.nat({ max: names.length - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('value' as const),
      file,
      index: fc.nat({ max: 4 }),
      value: fc.nat(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('head' as const),
      file,
      head: fc.constantFrom('', '\n\n', '# other\n'),
    }),
  },
  fc.record({ kind: fc.constant('body' as const), file, body: fc.constantFrom(...bodies) }),
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('note' as const), file, note: fc.constantFrom(...notes) }),
  },
  fc.record({ kind: fc.constant('broken' as const), file }),
  fc.record({ kind: fc.constant('close' as const), file }),
  fc.record({ kind: fc.constant('save' as const), file }),
  fc.record({
    kind: fc.constant('disk' as const),
    name: fc.constantFrom('data.txt', 'new.txt', 'generated.nix', 'sub/default.nix', 'sub/x.txt'),
    text: fc.constantFrom('one', '1', 'two', '{ a = 1; }', '[ 1', 'x', undefined),
  }),
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('ask' as const), file, place: fc.nat() }) },
);

/** A workspace on a disk, some of it open in a server. */
class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), 'nixray-fresh-'));
  readonly server = new LiveTest({ folders: [this.folder] });
  private readonly open = new Map<string, string>();

  constructor(private readonly files: FileParts[]) {
    files.forEach((each, i) => writeFileSync(this.path(names[i]!), textOf(each, i)));
    writeFileSync(this.path('data.txt'), 'data');
    mkdirSync(this.path('sub'));
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  apply(next: Step): void {
    switch (next.kind) {
      case 'value':
        return this.change(next.file, (old) => ({
          ...old,
          values: old.values.map((value, i) => (i === next.index ? next.value : value)),
        }));
      case 'head':
        return this.change(next.file, (old) => ({ ...old, head: next.head }));
      case 'body':
        return this.change(next.file, (old) => ({ ...old, body: next.body }));
      case 'note':
        return this.change(next.file, (old) => ({ ...old, note: next.note }));
      case 'broken':
        return this.set(names[next.file]!, textOf(this.files[next.file]!, next.file).replace('in\n', 'i\n'));
      case 'close':
        this.open.delete(names[next.file]!);
        return this.server.service.closeDocument(this.path(names[next.file]!));
      case 'save':
        return this.save(names[next.file]!);
      case 'disk':
        return this.write(next.name, next.text);
      case 'ask':
        return this.compare(next.file, next.place);
    }
  }

  private change(index: number, edit: (old: FileParts) => FileParts): void {
    this.files[index] = edit(this.files[index]!);
    this.set(names[index]!, textOf(this.files[index], index));
  }

  private set(name: string, text: string): void {
    this.open.set(name, text);
    this.server.service.setDocument(this.path(name), encodeUtf8(text));
  }

  private save(name: string): void {
    const text = this.open.get(name);
    if (text !== undefined) this.write(name, text);
  }

  private write(name: string, text: string | undefined): void {
    if (text === undefined) rmSync(this.path(name), { force: true });
    else writeFileSync(this.path(name), text);
    this.server.service.filesChanged([this.path(name)]);
  }

  /** Asks at a place of a file, and a server that was just started as well. */
  private compare(index: number, place: number): void {
    const name = names[index]!;
    const text = this.open.get(name) ?? textOf(this.files[index]!, index);
    if (!this.open.has(name)) this.set(name, text);
    const fresh = new LiveTest({ folders: [this.folder] });
    for (const [each, content] of this.open) fresh.service.setDocument(this.path(each), encodeUtf8(content));
    const offset = place % text.length;
    const ask = (test: LiveTest) => {
      // What the time of the first hover was too short for is there in the second one.
      test.service.hover(this.path(name), offset, 3);
      return answer(test.service.hover(this.path(name), offset, 3));
    };
    assert.deepEqual(ask(this.server), ask(fresh), `${name} at ${offset}:\n${text}`);
    // Below a document that does not parse, what fails is reported only if that is why.
    const isBroken = [...this.open.values()].some((content) => !parses(content));
    const diagnose = (test: LiveTest) =>
      test.service
        .diagnose(this.path(name))
        .diagnostics.filter(({ error }) => !isBroken || error.code === 'parse-error')
        .map(({ range, error }) =>
          isEndless(error) ? error.message : [range, withoutPrinted(error.message), error.location],
        );
    assert.deepEqual(diagnose(this.server), diagnose(fresh), `${name}:\n${text}`);
  }

  remove(): void {
    for (const name of ['data.txt', 'new.txt', 'generated.nix']) {
      try {
        unlinkSync(this.path(name));
      } catch {
        // It is not there.
      }
    }
    rmSync(this.folder, { recursive: true });
  }
}

/** What the user sees of a report; where an error arose belongs to it. */
function parses(text: string): boolean {
  return parse(encodeUtf8(text)).errors.every(({ severity }) => severity !== 'error');
}

function answer(report: ValueReport | undefined): unknown {
  return {
    shown: withoutPrinted(shown(report)),
    source: report?.source,
    range: report?.range,
    place: report?.error && !isEndless(report.error) ? report.error.location : undefined,
    definition: report?.definition,
    details: report?.details,
  };
}

/** An endless recursion is found where it was entered, which depends on what was asked before. */
function isEndless({ message }: { readonly message: string }): boolean {
  return message.startsWith('infinite recursion');
}

/** Errors that print a value print as much of it as was evaluated by then, which depends on what was asked before. */
function withoutPrinted(text: string): string {
  return text
    .replace(/(cannot coerce|cannot add|cannot compare|expected an?|not a function but)\b.*/s, '$1')
    .replace(/currentTime = \d+/, 'currentTime')
    .replace(/\s+/g, ' ');
}

describe('after any edits', () => {
  it('every answer is that of a fresh server', () => {
    fc.assert(
      fc.property(
        fc.array(parts, { minLength: 4, maxLength: 4 }),
        fc.array(step, { minLength: 10, maxLength: 40 }),
        (files, steps) => {
          const workspace = new Workspace([...files]);
          try {
            for (const each of steps) workspace.apply(each);
          } finally {
            workspace.remove();
          }
        },
      ),
      seeded(60),
    );
  }).timeout(120_000);
});

describe('an edit', () => {
  /** Ten files, each of which imports the next one. */
  function chain(): LiveTest {
    const test = new LiveTest();
    for (let i = 1; i <= 10; i++) test.open(`f${i}.nix`, link(i, 1));
    test.open('main.nix', '|(import ./f1.nix)');
    return test;
  }

  const link = (i: number, own: number): string => (i === 10 ? `${own}` : `import ./f${i + 1}.nix + ${own}`);

  it('in the middle of a chain of imports evaluates its importers again, and no others', () => {
    const test = chain();
    assert.equal(shown(test.hover('main.nix')), '10');
    const before = test.service.statistics();
    assert.equal(before.filesEvaluated, 10);
    test.open('f5.nix', link(5, 100));
    assert.equal(test.service.statistics().filesKept, 5, 'those that the changed one imports');
    assert.equal(shown(test.hover('main.nix')), '109');
    const after = test.service.statistics();
    assert.equal(after.filesEvaluated - before.filesEvaluated, 5);
    assert.equal(after.filesKept, 10);
  });

  it('of white space and comments evaluates nothing again', () => {
    const test = chain();
    assert.equal(shown(test.hover('main.nix')), '10');
    const before = test.service.statistics();
    test.open('f5.nix', `# A comment.\n${link(5, 1)}`);
    test.open('f5.nix', `# A comment.\n${link(5, 1)}  /* another */ `);
    assert.equal(test.service.statistics().filesKept, 10);
    assert.equal(shown(test.hover('main.nix')), '10');
    assert.equal(test.service.statistics().filesEvaluated, before.filesEvaluated);
  });

  it('of white space and comments moves the places that others have from there', () => {
    const test = new LiveTest();
    test.open('places.nix', '{ line = __curPos.line; fails = throw "no"; }');
    test.open('text.nix', '(builtins.readFile ./places.nix == "{ }")');
    test.open('main.nix', '[ (import ./places.nix).|line ]');
    assert.equal(shown(test.hover('main.nix')), '1');
    test.open('fails.nix', '(import ./places.nix).|fails');
    assert.equal(test.hover('fails.nix')!.error!.location!.range.start.line, 0);
    test.open('read.nix', '(builtins.stringLength (builtins.readFile ./places.nix|))');
    const length = Number(shown(test.hover('read.nix', 3)));
    test.open('places.nix', '\n\n{ line = __curPos.line; fails = throw "no"; }');
    assert.equal(shown(test.hover('main.nix')), '3');
    assert.equal(test.hover('fails.nix')!.error!.location!.range.start.line, 2);
    assert.equal(Number(shown(test.hover('read.nix', 3))), length + 2);
  });

  it('that has the other one of two equal pieces in a comment moves the places, too', () => {
    const test = new LiveTest();
    const piece = 'line = __curPos.line; fails = throw "no";';
    const toggle = (mark: string): string => `{\n${mark}\n${piece}\n/*/\n${piece}\n#*/\n}`;
    test.open('places.nix', toggle('/*'));
    test.open('main.nix', '[ (import ./places.nix).|line ]');
    test.open('fails.nix', '(import ./places.nix).|fails');
    for (const [mark, line] of [
      ['/*', 5],
      ['#/*', 3],
      ['/*', 5],
    ] as const) {
      test.open('places.nix', toggle(mark));
      assert.equal(shown(test.hover('main.nix')), String(line));
      assert.equal(test.hover('fails.nix')!.error!.location!.range.start.line, line - 1);
    }
  });

  it('of a file on disk does so, too', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nixray-chain-'));
    try {
      for (let i = 1; i <= 10; i++) writeFileSync(join(folder, `f${i}.nix`), link(i, 1));
      const test = new LiveTest({ folders: [folder] });
      const main = join(folder, 'main.nix');
      test.open(main, '|(import ./f1.nix)');
      assert.equal(shown(test.hover(main)), '10');
      writeFileSync(join(folder, 'f3.nix'), link(3, 2));
      test.service.filesChanged([join(folder, 'f3.nix')]);
      assert.equal(shown(test.hover(main)), '11');
      assert.equal(test.service.statistics().filesEvaluated, 13);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('that opens a file with the text that it has changes nothing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nixray-chain-'));
    try {
      writeFileSync(join(folder, 'lib.nix'), '{ value = 1; }');
      const test = new LiveTest({ folders: [folder] });
      const main = join(folder, 'main.nix');
      test.open(main, '(import ./lib.nix).|value');
      assert.equal(shown(test.hover(main)), '1');
      test.open(join(folder, 'lib.nix'), '{ value = 1; }');
      assert.equal(shown(test.hover(main)), '1');
      assert.equal(test.service.statistics().filesEvaluated, 1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('evaluates again only the thunks that need it', () => {
    const test = new LiveTest();
    test.open('slow.nix', "{ sum = builtins.foldl' (a: b: a + b) 0 (builtins.genList (x: x) 1000); }");
    test.open('small.nix', '1');
    test.open('main.nix', '|(builtins.toJSON { a = (import ./slow.nix).sum; b = import ./small.nix; })');
    assert.equal(shown(test.hover('main.nix')), '"{\\"a\\":499500,\\"b\\":1}"');
    const { forced } = test.service.statistics();
    test.open('small.nix', '2');
    assert.equal(shown(test.hover('main.nix')), '"{\\"a\\":499500,\\"b\\":2}"');
    assert.ok(test.service.statistics().forced - forced < 10);
  });
});

describe('an edit elsewhere in a file', () => {
  /** How many files are evaluated by a hover at the cursor after an edit at the start. */
  function evaluatedAfter(text: string, edit: (text: string) => string): number {
    const test = new LiveTest();
    test.open('lib/default.nix', '{ ... }: { made = import ./made.nix; }');
    test.open('lib/made.nix', '{ x = 1; }');
    test.open('main.nix', text);
    assert.equal(shown(test.hover('main.nix')), '1');
    test.diagnostics('main.nix');
    const { filesEvaluated, calls } = test.service.statistics();
    test.open('main.nix', edit(text));
    assert.equal(shown(test.hover('main.nix')), '1');
    test.diagnostics('main.nix');
    assert.equal(
      test.service.statistics().calls,
      calls,
      'the function of the other file is not called again',
    );
    return test.service.statistics().filesEvaluated - filesEvaluated;
  }

  const styles: readonly string[] = [
    'let pkgs = import ./lib { }; other = 1; in { a = other; b = pkgs.made.|x; }',
    'let pkgs = import ./lib { config = { }; overlays = [ ]; }; in { a = 1; b = pkgs.made.|x; }',
    'with import ./lib { }; { a = 1; b = made.|x; }',
    'let sources = { lib = ./lib; }; pkgs = import sources.lib { }; in rec { a = 1; b = pkgs.made.|x; }',
    'let lib = import ./lib; in let pkgs = lib { }; in { a = 1; b = pkgs.made.|x; }',
    '{ pkgs ? import ./lib { } }: { a = 1; b = pkgs.made.|x; }',
    'let inherit (import ./lib { }) made; in { a = 1; b = made.|x; }',
    '{ a = 1; b = (import ./lib { }).made.|x; }',
    '{ a = 1; b = let pkgs = import ./lib { }; in pkgs.made.|x; }',
  ];

  for (const text of styles) {
    it(`keeps what was made of other files: ${text}`, () => {
      assert.equal(
        evaluatedAfter(text, (old) => old.replace('a = 1', 'a = 2').replace('a = other', 'a = 22')),
        0,
      );
      assert.equal(
        evaluatedAfter(text, (old) => `# a comment\n${old}`),
        0,
      );
    });
  }
});

describe('a thousand edits', () => {
  const collectGarbage = (): void => {
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
  };

  it('take no more memory than a few', () => {
    const test = new LiveTest();
    const lib = (n: number): string => `{ size, ... }: { list = builtins.genList (x: x + ${n}) size; }`;
    test.open('lib/default.nix', lib(0));
    const text = (n: number): string =>
      `let
        pkgs = import ./lib { size = 4000; };
        total = builtins.foldl' (a: b: a + b) 0 pkgs.list;
        other = builtins.genList (x: x + ${n}) 500;
      in { a = ${n}; b = builtins.length (other ++ pkgs.list); c = |total; }`;
    const edit = (n: number): void => {
      if (n % 20 === 0) test.open('lib/default.nix', lib(n));
      test.open('main.nix', text(n));
      assert.equal(shown(test.hover('main.nix')), String(7998000 + 4000 * (n - (n % 20))));
      test.diagnostics('main.nix');
    };
    for (let n = 0; n < 100; n++) edit(n);
    collectGarbage();
    const early = process.memoryUsage().heapUsed;
    for (let n = 100; n < 1100; n++) edit(n);
    collectGarbage();
    const grown = process.memoryUsage().heapUsed - early;
    assert.ok(grown < 8 * 1024 * 1024, `${grown} bytes more`);
  }).timeout(120_000);
});

describe('dependencies', () => {
  it('are known where the workspace is the root of the disk', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nixray-test-'));
    try {
      writeFileSync(join(folder, 'data.nix'), '1');
      const test = new LiveTest({ folders: ['/'] });
      const main = join(folder, 'main.nix');
      test.open(main, 'import ./data.nix');
      const read = test.service.diagnose(encodeUtf8(main)).dependencies;
      assert.ok(read.includes(encodeUtf8(join(folder, 'data.nix'))), read.join());
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('are told once, for watching, whatever they were read for', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nixray-test-'));
    try {
      for (const name of ['workspace', 'nixpkgs/pkgs/top-level', 'other'])
        mkdirSync(join(folder, name), { recursive: true });
      writeFileSync(join(folder, 'nixpkgs/pkgs/top-level/default.nix'), '{ }');
      for (const name of ['workspace', 'nixpkgs', 'other']) writeFileSync(join(folder, name, 'data'), name);
      const test = new LiveTest({ folders: ['workspace', 'nixpkgs'].map((name) => join(folder, name)) });
      const main = join(folder, 'workspace/main.nix');
      const data = (path: string): string => `builtins.readFile ${path}`;
      const [here, library, outside] = ['./data', '../nixpkgs/data', '../other/data'].map(data);
      test.open(main, `let a = ${here} + ${library} + ${outside}; in |a + builtins.readFile ./missing`);
      const taken = (): string[] => test.service.takeReads().map((path) => relative(folder, path));
      assert.equal(test.hover(main)?.value, '"workspacenixpkgsother"');
      // A nixpkgs is not followed, but what it tells may be stale all the same.
      assert.deepEqual(
        taken().filter((path) => path.endsWith('data')),
        ['workspace/data', 'nixpkgs/data'],
      );
      assert.equal(test.hover(main)?.value, '"workspacenixpkgsother"');
      assert.deepEqual(taken(), []);
      test.service.diagnose(encodeUtf8(main));
      assert.deepEqual(taken(), ['workspace/missing']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
