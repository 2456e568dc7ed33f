// Versions and names of packages.
import assert from 'node:assert/strict';
import { evaluate } from './support';

describe('builtins of versions', () => {
  it('order versions', () => {
    const ascending = ['', '1.0pre1', '1.0', '1.0.1', '1.2a', '1.2.1', '1.10', '2'];
    ascending.forEach((older, i) => {
      ascending.forEach((newer, j) => {
        const expected = i < j ? '-1' : i > j ? '1' : '0';
        assert.equal(
          evaluate(`builtins.compareVersions "${older}" "${newer}"`),
          expected,
          `${older} ${newer}`,
        );
      });
    });
  });

  it('take numbers that no int holds for words', () => {
    assert.equal(evaluate('builtins.compareVersions "99999999999" "1"'), '-1');
    assert.equal(evaluate('builtins.compareVersions "2147483647" "1"'), '1');
  });

  it('see separators only between components', () => {
    assert.equal(evaluate('builtins.splitVersion "..1.-2a3."'), '[ "1" "2" "a" "3" ]');
    assert.equal(evaluate('builtins.compareVersions "1-2" "1.2"'), '0');
  });

  it('split names at the first dash without a letter behind', () => {
    assert.equal(evaluate('builtins.parseDrvName "a-b-1-c"'), '{ name = "a-b"; version = "1-c"; }');
    assert.equal(evaluate('builtins.parseDrvName "a-"'), '{ name = "a-"; version = ""; }');
    assert.equal(evaluate('builtins.parseDrvName "a--b"'), '{ name = "a"; version = "-b"; }');
  });
});
