import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { acted, actionsIn } from '../../../kit/code-actions';

const added = (text: string): string | undefined => acted(text, /^Add 'y'/);

const titlesIn = (text: string): string[] =>
  actionsIn(text)
    .offered.filter(({ kind }) => kind === 'quickfix')
    .map(({ title }) => title);

describe('fixes of an undefined variable', () => {
  it('add an argument to the innermost function that names them', () => {
    strictEqual(added('{ a }: a + y|'), '{ a, y }: a + y');
    strictEqual(added('{ a ? 1, ... }: |y'), '{ a ? 1, y, ... }: y');
    strictEqual(added('{ }: y|'), '{ y }: y');
    strictEqual(added('{}: y|'), '{ y }: y');
    strictEqual(added('{ ... }: y|'), '{ y, ... }: y');
    strictEqual(added('{ b }: { a }: (x: y|)'), '{ b }: { a, y }: (x: y)');
    strictEqual(added('{ a }: { inherit y|; }'), '{ a, y }: { inherit y; }');
    strictEqual(added('x: y|'), undefined);
  });

  it('follow the layout of the arguments', () => {
    strictEqual(added('{\n  a,\n  b,\n}:\ny|'), '{\n  a,\n  b,\n  y,\n}:\ny');
    strictEqual(added('{\n  a,\n  ...\n}:\ny|'), '{\n  a,\n  y,\n  ...\n}:\ny');
    strictEqual(added('{ a\n, b\n}:\ny|'), '{ a\n, b\n, y\n}:\ny');
    strictEqual(added('{ a\n, b # c\n, ...\n}:\ny|'), '{ a\n, b\n, y # c\n, ...\n}:\ny');
  });

  it('take a name that is written almost like it, or the builtin', () => {
    strictEqual(acted('let abc = 1; in abx|', /^Replace by 'abc'/), 'let abc = 1; in abc');
    strictEqual(acted("foldl|' 1", /^Replace by 'builtins/), "builtins.foldl' 1");
    deepStrictEqual(titlesIn('let builtins = 1; in add|'), ["Replace by '__add'"]);
    deepStrictEqual(titlesIn('add|'), ["Replace by 'builtins.add'"]);
    deepStrictEqual(titlesIn('let abc = 1; in { inherit abx|; }'), []);
  });

  it('say what they mend, and which is the best', () => {
    const { offered } = actionsIn('{ abc }: abx|');
    deepStrictEqual(
      offered.map(({ title, fixes, isPreferred }) => ({ title, fixes, isPreferred })),
      [
        { title: "Replace by 'abc'", fixes: ['undefined-variable'], isPreferred: true },
        {
          title: "Add 'abx' to the arguments of the function",
          fixes: ['undefined-variable'],
          isPreferred: undefined,
        },
      ],
    );
  });

  it('are none for what is defined', () => {
    deepStrictEqual(titlesIn('{ y }: y|'), []);
    deepStrictEqual(titlesIn('{ a }: with a; y|'), []);
  });
});
