import { deepStrictEqual } from 'node:assert/strict';
import { decodeUtf8 } from '../../../../server/src/base/bytes';
import type { SimilarNames } from '../../../../server/src/base/suggestions';
import { codeActionsAt } from '../../../../server/src/features/code-actions/registry';
import { applyEdits } from '../../../../server/src/features/text-edit';
import { parse } from '../../../../server/src/syntax/parse';
import { fixture } from '../../../kit/fixture';

/** The titles of the fixes of a problem in a marked range, each with the text that it makes. */
function fixes(marked: string, similar: SimilarNames): [string, string][] {
  const { text, ranges } = fixture(marked);
  const selection = ranges.get('problem')!;
  const problems = [{ code: 'missing-attribute', range: selection, similar }];
  const request = { selection, problems, ignored: [], wants: (kind: string) => kind === 'quickfix' };
  return codeActionsAt(parse(text), request).map(({ title, edits }) => [
    title,
    decodeUtf8(applyEdits(text, edits)),
  ]);
}

const enabel = { name: 'enabel', candidates: ['enable'] };

describe('fixes of a name that is the name of nothing', () => {
  it('replace it where it is selected, bound or asked for', () => {
    const replaced = "Replace by 'enable'";
    deepStrictEqual(fixes('x: «problem:x.web.enabel» + 1', enabel), [[replaced, 'x: x.web.enable + 1']]);
    deepStrictEqual(fixes('x: x.web.«problem:enabel»', enabel), [[replaced, 'x: x.web.enable']]);
    deepStrictEqual(fixes('f: «problem:f { enabel = 1; }»', enabel), [[replaced, 'f: f { enable = 1; }']]);
    deepStrictEqual(fixes('{ web.«problem:"enabel"».a = 1; }', enabel), [
      [replaced, '{ web.enable.a = 1; }'],
    ]);
  });

  it('are one for each candidate, written as names have to be', () => {
    deepStrictEqual(fixes('x: «problem:x.ifs»', { name: 'ifs', candidates: ['if', 'ifd', 'i s'] }), [
      ["Replace by 'if'", 'x: x."if"'],
      ["Replace by 'ifd'", 'x: x.ifd'],
      ["Replace by 'i s'", 'x: x."i s"'],
    ]);
  });

  it('are none where the name is not in the range, or more than once', () => {
    deepStrictEqual(fixes('x: «problem:x.web» + x.enabel', enabel), []);
    deepStrictEqual(fixes('enabel: «problem:enabel.a»', enabel), []);
    deepStrictEqual(fixes('x: «problem:x.enabel.enabel»', enabel), []);
  });
});
