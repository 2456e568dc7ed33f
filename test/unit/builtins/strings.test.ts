// Bytes, offsets, contexts, laziness of replacements.
import assert from 'node:assert/strict';
import { evaluate, messageOf, traceOf } from './support';

const withContext =
  '(builtins.appendContext "ctx" { "/nix/store/00000000000000000000000000000000-a" = { path = true; }; })';

describe('builtins of strings', () => {
  it('count bytes', () => {
    assert.equal(evaluate('builtins.stringLength "aä€"'), '6');
    assert.equal(evaluate('builtins.substring 1 2 "aäb"'), '"ä"');
  });

  it('cut any part', () => {
    assert.equal(evaluate('builtins.substring 9223372036854775807 1 "abc"'), '""');
    assert.equal(evaluate('builtins.substring 1 9223372036854775807 "abc"'), '"bc"');
    assert.equal(evaluate('builtins.substring 1 (-9223372036854775807) "abc"'), '"bc"');
    assert.equal(
      messageOf('builtins.substring (-1) (throw "length") "abc"'),
      "negative start position in 'substring'",
    );
  });

  it('keep contexts', () => {
    const has = (expression: string) => evaluate(`builtins.hasContext (${expression})`);
    assert.equal(has(`builtins.substring 0 0 ${withContext}`), 'true');
    assert.equal(has(`builtins.concatStringsSep ${withContext} [ ]`), 'true');
    assert.equal(has(`builtins.concatStringsSep "," [ "a" ${withContext} ]`), 'true');
    assert.equal(has(`builtins.replaceStrings [ "a" ] [ ${withContext} ] "b"`), 'false');
    assert.equal(has(`builtins.replaceStrings [ "a" ] [ ${withContext} ] "a"`), 'true');
    assert.equal(has(`builtins.replaceStrings [ ${withContext} ] [ "a" ] "b"`), 'false');
    assert.equal(has(`baseNameOf ${withContext}`), 'true');
  });

  it('evaluate a replacement where it is needed', () => {
    assert.equal(evaluate('builtins.replaceStrings [ "a" "b" ] [ "1" (throw "x") ] "aca"'), '"1c1"');
    assert.equal(messageOf('builtins.replaceStrings [ "a" ] [ (throw "x") ] "a"'), 'x');
    assert.equal(evaluate('builtins.replaceStrings [ "" ] [ "-" ] "ab"'), '"-a-b-"');
    assert.equal(evaluate('builtins.replaceStrings [ "" "a" ] [ "-" (throw "never") ] "ab"'), '"-a-b-"');
  });

  it('say what they were doing', () => {
    assert.deepEqual(traceOf('builtins.concatStringsSep "," [ "a" 1 ]'), [
      "while calling the 'concatStringsSep' builtin",
      'while evaluating one element of the list of strings to concat passed to builtins.concatStringsSep',
      'cannot coerce an integer to a string: 1',
    ]);
    assert.equal(
      messageOf('builtins.replaceStrings [ "a" ] [ ] "a"'),
      "'from' and 'to' arguments passed to builtins.replaceStrings have different lengths",
    );
  });

  it('end in an error where a string would be too long', () => {
    const doubled = (times: number) =>
      `builtins.stringLength (builtins.foldl' (s: i: builtins.replaceStrings [ "a" ] [ "aa" ] s) "a" (builtins.genList (i: i) ${times}))`;
    assert.equal(evaluate(doubled(10)), '1024');
    const joined =
      'builtins.foldl\' (s: i: builtins.concatStringsSep s [ "" "" "" ]) "a" (builtins.genList (i: i) 60)';
    assert.match(messageOf(`builtins.stringLength (${joined})`), /too large|too long/);
  });

  it('split paths as C++ Nix does', () => {
    assert.equal(evaluate('map baseNameOf [ "" "/" "//" "a//" "/a/b/" ]'), '[ "" "" "" "" "b" ]');
    assert.equal(evaluate('map dirOf [ "" "/" "a" "/a" "a/b/" ]'), '[ "." "/" "." "/" "a/b" ]');
  });
});
