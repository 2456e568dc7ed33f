// POSIX syntax, the groups of C++ Nix, and time.
import assert from 'node:assert/strict';
import { Matcher } from '../../../server/src/builtins/posix-regex/matcher';
import { translate } from '../../../server/src/builtins/posix-regex/native';
import { compile } from '../../../server/src/builtins/posix-regex/program';
import { parsePattern } from '../../../server/src/builtins/posix-regex/syntax';
import { evaluate, messageOf } from './support';

function match(pattern: string, text: string): string {
  return evaluate(`builtins.match ${JSON.stringify(pattern)} ${JSON.stringify(text)}`);
}

function split(pattern: string, text: string): string {
  return evaluate(`builtins.split ${JSON.stringify(pattern)} ${JSON.stringify(text)}`);
}

describe('regular expressions', () => {
  it('give the groups of C++ Nix', () => {
    assert.equal(match('(a|ab)(c|bcd)(d*)', 'abcd'), '[ "a" "bcd" "" ]');
    assert.equal(match('(a*)*', 'aa'), '[ "" ]');
    assert.equal(match('((a)|b)*', 'ab'), '[ "b" "a" ]');
    assert.equal(match('(a)?b', 'b'), '[ null ]');
    assert.equal(match('(a){0}b', 'b'), '[ null ]');
    assert.equal(match('((a*)|b)*', 'aab'), '[ "" "" ]');
  });

  it('take the longest alternative, but never a shorter loop for it', () => {
    assert.equal(split('a|ab|abc', 'xabcx'), '[ "x" [ ] "x" ]');
    assert.equal(
      split('(a|ab)?(abcd)?', 'abcd'),
      '[ "" [ "ab" null ] "" [ null null ] "c" [ null null ] "d" [ null null ] "" ]',
    );
  });

  it('split at empty matches', () => {
    assert.equal(split('', 'ab'), '[ "" [ ] "a" [ ] "b" [ ] "" ]');
    assert.equal(split('b*', 'abbc'), '[ "" [ ] "a" [ ] "" [ ] "c" [ ] "" ]');
    assert.equal(split('^a', 'aab'), '[ "" [ ] "ab" ]');
  });

  it('read bracket expressions of POSIX', () => {
    for (const [pattern, text] of [
      ['[]a]+', ']a'],
      ['[^]a]', 'b'],
      ['[a-]+', '-a'],
      ['[\\n]+', '\\n'],
      ['[[:alpha:][:digit:]_]+', 'aZ0_'],
      ['[[.hyphen.]-0]+', '-./0'],
      ['[[=a=]]+', 'aA'],
      ['[--0]', '.'],
      ['[[:ALPHA:]]', 'a'],
    ] as const) {
      assert.equal(match(pattern, text), '[ ]', pattern);
    }
  });

  it('refuse what C++ Nix refuses', () => {
    for (const pattern of [
      '*a',
      'a|*',
      '(a',
      'a)',
      '[a',
      '[b-a]',
      '[[:no:]]',
      'a{2,1}',
      'a{,3}',
      '\\d',
      'a\\',
      '(?:a)',
      '^*',
      '[a-z-9]',
    ]) {
      assert.equal(
        messageOf(`builtins.match ${JSON.stringify(pattern)} "a"`),
        `invalid regular expression '${pattern}'`,
      );
    }
    assert.equal(
      messageOf('builtins.match "a{1000000}" "a"'),
      "memory limit exceeded by regular expression 'a{1000000}'",
    );
  });

  it('match bytes', () => {
    assert.equal(match('..', 'ä'), '[ ]');
    assert.equal(match('(ä){2}', 'ää'), '[ "ä" ]');
    assert.equal(match('.', '\n'), '[ ]');
  });

  it('take steps in proportion to the text', () => {
    const stepsOf = (pattern: string, length: number, exact: boolean): number => {
      const matcher = new Matcher(compile(parsePattern(pattern)), 'a'.repeat(length), exact, () => undefined);
      assert.equal(exact ? matcher.matchAt(0) : matcher.search(0), undefined);
      return matcher.steps;
    };
    for (const pattern of ['(a*)*b', '(a|a)*b', '(a*)*(a*)*b', '((a+)+)+b', '(.*)(.*)(.*)(.*)b', '(a|b)*c']) {
      for (const exact of [true, false]) {
        const [short, middle, long] = [1000, 2000, 3000].map((length) => stepsOf(pattern, length, exact));
        assert.ok(short! > 0, pattern);
        assert.equal(long! - middle!, middle! - short!, pattern);
      }
    }
  });

  it('of any pattern can be had for long texts', function () {
    this.timeout(120_000);
    const many = (expression: string) =>
      expression.replace('MANY', '(builtins.concatStringsSep "" (builtins.genList (i: "a") 100000))');
    for (const pattern of ['(a*)*b', '(a|a)*b', '(a*)*(a*)*b', '((a+)+)+b', '(.*)(.*)(.*)(.*)b']) {
      assert.equal(evaluate(many(`builtins.match "${pattern}" MANY`)), 'null', pattern);
    }
    assert.equal(evaluate(many('builtins.length (builtins.split "(a|b)*c" MANY)')), '1');
  });

  it('give with RegExp what they give without', () => {
    for (const pattern of [
      'a+(b)?',
      '([ab]+)-([0-9]*)',
      'a|(b)|ab',
      '(a{2}|b)(.*)',
      '(a){1,3}b?',
      '^a(b*)$',
    ]) {
      const parsed = parsePattern(pattern);
      const native = translate(parsed);
      assert.ok(native, pattern);
      for (const text of ['', 'a', 'b', 'ab', 'aab', 'aaab', 'abb', 'ab-12', 'aa-', 'abc', 'aaaa']) {
        const found = new Matcher(compile(parsed), text, true, () => undefined).matchAt(0);
        const groups =
          found &&
          Array.from({ length: found.length / 2 }, (_, i) =>
            found[2 * i]! < 0 ? undefined : text.slice(found[2 * i], found[2 * i + 1]),
          );
        assert.deepEqual(native.whole.exec(text)?.slice(), groups, `${pattern} on ${text}`);
      }
    }
  });
});
