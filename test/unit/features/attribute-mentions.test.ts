import { deepStrictEqual } from 'node:assert/strict';
import { attributeMentions } from '../../../server/src/features/attribute-mentions';
import { parse } from '../../../server/src/syntax/parse';

/** The text with a bar before each mention of `a`. */
function marked(text: string): string {
  const bare = text.replaceAll('|', '');
  const starts = attributeMentions(parse(bare), 'a');
  return starts.reduceRight((marks, at) => `${marks.slice(0, at)}|${marks.slice(at)}`, bare);
}

function check(text: string): void {
  deepStrictEqual(marked(text), text);
}

describe('mentions of an attribute', () => {
  it('are names in paths, also in quotes and computed ones', () => {
    check('{ |a.b = 1; b.|a = x.|a.b.|a or a; c = x ? |a; |"a" = 1; ${a} = 2; |${"a"} = 3; }');
  });

  it('are formals and what is inherited', () => {
    check('{ |a, b ? a, ... }@c: { inherit |a; inherit (a) |a b; }');
  });

  it('are strings of their own, and no parts of others', () => {
    check('[ |"a" "ab" "a${b}" ("${|"a"}b") |\'\'a\'\' ] # a');
  });

  it('are neither variables nor what a let binds', () => {
    check('let a = 1; a.b = 2; inherit a; inherit (c) a; in a: a + { |a = a; }.|a');
    check('let { |a = 1; body = a; }');
  });
});
