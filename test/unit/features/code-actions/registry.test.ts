import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { codeActionsAt } from '../../../../server/src/features/code-actions/registry';
import { applyEdits } from '../../../../server/src/features/text-edit';
import { parse } from '../../../../server/src/syntax/parse';
import { everyAction, problemOfEdits } from '../../../kit/every-action';
import { seeded } from '../../../kit/seed';
import { actionsIn, titlesIn } from '../../../kit/code-actions';
import { anyText } from '../../syntax/random-texts';

const request = {
  problems: [],
  ignored: [],
  wants: (kind: string): boolean => !kind.startsWith('source.'),
  hasFile: (): boolean => false,
};

describe('all code actions', () => {
  it('give edits that fit, and a text that parses, for any text', () => {
    const check = (text: string): void => {
      const parsed = parse(text);
      const isBroken = parsed.errors.length > 0;
      for (const { action } of everyAction(parsed)) {
        strictEqual(problemOfEdits(action, text), undefined, action.title);
        const { errors } = parse(applyEdits(text, action.edits));
        ok(isBroken || errors.length === 0, `${action.title} makes ${errors[0]?.message}`);
      }
    };
    fc.assert(fc.property(anyText, check), seeded(200));
  });

  it('are none in white space, and in texts with syntax errors but for fixes', () => {
    deepStrictEqual(titlesIn('{ a = 1;| }'), []);
    deepStrictEqual(titlesIn('| { a = 1; }'), []);
    deepStrictEqual(titlesIn('{ a|.b = 1; c = ; }'), []);
  });

  it('offer files only where they can be made', () => {
    const text = 'f: f [\n  1\n]';
    const selection = { start: 5, end: text.length };
    const titles = (hasFile?: () => boolean): string[] =>
      codeActionsAt(parse(text), {
        ...request,
        selection,
        hasFile: undefined!,
        ...(hasFile && { hasFile }),
      }).map(({ title }) => title);
    deepStrictEqual(titles(), ["Extract to 'value' in a 'let'"]);
    deepStrictEqual(
      titles(() => false),
      ["Extract to 'value' in a 'let'", "Extract to the file 'value.nix'"],
    );
  });

  it('write what a file needs as its arguments', () => {
    const { offered } = actionsIn(
      'lib: with lib; rec { a = «selection:{\n  b = lib.c a;\n  d = map;\n}»; }',
      ['a.nix'],
    );
    const action = offered.find(({ newFile }) => newFile !== undefined)!;
    deepStrictEqual(action.newFile, {
      name: 'a-2.nix',
      text: '{ lib, a }:\n\n{\n  b = lib.c a;\n  d = map;\n}\n',
    });
    strictEqual(action.edits[0]!.text, 'import ./a-2.nix { inherit lib a; }');
    // Each name below could come from either of the two.
    const both = actionsIn('a: b: with a; f «selection:(with b; c)»').offered;
    ok(!both.some(({ newFile }) => newFile !== undefined));
    const twice = actionsIn('a: b: with a; f «selection:(g (with b; c) b c)»').offered;
    ok(!twice.some(({ newFile }) => newFile !== undefined));
    const inner = actionsIn('b: f «selection:[ (with b; c) ]»').offered;
    strictEqual(inner.find(({ newFile }) => newFile)!.newFile!.text, '{ b }:\n\n[ (with b; c) ]\n');
  });

  it('take long chains, and refuse what nests very deep', () => {
    const chain = Array(40000).fill('a').join(' + ');
    const at = (text: string, start: number, end = start) =>
      codeActionsAt(parse(text), { ...request, selection: { start, end } }).map(({ title }) => title);
    deepStrictEqual(at(`let a = 1; in ${chain}`, 4), ["Quote 'a'"]);
    ok(at(`x: with x; ${chain}`, 3).includes("Convert to 'let inherit (x) …'"));
    deepStrictEqual(at(`x: f (${chain}) 1`, 5, 7 + chain.length), ["Extract to 'value' in a 'let'"]);
    deepStrictEqual(at(`let a = 1; in ${'['.repeat(9000)}a${']'.repeat(9000)}`, 4), []);
  });
});
