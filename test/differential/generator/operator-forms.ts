// Operators, and the names that stand behind some of them.
import { attributeName, binary, call, Level, loose, negate, not, select, simple, type Code } from './code';
import type { Expressions, Form } from './expressions';
import {
  bool,
  float,
  int,
  list,
  names,
  path,
  randomAttributeName,
  randomSet,
  set,
  string,
  type Type,
} from './types';

export const operatorForms: readonly Form[] = [
  { weight: 10, make: arithmetic },
  { weight: 3, make: floatArithmetic },
  { weight: 3, make: negation },
  { weight: 5, make: comparison },
  { weight: 5, make: equality },
  { weight: 8, make: logic },
  { weight: 4, make: hasAttribute },
  { weight: 6, make: concatenation },
  { weight: 6, make: update },
  { weight: 6, make: stringSum },
  { weight: 2, make: pathSum },
  { weight: 3, make: redefined },
];

function arithmetic(e: Expressions, type: Type): Code | undefined {
  if (type.kind !== 'int') return undefined;
  return binary(e.code(int), e.choice.pick(['+', '+', '-', '-', '*', '/']), e.code(int));
}

function floatArithmetic(e: Expressions, type: Type): Code | undefined {
  if (type.kind !== 'float') return undefined;
  const other = e.choice.pick([int, float]);
  const [left, right] = e.choice.shuffled([float, other]) as [Type, Type];
  return binary(e.code(left), e.choice.pick(['+', '-', '*', '/']), e.code(right));
}

function negation(e: Expressions, type: Type): Code | undefined {
  return type.kind === 'int' || type.kind === 'float' ? negate(e.code(type)) : undefined;
}

function comparable(e: Expressions): [Type, Type] {
  const type = e.choice.pick([int, int, float, string, path, list(int), list(string)]);
  if ((type === int || type === float) && e.choice.oneIn(4)) return [int, float];
  return [type, type];
}

function comparison(e: Expressions, type: Type): Code | undefined {
  if (type.kind !== 'bool') return undefined;
  const [left, right] = comparable(e);
  return binary(e.code(left), e.choice.pick(['<', '<=', '>', '>=']), e.code(right));
}

function equality(e: Expressions, type: Type): Code | undefined {
  if (type.kind !== 'bool') return undefined;
  const { choice } = e;
  const operator = choice.pick(['==', '!=']);
  const left = e.randomType();
  const right = choice.oneIn(6) ? e.randomType() : left;
  const first = e.code(left);
  // Equal operands are rare by chance.
  return binary(first, operator, choice.oneIn(4) ? first : e.code(right));
}

function logic(e: Expressions, type: Type): Code | undefined {
  if (type.kind !== 'bool') return undefined;
  const { choice } = e;
  if (choice.oneIn(4)) return not(e.code(bool));
  return binary(e.code(bool), choice.pick(['&&', '||', '->']), e.code(bool));
}

function hasAttribute(e: Expressions, type: Type): Code | undefined {
  if (type.kind !== 'bool') return undefined;
  const { choice } = e;
  const target = choice.oneIn(4) ? e.randomType() : randomSet(choice);
  const known = target.kind === 'set' ? Object.keys(target.attributes) : [];
  const first = known.length > 0 && !choice.oneIn(3) ? choice.pick(known) : randomAttributeName(choice);
  const more = choice.oneIn(3) ? `.${attributeName(randomAttributeName(choice))}` : '';
  const name = choice.oneIn(8) ? `\${"${first.replace(/[$"\\]/g, '\\$&')}"}` : attributeName(first);
  return {
    text: `${e.text(target, Level.Negation)} ? ${name}${more}`,
    level: Level.HasAttribute,
  };
}

function concatenation(e: Expressions, type: Type): Code | undefined {
  return type.kind === 'list' ? binary(e.code(type), '++', e.code(type)) : undefined;
}

function update(e: Expressions, type: Type): Code | undefined {
  if (type.kind !== 'set') return undefined;
  const { choice } = e;
  const parts = Object.entries(type.attributes).map((entry) => ({ entry, side: choice.below(2) }));
  const side = (which: number): Type =>
    set(Object.fromEntries(parts.filter((part) => part.side === which).map(({ entry }) => entry)));
  // The right side wins, so it is the one that may have all attributes.
  return choice.oneIn(3)
    ? binary(e.code(randomSet(choice)), '//', e.code(type))
    : binary(e.code(type), '//', e.code(side(1)));
}

function stringSum(e: Expressions, type: Type): Code | undefined {
  return type.kind === 'string' ? binary(e.code(string), '+', e.code(string)) : undefined;
}

function pathSum(e: Expressions, type: Type): Code | undefined {
  if (type.kind !== 'path') return undefined;
  const { choice } = e;
  if (choice.oneIn(3)) return binary(e.code(path), '+', e.code(path));
  return binary(e.code(path), '+', simple(choice.pick(['"/x"', '"x"', '"/../y"', '"."', '"//z/"', '""'])));
}

/** Operators are names: whoever binds `__sub` changes `-`. */
function redefined(e: Expressions, type: Type): Code | undefined {
  const { choice } = e;
  const [left, right] = choice.some(names, 2) as [string, string];
  const own = (name: string, of: Type, body: Type): string => {
    const inner = e.with({ name: left, type: of }, { name: right, type: of });
    return `let ${name} = ${left}: ${right}: ${inner.code(body).text}; in`;
  };
  switch (type.kind) {
    case 'int':
      return loose(`${own(choice.pick(['__sub', '__mul', '__div']), int, int)} ${e.code(int).text}`);
    case 'bool':
      return loose(
        `${own('__lessThan', int, bool)} ${binary(e.code(int), choice.pick(['<', '>', '<=', '>=']), e.code(int)).text}`,
      );
    case 'string':
      return loose(
        `let __findFile = ${left}: ${right}: "\${toString ${left}}${choice.pick(['', '-'])}\${${right}}"; __nixPath = ${e.code(int).text}; in <${choice.pick(['a', 'a/b', 'x-1'])}>`,
      );
    case 'list':
      return select(
        simple(
          `rec { __sub = ${left}: ${right}: [ ${right} ${left} ]; ${right} = ${call('map', loose(`${left}: ${left} - 1`), simple('[ ]')).text} ++ ${e.text(type, Level.Concatenation)}; }`,
        ),
        attributeName(right),
      );
    default:
      return undefined;
  }
}
