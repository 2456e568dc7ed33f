// Long lists of bindings: what their blocks give is what all bindings at once give.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  blocksOf,
  longOwner,
  type BindingBlock,
  type BindingBlocks,
} from '../../../server/src/names/binding-blocks';
import { freeNames, freeNamesOfGroup } from '../../../server/src/names/free-names';
import { mergeBindings, type BindingOwner } from '../../../server/src/names/merge';
import { staticErrors } from '../../../server/src/names/static-errors';
import { parse, type ParsedFile } from '../../../server/src/syntax/parse';
import { editBetween, reparse } from '../../../server/src/syntax/reparse';
import { Kind, type FreeNames } from '../../../server/src/syntax/tree';
import { seeded } from '../../kit/seed';

/** Most names are global as well, so that there are some errors and not thousands of them. */
const globals = new Map(
  ['g0', 'g1', '__sub', ...Array.from({ length: 401 }, (_, i) => `n${i}`)]
    .filter((_, i) => i % 16 !== 15)
    .map((each) => [each, null]),
);

/** What stands before and behind the bindings. */
const frames = [
  ['{', '}'],
  ['rec {', '}'],
  ['let', 'in [ n7 g0 n300 ]'],
  ['let', 'in with n1; n2'],
  ['let {', '}'],
] as const;

type Frame = (typeof frames)[number];

/** A binding `n` with uses of the names `x` and `y`. */
const forms: readonly ((n: string, x: string, y: string) => string)[] = [
  (n, x, y) => `${n} = ${x} ${y};`,
  (n, x) => `${n} = with ${x}; ${n};`,
  (n, x, y) => `${n}.a.b = ${x} - ${y};`,
  (n, x) => `${n} = { p = ${x}; q = p; };`,
  (n, x) => `${n} = rec { p = ${x}; q = p; };`,
  (n, x, y) => `${n}.c = x: { a ? ${x} }: x a ${y};`,
  (n) => `inherit ${n};`,
  (n, x) => `inherit (${x}) ${n} ${n}x;`,
];

/** Forms that are rare in a text. */
const rareForms: typeof forms = [
  ...forms,
  (_, x, y) => `\${${x}} = ${y};`,
  (n, x, y) => `"${n}\${${x}}".b = ${y};`,
  (n, x) => `${n} = { a = ${x}; a = 1; };`,
  (n, x) => `${n} = ${x}; inherit \${${x}};`,
];

const name = fc.oneof(
  { weight: 9, arbitrary: fc.nat(400).map((i) => `n${i}`) },
  { weight: 1, arbitrary: fc.constantFrom('g0', 'g1', 'u0', 'u1') },
);

/** Bindings with names of their own, so that none is defined twice. */
const someBindings = fc.array(fc.tuple(fc.nat(forms.length - 1), name, name), {
  minLength: longOwner,
  maxLength: longOwner + 150,
  size: 'max',
});

const anyEdits = fc.array(
  fc.record({
    at: fc.nat(longOwner - 1),
    remove: fc.oneof(fc.constant(0), fc.constant(1), fc.nat(150)),
    // Names that others have as well, or none of the others.
    insert: fc.array(
      fc.tuple(
        fc.oneof(name, fc.constant('fresh')),
        fc.oneof(
          { weight: 8, arbitrary: fc.nat(forms.length - 1) },
          { weight: 1, arbitrary: fc.nat(rareForms.length - 1) },
        ),
        name,
        name,
      ),
      { maxLength: 2 },
    ),
    frame: fc.option(fc.constantFrom(...frames), { freq: 8 }),
  }),
  { minLength: 1, maxLength: 6 },
);

function textOf([open, close]: Frame, bindings: readonly string[]): string {
  return `${open}\n${bindings.join('\n')}\n${close}`;
}

/** The free names of a list of bindings, merged all at once. */
function plainFreeNames(node: BindingOwner): FreeNames {
  const group = mergeBindings(node);
  const ofBindings = freeNamesOfGroup(group);
  if (node.kind !== Kind.Let) return ofBindings;
  const body = freeNames(node.body);
  const both = (list: 'lexical' | 'dynamic'): string[] => [
    ...new Set([...body[list].filter((each) => !group.entries.has(each)), ...ofBindings[list]]),
  ];
  return {
    lexical: both('lexical'),
    dynamic: both('dynamic'),
    faulty: body.faulty || ofBindings.faulty,
  };
}

function assertTheLaw(parsed: ParsedFile): void {
  const fresh = parse(parsed.text);
  const plain = plainFreeNames(fresh.root as BindingOwner);
  assert.deepEqual(freeNames(parsed.root), plain);
  assert.deepEqual(freeNames(fresh.root), plain);
  const errors = staticErrors(parsed, globals);
  assert.deepEqual(errors, staticErrors(fresh, globals));
  assert.equal(errors.length > 0, plain.faulty || plain.lexical.some((each) => !globals.has(each)));
}

const keptSummary = freeNames(parse('1').root);

/** The blocks of a root, with summaries of which the names are all that counts. */
function allBlocks({ root }: ParsedFile): BindingBlocks {
  return blocksOf(root as BindingOwner, (group) => ({
    defined: [...group.entries.keys()],
    faulty: false,
    outer: keptSummary,
    inner: [keptSummary, keptSummary, keptSummary],
  }));
}

function blocks(parsed: ParsedFile): readonly BindingBlock[] {
  return allBlocks(parsed).blocks;
}

function manyBindings(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `n${i} = n${i + 1};`);
}

function edited(parsed: ParsedFile, text: string): ParsedFile {
  return reparse(parsed, editBetween(parsed.text, text)).parsed;
}

describe('blocks of bindings', function () {
  this.timeout(120_000);

  it('give what all bindings at once give, after any edits', () => {
    fc.assert(
      fc.property(someBindings, fc.constantFrom(...frames), anyEdits, (some, first, edits) => {
        const bindings = some.map(([form, x, y], i) => forms[form]!(`n${i}`, x, y));
        let frame: Frame = first;
        let parsed = parse(textOf(frame, bindings));
        assertTheLaw(parsed);
        for (const { at, remove, insert, frame: next } of edits) {
          frame = next ?? frame;
          const added = insert.map(([n, form, x, y]) => rareForms[form]!(n, x, y));
          bindings.splice(at, remove, ...added);
          parsed = edited(parsed, textOf(frame, bindings));
          assertTheLaw(parsed);
        }
      }),
      seeded(40),
    );
  });

  for (const [what, before, after] of [
    ['a name defined twice', 'n1 = 1;', 'n600 = 1;'],
    ['a path that another one continues', 'x = 1;', 'n600.a = u0;'],
    ['a recursive set that another one continues', 'x = 1;', 'q = rec { p = 1; };'],
    ['a dynamic name', 'x = 1;', '${u0} = 1;'],
    ['a name that others use', 'n1 = 1;', 'x = 1;'],
  ] as const) {
    it(`follow an edit: ${what}`, () => {
      const others = [...manyBindings(700).slice(2), 'q.z = p;', 'n700 = 1;'];
      for (const frame of frames) {
        let parsed = parse(textOf(frame, [before, ...others]));
        assertTheLaw(parsed);
        const first = staticErrors(parsed, globals);
        parsed = edited(parsed, textOf(frame, [after, ...others]));
        assertTheLaw(parsed);
        parsed = edited(parsed, textOf(frame, [before, ...others]));
        assertTheLaw(parsed);
        assert.deepEqual(staticErrors(parsed, globals), first);
      }
    });
  }

  it('stay the same where nothing was edited', () => {
    const bindings = manyBindings(5000);
    const before = parse(textOf(frames[1], bindings));
    const known = new Set(blocks(before));
    bindings[2500] = 'n2500 = [ ];';
    const after = edited(before, textOf(frames[1], bindings));
    assert.equal(blocks(after).filter((block) => !known.has(block)).length, 1);
    // Nor does it matter that the node before the edit is asked again.
    assert.deepEqual(new Set(blocks(before)), known);
  });

  it('stay long while bindings are added', () => {
    const bindings = manyBindings(1000);
    let parsed = parse(textOf(frames[0], bindings));
    const count = blocks(parsed).length;
    for (let i = 0; i < 200; i++) {
      bindings.splice(300 + (i % 7), 0, `m${i} = 1;`);
      parsed = edited(parsed, textOf(frames[0], bindings));
      blocks(parsed);
    }
    assert.ok(blocks(parsed).length <= count + 4, `${blocks(parsed).length} instead of ${count}`);
  });

  it('are apart again when no name is in two of them any more', () => {
    const bindings = manyBindings(400);
    let parsed = parse(textOf(frames[0], bindings));
    assert.ok(allBlocks(parsed).areApart);
    for (const [text, areApart] of [
      ['n399 = 1;', false],
      ['inherit n398 n399;', false],
      ['n0 = 1;', true],
    ] as const) {
      parsed = edited(parsed, textOf(frames[0], [text, ...bindings.slice(1)]));
      assert.equal(allBlocks(parsed).areApart, areApart, text);
    }
  });

  it('are the same for no other owner', () => {
    const bindings = ['${g0} = 1;', ...manyBindings(400)];
    let parsed = parse(textOf(frames[0], bindings));
    assertTheLaw(parsed);
    for (const frame of [...frames.slice(1), ...frames]) {
      parsed = edited(parsed, textOf(frame, bindings));
      assertTheLaw(parsed);
    }
  });
});
