// Random programs: well-scoped, small, and mostly of a type that can be
// evaluated. One in three has parts that fail.
import fc from 'fast-check';
import { builtinForms } from './builtin-forms';
import { Choice } from './choice';
import { collectionForms } from './collection-forms';
import { Expressions, type Program } from './expressions';
import { failure } from './failures';
import { leaf } from './leaves';
import { operatorForms } from './operator-forms';
import { Scope } from './scope';
import { stringForms } from './string-forms';
import { syntaxForms } from './syntax-forms';
import { randomType, type Type } from './types';

const forms = [...syntaxForms, ...operatorForms, ...stringForms, ...collectionForms, ...builtinForms];

/** Without fast-check's preference for small numbers, which would prefer each form's first way. */
function evenNumber(max: number): fc.Arbitrary<number> {
  return fc.noBias(fc.nat(max));
}

export const programs: fc.Arbitrary<string> = fc.gen().map((draw) => {
  const choice = new Choice((max) => draw(evenNumber, max));
  const budget = choice.pick([8, 15, 30, 60, 120]);
  const failures = choice.pick([0, 0, 0, 0, 12, 25]);
  const program: Program = { choice, forms, leaf, failure, failures, budget };
  return new Expressions(program, Scope.empty, 2 + choice.below(6)).code(resultType(choice)).text;
});

/** Functions have no value that can be compared. */
function resultType(choice: Choice): Type {
  const type = randomType(choice);
  return type.kind === 'function' ? type.to : type;
}
