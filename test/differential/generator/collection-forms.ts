// Literals of lists and sets with any expressions in them.
import { attributes } from './bindings';
import { listOf, simple, type Code } from './code';
import type { Expressions, Form } from './expressions';
import { randomAttributeName, type Type } from './types';

export const collectionForms: readonly Form[] = [
  { weight: 12, make: listLiteral },
  { weight: 16, make: setLiteral },
];

function listLiteral(e: Expressions, type: Type): Code | undefined {
  if (type.kind !== 'list') return undefined;
  return listOf(Array.from({ length: e.choice.below(4) }, () => e.code(type.of)));
}

function setLiteral(e: Expressions, type: Type): Code | undefined {
  if (type.kind !== 'set') return undefined;
  const { choice } = e;
  const extra = choice.oneIn(4) ? { [randomAttributeName(choice)]: e.randomType(1) } : {};
  const wanted = { ...extra, ...type.attributes };
  if (!choice.oneIn(4)) return simple(`{ ${attributes(e, wanted, true)} }`);
  // The attributes of a recursive set hide variables of the same names, so these are not used.
  const inner = e.in(e.scope.hide(Object.keys(wanted)));
  return simple(`rec { ${attributes(inner, wanted, choice.oneIn(2))} }`);
}
