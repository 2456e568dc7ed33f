// Documentation comments of what a name means, and where it is defined.
import assert from 'node:assert/strict';
import type { ValueReport } from '../../../server/src/evaluator/service';
import { LiveTest } from '../../kit/live';

function hovered(files: Readonly<Record<string, string>>): ValueReport {
  const test = new LiveTest();
  for (const [name, text] of Object.entries(files)) test.open(name, text);
  const name = Object.keys(files).at(-1)!;
  return test.hover(name)!;
}

describe('documentation of a hover', () => {
  const lib = {
    'lib.nix': [
      '{',
      '  /** The answer. */',
      '  answer = 6 * 7;',
      '  # Not documentation.',
      '  plain = 1;',
      '  /** Adds.',
      '',
      '      # Examples {#anchor}',
      '      :::{.example}',
      '      ## Sum',
      '      :::',
      '  */',
      '  add = a: b: a + b;',
      '  /** Joins. */',
      '  join = builtins.concatStringsSep ",";',
      '}',
    ].join('\n'),
  };

  it('is that of the attribute, of whatever value', () => {
    const report = hovered({ ...lib, 'file.nix': '(import ./lib.nix).|answer' });
    assert.equal(report.details, 'The answer.');
    assert.match(report.definition!.path, /lib\.nix$/);
    assert.deepEqual(report.definition!.range.start, { line: 2, character: 2 });
  });

  it('is that of an inherited attribute', () => {
    const report = hovered({ ...lib, 'file.nix': 'let inherit (import ./lib.nix) |answer; in answer' });
    assert.equal(report.details, 'The answer.');
  });

  it('is that of the definition, not of the builtin that it is made from', () => {
    assert.equal(hovered({ ...lib, 'file.nix': '(import ./lib.nix).|join' }).details, 'Joins.');
    assert.match(hovered({ 'file.nix': 'builtins.|head' }).details!, /since Nix/);
  });

  it('is that of the binding of a variable, and of the name of a binding', () => {
    assert.equal(hovered({ 'file.nix': 'let /** One. */ x = 1; in [ |x ]' }).details, 'One.');
    assert.equal(hovered({ 'file.nix': 'let /** One. */ |x = 1; in [ x ]' }).details, 'One.');
    assert.equal(hovered({ 'file.nix': '{ /** One. */ |x = 1; }' }).details, 'One.');
  });

  it('is no comment of another kind where the value is no function', () => {
    assert.equal(hovered({ ...lib, 'file.nix': '(import ./lib.nix).|plain' }).details, undefined);
    assert.equal(hovered({ 'file.nix': 'let /** One. */ x = 1; in x |+ 1' }).details, undefined);
  });

  it('has no marks that only the tools of the manual know, and says each thing once', () => {
    const { details } = hovered({ ...lib, 'file.nix': '(import ./lib.nix).|add' });
    assert.equal(details, 'Adds.\n\n# Examples\n## Sum');
  });
});
