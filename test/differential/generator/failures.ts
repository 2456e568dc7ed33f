// Expressions that fail, so that errors are compared, too.
import { binary, call, listOf, loose, quoted, select, simple, type Code } from './code';
import type { Expressions } from './expressions';
import { bool, int, list, names, randomSet, set, string, type Type } from './types';

const messages = ['oops', 'a b', '', 'two\nlines', 'ünïcode', '"quoted"'];

/** Something in place of an expression of a type: it throws, has another type, or recurs without end. */
export function failure(e: Expressions, type: Type): Code {
  const { choice } = e;
  switch (choice.below(16)) {
    case 0:
    case 1:
      return call('throw', simple(quoted(choice.pick(messages))));
    case 2:
      return call('abort', simple(quoted(choice.pick(messages))));
    case 3:
      return loose(`assert ${e.code(bool).text}; assert false; ${e.code(type).text}`);
    case 4:
      return select(e.code(randomSet(choice)), choice.pick(['nope', 'a.b.nope', 'aa']));
    case 5:
      return infiniteRecursion(e);
    case 6:
      return binary(e.code(int), '/', simple('0'));
    case 7:
      return binary(simple('9223372036854775807'), choice.pick(['+', '*']), e.code(int));
    case 8:
      return call(e.code(e.randomType(0)), e.code(int));
    case 9:
      return wrongArgument(e);
    case 10:
      return badBuiltin(e);
    default:
      return e.code(e.randomType());
  }
}

function infiniteRecursion(e: Expressions): Code {
  const [name, other] = e.choice.some(names, 2) as [string, string];
  return e.choice.pick([
    loose(`let ${name} = ${name}; in ${name}`),
    loose(`let ${name} = ${other}; ${other} = ${name}; in ${name} + 1`),
    select(simple(`rec { ${name} = ${name} + 1; }`), name),
    loose(`let ${name} = { x = ${name}.x; }; in ${name}.x`),
  ]);
}

function wrongArgument(e: Expressions): Code {
  const pattern = e.choice.pick(['{ a }', '{ a, b ? a, c }', '{ }', '{ x, ... }', '{ value }']);
  const argument = e.choice.oneIn(4)
    ? e.code(int)
    : e.choice.oneIn(2)
      ? simple(e.choice.pick(['{ }', '{ a = 1; z = 2; }', '{ A = 1; }', '{ valeu = 1; }']))
      : e.code(set({ a: int }));
  return call(loose(`${pattern}: 1`), argument);
}

function badBuiltin(e: Expressions): Code {
  const { choice } = e;
  return choice.pick([
    () => call('builtins.head', listOf([])),
    () => call('builtins.tail', listOf([])),
    () => call('builtins.elemAt', e.code(list(int)), simple(choice.pick(['9', '(-1)']))),
    () => call('builtins.substring', simple('(-1)'), simple('2'), e.code(string)),
    () => call('builtins.fromJSON', simple(quoted(choice.pick(['', '{', '[1,]', 'nul', '{"a":1} x', '01'])))),
    () => call('builtins.getAttr', simple('"nope"'), e.code(randomSet(choice))),
    () => call('builtins.genList', loose('x: x'), simple('(-1)')),
    () => call('builtins.replaceStrings', simple('[ "a" ]'), simple('[ ]'), e.code(string)),
    () => call('builtins.listToAttrs', simple('[ { name = "a"; } ]')),
    () => call('builtins.genericClosure', simple('{ startSet = [ { } ]; operator = x: [ ]; }')),
    () => call('builtins.sort', simple('builtins.lessThan'), simple('[ 1 "a" ]')),
    () => call('builtins.hashString', simple('"md6"'), e.code(string)),
    () => call("builtins.foldl'", e.code(int), e.code(int), simple('[ 1 ]')),
    () => call('builtins.concatStringsSep', simple('","'), simple('[ 1 ]')),
    () => call('toString', loose('x: x')),
    () => call('builtins.functionArgs', e.code(int)),
    () => call('builtins.match', simple('"["'), simple('""')),
  ])();
}
