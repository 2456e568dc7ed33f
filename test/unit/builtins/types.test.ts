// typeOf, the predicates, functionArgs.
import assert from 'node:assert/strict';
import { evaluate, messageOf } from './support';

describe('builtins about types', () => {
  it('name the type of every kind of value', () => {
    assert.equal(
      evaluate('map builtins.typeOf [ null true 1 1.5 "" /a [ ] { } (x: x) map (map map) ]'),
      '[ "null" "bool" "int" "float" "string" "path" "list" "set" "lambda" "lambda" "lambda" ]',
    );
  });

  it('see a string with context as a string', () => {
    const withContext =
      '(builtins.appendContext "a" { "/nix/store/00000000000000000000000000000000-a" = { path = true; }; })';
    assert.equal(
      evaluate(`[ (builtins.isString ${withContext}) (builtins.typeOf ${withContext}) ]`),
      '[ true "string" ]',
    );
  });

  it('do not see a set with __functor as a function', () => {
    assert.equal(evaluate('builtins.isFunction { __functor = self: x: x; }'), 'false');
    assert.equal(
      messageOf('builtins.functionArgs { __functor = self: x: x; }'),
      "'functionArgs' requires a function",
    );
  });

  it('give the formals sorted, with whether they have defaults', () => {
    assert.equal(
      evaluate('builtins.functionArgs ({ z, a ? throw "x", m ? z, ... }@args: 1)'),
      '{ a = true; m = true; z = false; }',
    );
    assert.equal(
      evaluate('map (f: builtins.functionArgs f == { }) [ (x: x) map ({ }: 1) ]'),
      '[ true true true ]',
    );
  });
});
