// Expressions that need no others: literals at the borders of what they can be.
import { listOf, loose, negate, simple, attributeName, quoted, type Code, Level } from './code';
import type { Expressions } from './expressions';
import type { Type } from './types';

const integers = ['0', '1', '2', '3', '7', '10', '42', '255', '007'];

/** Where 64 bits, 53 bits or 32 bits end. */
const largeIntegers = [
  '9223372036854775807',
  '9223372036854775806',
  '4611686018427387904',
  '3037000500',
  '9007199254740993',
  '9007199254740992',
  '4294967296',
  '2147483648',
];

const floats = [
  '0.0',
  '0.5',
  '1.0',
  '1.5',
  '2.25',
  '.5',
  '10.0',
  '1.0e3',
  '3.14',
  '100000.0',
  '0.1',
  '7.0e-3',
];
const largeFloats = [
  '1.0e15',
  '9007199254740992.0',
  '9223372036854775808.0',
  '1.0e308',
  '123456.789',
  '1.0e-7',
];

const strings = [
  '',
  'a',
  'b',
  'ab',
  'abc',
  'x-1.2',
  'a/b',
  '/a/b',
  'foo.bar',
  '1',
  '1.10',
  'ä',
  ' ',
  'A b',
  'a.b.c',
];

const stringLiterals = [
  '"\\n\\t\\r\\"\\\\"',
  '"\\${a}"',
  '"$${a}"',
  '"$"',
  '"a$"',
  '"\\a\\ "',
  "''''",
  "''two''",
  "''\n  in\n    side\n  ''",
  "''\n  a\n\n b''",
  "''  ''${x} ''' $$ ''\\n ''",
  "''\n\ttab\n  ''",
  "'' $${a} ''$ ''",
  "''\\n''",
  '"two\nlines"',
  // Many characters would belong to a URI, so it does not meet others.
  '(a:b)',
  '(http://example.org/x?y=1)',
  // Relative paths and those with interpolations, of which only what does not depend on the folder shows.
  '(baseNameOf ./x.nix)',
  '(baseNameOf (./a + "/../b"))',
  '(baseNameOf ./a/${"b"}-c)',
  '(toString /a/${"b"}/../c${"d"})',
  '(builtins.typeOf ../x)',
];

const truths = [
  '(./a/../b == ./b)',
  '(./. == ./a/..)',
  '(./a < ./b)',
  '(/a/${"b"} == /a/b)',
  '(1 == 1.0)',
  '(null == { })',
];

const paths = ['/a', '/a/b', '/a/b/../c', '/a.b/c-d', '/a/./b'];

const patterns = ['q: q', '_: _', 'q: 7'];

/** The smallest expressions of a type. */
export function leaf(e: Expressions, type: Type): Code {
  const { choice } = e;
  switch (type.kind) {
    case 'int':
      return integer(e);
    case 'float':
      return maybeNegative(e, simple(choice.pick(choice.oneIn(6) ? largeFloats : floats)));
    case 'bool':
      return simple(choice.oneIn(40) ? choice.pick(truths) : choice.pick(['true', 'false']));
    case 'string':
      return simple(choice.oneIn(4) ? choice.pick(stringLiterals) : quoted(choice.pick(strings)));
    case 'null':
      return simple('null');
    case 'path':
      return simple(choice.pick(paths));
    case 'list':
      return listOf(Array.from({ length: choice.below(4) }, () => leaf(e, type.of)));
    case 'set': {
      const bindings = Object.entries(type.attributes).map(
        ([name, of]) => `${attributeName(name)} = ${leaf(e, of).text}; `,
      );
      return simple(`{ ${choice.shuffled(bindings).join('')}}`);
    }
    case 'function':
      return functionLeaf(e, type.from, type.to);
  }
}

function integer(e: Expressions): Code {
  const { choice } = e;
  if (choice.oneIn(40)) return { text: '-9223372036854775807 - 1', level: Level.Sum };
  return maybeNegative(e, simple(choice.pick(choice.oneIn(8) ? largeIntegers : integers)));
}

function maybeNegative(e: Expressions, code: Code): Code {
  return e.choice.oneIn(6) ? negate(code) : code;
}

function functionLeaf(e: Expressions, from: Type, to: Type): Code {
  const { choice } = e;
  if (from.kind === to.kind && from.kind === 'int' && choice.oneIn(2)) return loose(choice.pick(patterns));
  if (to.kind === 'string' && choice.oneIn(4)) return simple(choice.pick(['toString', 'builtins.typeOf']));
  if (to.kind === 'function' && to.to.kind === 'int' && from.kind === 'int' && choice.oneIn(2)) {
    return simple(choice.pick(['builtins.add', 'builtins.sub', 'builtins.mul', 'builtins.bitAnd', '__sub']));
  }
  return constant(e, to);
}

function constant(e: Expressions, to: Type): Code {
  return loose(`${e.choice.pick(['_', 'q', 'x'])}: ${leaf(e, to).text}`);
}
