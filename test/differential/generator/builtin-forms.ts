// Calls of the pure builtins, each for the types that it can give.
import { call, listOf, loose, quoted, select, simple, type Code } from './code';
import type { Expressions, Form } from './expressions';
import { stringLike } from './string-forms';
import {
  bool,
  float,
  func,
  int,
  list,
  names,
  nothing,
  path,
  randomAttributeName,
  randomSet,
  set,
  string,
  type Type,
} from './types';

type Kind = Type['kind'];
type Of<K extends Kind> = Extract<Type, { kind: K }>;

/** A call of a builtin, under its short name where the global scope has one and chance wants it. */
function builtin(e: Expressions, name: string, ...args: readonly Code[]): Code {
  const bare = ['map', 'toString', 'removeAttrs', 'baseNameOf', 'dirOf', 'isNull', 'placeholder', 'fromTOML'];
  const short = bare.includes(name) ? name : `__${name}`;
  return call(e.choice.oneIn(4) ? short : `builtins.${name}`, ...args);
}

/** `name: body` for a function of one parameter that the body may use. */
function lambda(e: Expressions, from: Type, to: Type): Code {
  if (e.choice.oneIn(6)) return e.code(func(from, to));
  const [name] = e.choice.some(names, 1) as [string];
  return loose(`${name}: ${e.with({ name, type: from }).code(to).text}`);
}

function lambda2(e: Expressions, first: Type, second: Type, to: Type): Code {
  const [left, right] = e.choice.some(names, 2) as [string, string];
  const inner = e.with({ name: left, type: first }, { name: right, type: second });
  return loose(`${left}: ${right}: ${inner.code(to).text}`);
}

function text(e: Expressions, ...options: readonly string[]): Code {
  return e.choice.oneIn(3) ? e.code(string) : simple(quoted(e.choice.pick(options)));
}

function small(e: Expressions, limit = 6): Code {
  return e.choice.oneIn(6) ? e.code(int) : simple(String(e.choice.below(limit)));
}

function versionText(e: Expressions): Code {
  return text(e, '1.0', '1.0pre1', '2.3a', '1.10', '1-2', '', 'a', '1..2', 'hello-2.10', 'x-1a', '-1');
}

function nameValues(e: Expressions, of: Type): Code {
  const names_ = Array.from({ length: e.choice.below(4) }, () => randomAttributeName(e.choice));
  return listOf(names_.map((name) => simple(`{ name = ${quoted(name)}; value = ${e.code(of).text}; }`)));
}

const ints: readonly ((e: Expressions) => Code)[] = [
  (e) => builtin(e, 'length', e.code(list(e.randomType(1)))),
  (e) => builtin(e, 'stringLength', stringLike(e)),
  (e) => builtin(e, e.choice.pick(['add', 'sub', 'mul', 'div']), e.code(int), e.code(int)),
  (e) => builtin(e, e.choice.pick(['bitAnd', 'bitOr', 'bitXor']), e.code(int), e.code(int)),
  (e) => builtin(e, e.choice.pick(['ceil', 'floor']), e.code(e.choice.pick([float, float, int]))),
  (e) => builtin(e, 'compareVersions', versionText(e), versionText(e)),
  (e) => builtin(e, "foldl'", lambda2(e, int, int, int), e.code(int), e.code(list(int))),
];

const strings: readonly ((e: Expressions) => Code)[] = [
  (e) => builtin(e, 'toString', e.code(e.randomType(1))),
  (e) => builtin(e, 'toString', e.code(e.choice.pick([int, float, bool, nothing, string, list(int), path]))),
  (e) => builtin(e, 'typeOf', e.code(e.randomType())),
  (e) => builtin(e, 'concatStringsSep', text(e, ', ', '', '-'), e.code(list(string))),
  (e) => builtin(e, 'substring', small(e), e.choice.oneIn(5) ? simple('(-1)') : small(e), stringLike(e)),
  replaceStrings,
  (e) => builtin(e, 'baseNameOf', e.code(e.choice.pick([string, path]))),
  (e) => builtin(e, 'dirOf', e.code(string)),
  (e) => builtin(e, 'toJSON', e.code(e.choice.pick([int, bool, string, nothing, e.randomType()]))),
  (e) => builtin(e, 'toXML', e.code(e.randomType())),
  (e) =>
    builtin(
      e,
      'hashString',
      simple(quoted(e.choice.pick(['md5', 'sha1', 'sha256', 'sha512']))),
      e.code(string),
    ),
  (e) => builtin(e, 'unsafeDiscardStringContext', stringLike(e)),
  (e) => select(builtin(e, 'parseDrvName', versionText(e)), e.choice.pick(['name', 'version'])),
  (e) => builtin(e, 'placeholder', text(e, 'out', 'dev')),
];

function replaceStrings(e: Expressions): Code {
  const count = e.choice.below(4);
  const from = Array.from({ length: count }, () => text(e, 'a', 'ab', '', '.', 'b', '-'));
  const to = Array.from({ length: count }, () => text(e, 'x', '', 'aa', '-'));
  return builtin(e, 'replaceStrings', listOf(from), listOf(to), e.code(string));
}

const typeTests = [
  'isAttrs',
  'isBool',
  'isFloat',
  'isFunction',
  'isInt',
  'isList',
  'isNull',
  'isPath',
  'isString',
];

const bools: readonly ((e: Expressions) => Code)[] = [
  (e) => builtin(e, e.choice.pick(typeTests), e.code(e.randomType())),
  (e) => {
    const of = e.randomType(1);
    return builtin(e, 'elem', e.code(of), e.code(list(of)));
  },
  (e) => {
    const of = e.randomType(1);
    return builtin(e, e.choice.pick(['any', 'all']), lambda(e, of, bool), e.code(list(of)));
  },
  (e) => builtin(e, 'hasAttr', simple(quoted(randomAttributeName(e.choice))), e.code(randomSet(e.choice))),
  (e) => {
    const of = e.choice.pick([int, float, string, path, list(int)]);
    return builtin(e, 'lessThan', e.code(of), e.code(of));
  },
  (e) => select(builtin(e, 'tryEval', e.code(e.randomType())), 'success'),
  (e) => builtin(e, 'hasContext', e.code(string)),
];

/** Lists of what the list's type says. */
function lists(e: Expressions, type: Of<'list'>): Code | undefined {
  const { choice } = e;
  const { of } = type;
  const from = e.randomType(1);
  const make: readonly (() => Code)[] = [
    () => builtin(e, 'map', lambda(e, from, of), e.code(list(from))),
    () => builtin(e, 'map', lambda(e, from, of), e.code(list(from))),
    () => builtin(e, 'filter', lambda(e, of, bool), e.code(type)),
    () => builtin(e, 'genList', lambda(e, int, of), small(e, 5)),
    () => builtin(e, 'concatLists', e.code(list(type))),
    () => builtin(e, 'concatMap', lambda(e, from, type), e.code(list(from))),
    () => builtin(e, 'tail', e.code(type)),
    () =>
      builtin(
        e,
        'attrValues',
        simple(`{ ${['b', 'a'].map((n) => `${n} = ${e.code(of).text};`).join(' ')} }`),
      ),
    () => {
      const name = randomAttributeName(choice);
      return builtin(e, 'catAttrs', simple(quoted(name)), e.code(list(set({ [name]: of }))));
    },
    () => select(builtin(e, 'partition', lambda(e, of, bool), e.code(type)), choice.pick(['right', 'wrong'])),
    () =>
      builtin(
        e,
        'sort',
        of.kind === 'int' || of.kind === 'string'
          ? choice.oneIn(2)
            ? simple('builtins.lessThan')
            : loose(choice.pick(['x: y: x < y', 'x: y: x > y']))
          : loose('_: _: false'),
        e.code(type),
      ),
    () => select(e.code(func(int, set({ l: type }))), 'l'),
    () => select(builtin(e, 'groupBy', lambda(e, of, string), e.code(type)), 'a or [ ]'),
  ];
  if (of.kind === 'string') {
    return choice.pick([
      ...make,
      () => builtin(e, 'attrNames', e.code(randomSet(choice))),
      () => builtin(e, 'splitVersion', versionText(e)),
    ])();
  }
  return choice.pick(make.slice(0, -2).concat(make.at(-1)!))();
}

function sets(e: Expressions, type: Of<'set'>): Code | undefined {
  const { choice } = e;
  const entries = Object.entries(type.attributes);
  const make: readonly (() => Code)[] = [
    () =>
      builtin(
        e,
        'removeAttrs',
        e.code(set({ ...type.attributes, gone: int })),
        simple(choice.pick(['[ "gone" ]', '[ ]', '[ "gone" "nope" ]'])),
      ),
    () => builtin(e, 'intersectAttrs', e.code(type), e.code(type)),
    () =>
      builtin(
        e,
        'listToAttrs',
        listOf(
          choice.shuffled(
            entries.map(([name, of]) => simple(`{ name = ${quoted(name)}; value = ${e.code(of).text}; }`)),
          ),
        ),
      ),
    // Nix 2.8 writes whole floats as integers, so they would come back as such.
    () => (hasFloats(type) ? e.code(type) : builtin(e, 'fromJSON', builtin(e, 'toJSON', e.code(type)))),
  ];
  return choice.pick(make)();
}

function hasFloats(type: Type): boolean {
  if (type.kind === 'list') return hasFloats(type.of);
  if (type.kind === 'set') return Object.values(type.attributes).some(hasFloats);
  return type.kind === 'float' || type.kind === 'function';
}

/** Sets of which only their form is known. */
const anySets: readonly ((e: Expressions) => Code)[] = [
  (e) => builtin(e, 'mapAttrs', lambda2(e, string, int, e.randomType(1)), e.code(set({ a: int, b: int }))),
  (e) => builtin(e, 'groupBy', lambda(e, int, string), e.code(list(int))),
  (e) => builtin(e, 'partition', lambda(e, int, bool), e.code(list(int))),
  (e) =>
    builtin(e, 'zipAttrsWith', lambda2(e, string, list(int), e.randomType(1)), e.code(list(set({ a: int })))),
  (e) => builtin(e, 'functionArgs', e.code(func(randomSet(e.choice), int))),
  (e) => builtin(e, 'parseDrvName', versionText(e)),
  (e) => builtin(e, 'tryEval', e.code(e.randomType(1))),
  (e) => builtin(e, 'listToAttrs', nameValues(e, e.randomType(1))),
  (e) => builtin(e, 'getContext', e.code(string)),
  fromToml,
  position,
];

/** Where an attribute or an expression stands. */
function position(e: Expressions): Code {
  const name = randomAttributeName(e.choice);
  if (e.choice.oneIn(3)) return simple('__curPos');
  return builtin(e, 'unsafeGetAttrPos', simple(quoted(name)), e.code(set({ [name]: int })));
}

function fromToml(e: Expressions): Code {
  const document = e.choice.pick([
    'a = 1\nb = "x"\n[c]\nd = 1.5',
    'a.b = true\na.c = [ 1, 2 ]',
    '[[x]]\na = 0x1f\n[[x]]\na = 1_000',
    's = \'raw\\n\'\nt = """\nline\n"""',
    'i = { a = 1, b = [] }',
    'a = 1\na = 2',
    'a = ',
  ]);
  return builtin(e, 'fromTOML', simple(quoted(document)));
}

const patterns = [
  'a',
  '(a)(b)?',
  '[a-z]+',
  '.*',
  '([^.]*)\\.(.*)',
  '(a|ab)(c|bcd)?(.*)',
  '[[:digit:]]+',
  '(',
  '()',
  '(x)|(.)',
];

/** What gives any type: through a list, a set, or evaluation itself. */
const transparent: readonly ((e: Expressions, type: Type) => Code)[] = [
  (e, type) => builtin(e, 'head', listOf([e.code(type), e.code(e.randomType(1))])),
  (e, type) => builtin(e, 'head', e.code(list(type))),
  (e, type) => builtin(e, 'elemAt', e.code(list(type)), small(e, 2)),
  (e, type) => builtin(e, e.choice.pick(['seq', 'deepSeq']), e.code(e.randomType(1)), e.code(type)),
  (e, type) => select(builtin(e, 'tryEval', e.code(type)), 'value'),
  (e, type) => {
    const name = randomAttributeName(e.choice);
    return builtin(e, 'getAttr', simple(quoted(name)), e.code(set({ [name]: type })));
  },
  (e, type) => {
    const from = e.randomType(0);
    return builtin(e, "foldl'", lambda2(e, type, from, type), e.code(type), e.code(list(from)));
  },
  (e, type) => builtin(e, 'addErrorContext', simple('"while testing"'), e.code(type)),
];

export const builtinForms: readonly Form[] = [
  { weight: 22, make: ofKind },
  { weight: 8, make: (e, type) => e.choice.pick(transparent)(e, type) },
  { weight: 3, make: closure },
  { weight: 4, make: matches },
];

function ofKind(e: Expressions, type: Type): Code | undefined {
  switch (type.kind) {
    case 'int':
      return e.choice.pick(ints)(e);
    case 'float':
      return builtin(
        e,
        e.choice.pick(['add', 'sub', 'mul', 'div']),
        e.code(float),
        e.code(e.choice.pick([int, float])),
      );
    case 'string':
      return e.choice.pick(strings)(e);
    case 'bool':
      return e.choice.pick(bools)(e);
    case 'path':
      return builtin(e, 'dirOf', e.code(path));
    case 'list':
      return lists(e, type);
    case 'set':
      return Object.keys(type.attributes).length === 0 ? e.choice.pick(anySets)(e) : sets(e, type);
    default:
      return undefined;
  }
}

function closure(e: Expressions, type: Type): Code | undefined {
  if (type.kind !== 'list' || type.of.kind !== 'set') return undefined;
  const { choice } = e;
  const [name] = choice.some(names, 1) as [string];
  const limit = choice.below(6);
  const start = Object.entries(type.of.attributes).map(
    ([attribute, of]) => `${quoted(attribute)} = ${e.code(of).text}; `,
  );
  const next = choice.pick([`${name}.key + 1`, `${name}.key * 2`, `${name}.key + 1.0`]);
  return builtin(
    e,
    'genericClosure',
    simple(
      `{ startSet = [ { key = ${choice.below(3)}; ${start.join('')}} ]; operator = ${name}: if ${name}.key > ${limit} then [ ] else [ (${name} // { key = ${next}; }) ${name} ]; }`,
    ),
  );
}

function matches(e: Expressions, type: Type): Code | undefined {
  if (type.kind !== 'list' && type.kind !== 'bool' && type.kind !== 'int') return undefined;
  const found = builtin(
    e,
    e.choice.pick(['match', 'split']),
    simple(quoted(e.choice.pick(patterns))),
    e.code(string),
  );
  if (type.kind === 'list') return type.of.kind === 'string' || type.of.kind === 'null' ? found : undefined;
  if (type.kind === 'bool') return { text: `${found.text} == null`, level: 4 };
  return builtin(e, 'length', call('builtins.filter', simple('builtins.isString'), found));
}
