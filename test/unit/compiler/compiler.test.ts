// The compiler: listings of small programs, and what holds for the code of every program.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeUtf8, encodeUtf8 } from '../../../server/src/base/bytes';
import { disassemble } from '../../../server/src/bytecode/disassemble';
import type { NodeBlueprint } from '../../../server/src/compiler/blueprint';
import { staticErrors } from '../../../server/src/names/static-errors';
import { parse } from '../../../server/src/syntax/parse';
import { allBlueprints } from '../../kit/all-blueprints';
import { TestEvaluator } from '../../kit/evaluate';
import { randomProgram } from '../../kit/random-programs';
import { seeded } from '../../kit/seed';
import { Snapshots } from '../../kit/snapshot';
import { verifyAll } from '../../kit/verify-chunk';
import { anyEdit, anyText, placed } from '../syntax/random-texts';
import { compiled, compiledBytes, listing } from './listing';
import { programs } from './programs';

const snapshots = new Snapshots(__dirname, 'compiler');

/** Spans are within the node that owns them, which is within that of the parent, and cover every instruction. */
function checkSpans(root: NodeBlueprint): void {
  const { length } = root.unit.source.text;
  for (const blueprint of allBlueprints(root) as NodeBlueprint[]) {
    const { start, end } = blueprint.range;
    const { start: outerStart, end: outerEnd } = blueprint.parent?.range ?? { start: 0, end: length };
    assert.ok(outerStart <= start && end <= outerEnd, `${blueprint.name} is outside of its parent`);
    const spans = blueprint.spans();
    const instructions = disassemble(blueprint.chunk!, () => '');
    assert.deepEqual(
      spans.map(({ at }) => at),
      instructions.map(({ offset }) => offset),
    );
    for (const span of spans) {
      const from = blueprint.start + span.start;
      const to = blueprint.start + span.end;
      assert.ok(
        start <= from && from <= to && to <= end,
        `a span ${from}–${to} of '${blueprint.name}' is outside of ${start}–${end}`,
      );
    }
  }
}

describe('the compiler', () => {
  for (const [name, text] of Object.entries(programs)) {
    it(`compiles ${name}`, () => {
      snapshots.match(name, listing(text));
      const root = compiled(text);
      verifyAll(root);
      checkSpans(root);
    });
  }

  it('compiles long chains of operators without recursion, in proportion', () => {
    const lengthOf = (text: string): number => {
      const root = compiled(text);
      const { start, end } = root.chunk ?? root.compile();
      return end - start;
    };
    for (const operators of [' - 2', ' && true', ' || true', ' + (null)', ' * 2 - 1 + 3 == 4 || true']) {
      const text = (count: number) => `1${operators.repeat(count)}`;
      const [two, three] = [lengthOf(text(2)), lengthOf(text(3))];
      assert.ok(three > two);
      assert.equal(lengthOf(text(50_000)), two + 49_998 * (three - two), operators);
    }
  });

  it('has no snapshot without a program', () => snapshots.assertNoneLeftOver());

  it('gives random programs code that verifies, with spans in their places', () => {
    fc.assert(
      fc.property(randomProgram, (text) => {
        const parsed = parse(encodeUtf8(text));
        const known = new TestEvaluator().evaluator.globals.names;
        assert.deepEqual([...parsed.errors, ...staticErrors(parsed, known)], []);
        const root = compiled(text);
        verifyAll(root);
        checkSpans(root);
      }),
      seeded(300),
    );
  });

  it('gives broken texts code that verifies, too, since editors show it', () => {
    fc.assert(
      fc.property(anyText, fc.array(anyEdit, { maxLength: 4 }), (text, edits) => {
        let broken = text;
        for (const edit of edits) {
          const { start, end, text: inserted } = placed(edit, broken);
          broken = broken.slice(0, start) + inserted + broken.slice(end);
        }
        const root = compiledBytes(broken);
        verifyAll(root);
        checkSpans(root);
      }),
      seeded(300),
    );
  });

  it('gives the same code with spans as without', () => {
    for (const text of Object.values(programs)) {
      for (const blueprint of allBlueprints(compiled(text))) {
        const code = [...blueprint.chunk!.code];
        blueprint.spans();
        assert.deepEqual([...blueprint.compile().code], code);
      }
    }
  });
});

describe('jumps over more than 65,535 bytes', () => {
  /** A list whose items cannot be constants, so that each takes some bytes of code. */
  const long = (count: number) => `[ ${'(f 1) '.repeat(count)}]`;
  const run = (text: string) => new TestEvaluator().strict(text);
  const ops = (text: string) => {
    const all = allBlueprints(compiled(text)).flatMap((blueprint) => {
      verifyAll(blueprint);
      return disassemble(blueprint.chunk!, () => '').map(({ op }) => op);
    });
    return new Set(all);
  };
  const count = 14_000;
  const bind = 'let f = x: x; in ';

  it('take the wide form, and both branches run', () => {
    const program = (condition: string) =>
      `${bind}builtins.length (if ${condition} then ${long(count)} else [ 1 ] ++ ${long(count)})`;
    const used = ops(program('f true'));
    assert.ok(used.has('JumpWide') && used.has('JumpIfFalseWide'));
    assert.ok(!used.has('Jump') && !used.has('JumpIfFalse'));
    assert.equal(run(program('f true')), String(count));
    assert.equal(run(program('f false')), String(count + 1));
  });

  it('skip long right operands, defaults and bodies of assertions', () => {
    const length = `builtins.length ${long(count)}`;
    const cases: [string, string][] = [
      [`${bind}f false && ${length} > 0`, 'false'],
      [`${bind}f true && ${length} > 0`, 'true'],
      [`${bind}f true || ${length} < 0`, 'true'],
      [`${bind}f false || ${length} < 0`, 'false'],
      [`${bind}f false -> ${length} < 0`, 'true'],
      [`${bind}builtins.length ((f { }).a or ${long(count)})`, String(count)],
      [`${bind}builtins.length ((f { a = [ ]; }).a or ${long(count)})`, '0'],
    ];
    for (const [text, expected] of cases) assert.equal(run(text), expected, text.slice(0, 40));
  });

  it('stay short up to the last distance that two bytes can hold', () => {
    const toplevelOps = (items: number) => {
      const chunk = compiled(`${bind}if f true then ${long(items)} else 1`).compile();
      return new Set(disassemble(chunk, () => '').map(({ op }) => op));
    };
    let short = 1;
    let wide = 13_200;
    assert.ok(toplevelOps(short).has('Jump') && toplevelOps(wide).has('JumpWide'));
    while (wide - short > 1) {
      const middle = (short + wide) >> 1;
      if (toplevelOps(middle).has('Jump')) short = middle;
      else wide = middle;
    }
    for (const items of [short, wide]) {
      const text = `${bind}builtins.length (if f true then ${long(items)} else [ ])`;
      assert.equal(run(text), String(items));
      assert.equal(run(text.replace('f true', 'f false')), '0');
    }
  });
});

describe('operands of more than one byte', () => {
  const count = 300;
  const numbers = Array.from({ length: count }, (_, i) => i);
  const names = numbers.map((i) => `n${i}`);
  const check = (text: string, expected: string) => {
    verifyAll(compiled(text));
    assert.equal(new TestEvaluator().strict(text), expected);
  };
  const sum = (all: readonly string[]) => all.join(' + ');
  const total = String((count * (count - 1)) / 2);

  it('name many locals, captured before and after they are there', () => {
    const forwards = numbers.map((i) => `n${i} = ${i === count - 1 ? '0' : `n${i + 1} + 1`};`);
    check(`let ${forwards.join(' ')} in n0`, String(count - 1));
    check(`let all = ${sum(names)}; ${numbers.map((i) => `n${i} = ${i};`).join(' ')} in all`, total);
    check(`let ${numbers.map((i) => `n${i} = x: ${i} + x;`).join(' ')} in n${count - 1} 1`, String(count));
  });

  it('name many upvalues', () => {
    const bindings = numbers.map((i) => `n${i} = x + ${i};`).join(' ');
    check(`(x: let ${bindings} in (y: z: [ (${sum(names)}) y ]) 1 2) 0`, `[ ${total} 1 ]`);
  });

  it('name many attributes, formals and defaults', () => {
    const set = numbers.map((i) => `n${i} = ${i};`).join(' ');
    check(`let s = { ${set} }; in ${names.map((name) => `s.${name}`).join(' + ')}`, total);
    check(`({ ${names.join(', ')} }: ${sum(names)}) { ${set} }`, total);
    const defaults = numbers.map((i) => `n${i} ? ${i === 0 ? '0' : `n${i - 1} + 1`}`);
    check(`({ ${defaults.join(', ')} }: n${count - 1}) { }`, String(count - 1));
    check(`with { ${set} }; ${sum(names)}`, total);
    check(`let s = { ${set} }; inherit (s) ${names.join(' ')}; in ${sum(names)}`, total);
  });

  it('count many items, arguments and parts', () => {
    check(`builtins.length [ ${names.map(() => '(1 + 1)').join(' ')} ]`, String(count));
    check(`(${names.map((name) => `${name}: `).join('')}${names[0]}) ${numbers.join(' ')}`, '0');
    check(`builtins.stringLength "${names.map(() => '${"ab"}').join('')}"`, String(2 * count));
  });
});

describe('the name of a chunk', () => {
  const nameOf = (text: string) =>
    allBlueprints(compiled(text))
      .filter(({ kind }) => kind !== 'toplevel')
      .map(({ kind, name }) => `${kind} ${decodeUtf8(name) || '-'}`);

  it('is that of the binding, also for functions of several arguments', () => {
    assert.deepEqual(nameOf('let f = x: y: x; in f'), ['lambda f', 'lambda f']);
    assert.deepEqual(nameOf('{ f = (x: x); }'), ['thunk f', 'lambda f']);
    assert.deepEqual(nameOf('x: [ (y: y) ]'), ['lambda -', 'thunk -', 'lambda -']);
  });
});
