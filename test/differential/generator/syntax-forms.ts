// Forms that give any type: scopes, conditions, selections and calls.
import { attributes, recursiveBindings } from './bindings';
import { attributeName, call, Level, loose, select, simple, type Code } from './code';
import type { Expressions, Form } from './expressions';
import { bool, func, int, isA, names, randomAttributeName, set, string, type Type } from './types';

export const syntaxForms: readonly Form[] = [
  { weight: 10, make: letIn },
  { weight: 3, make: legacyLet },
  { weight: 5, make: ifElse },
  { weight: 3, make: assertion },
  { weight: 5, make: withSet },
  { weight: 6, make: selection },
  { weight: 4, make: selectionOr },
  { weight: 5, make: recursiveSelection },
  { weight: 8, make: lambdaCall },
  { weight: 6, make: formalsCall },
  { weight: 3, make: functorCall },
  { weight: 3, make: functionCall },
  { weight: 2, make: recursion },
  { weight: 8, make: lambda },
];

function letIn(e: Expressions, type: Type): Code {
  const { text, inner } = recursiveBindings(e);
  return loose(`let ${text} in ${inner.code(type).text}`);
}

/** `let { …; body = …; }`. */
function legacyLet(e: Expressions, type: Type): Code {
  const { text, inner } = recursiveBindings(e);
  return simple(`let { ${text} body = ${inner.code(type).text}; }`);
}

function ifElse(e: Expressions, type: Type): Code {
  return loose(`if ${e.code(bool).text} then ${e.code(type).text} else ${e.code(type).text}`);
}

function assertion(e: Expressions, type: Type): Code {
  const condition = e.choice.oneIn(3) ? e.code(bool).text : `${e.text(bool, Level.Or)} || true`;
  return loose(`assert ${condition}; ${e.code(type).text}`);
}

function withSet(e: Expressions, type: Type): Code {
  const opened = { ...randomNames(e), [e.choice.pick(names)]: type };
  const scope = e.scope.open(Object.entries(opened).map(([name, of]) => ({ name, type: of })));
  return loose(`with ${e.code(set(opened)).text}; ${e.in(scope).code(type).text}`);
}

function randomNames(e: Expressions): Record<string, Type> {
  return Object.fromEntries(e.choice.some(names, e.choice.below(3)).map((name) => [name, e.randomType(1)]));
}

/** A name of an attribute as a path can write it. */
function pathName(e: Expressions, name: string): string {
  const { choice } = e;
  if (choice.oneIn(10)) return `\${"${name.replace(/["\\]|\$(?=\{)/g, '\\$&')}"}`;
  return choice.oneIn(10) ? `"${name.replace(/["\\]|\$(?=\{)/g, '\\$&')}"` : attributeName(name);
}

function selection(e: Expressions, type: Type): Code {
  const { choice } = e;
  const known = e.scope
    .variables()
    .flatMap((variable) =>
      variable.type.kind === 'set'
        ? Object.entries(variable.type.attributes).flatMap(([name, of]) =>
            isA(of, type) ? [{ variable, name }] : [],
          )
        : [],
    );
  if (known.length > 0 && !choice.oneIn(3)) {
    const { variable, name } = choice.pick(known);
    return select(simple(variable.name), pathName(e, name));
  }
  const name = randomAttributeName(choice);
  if (choice.oneIn(3)) {
    const outer = randomAttributeName(choice);
    const target = e.code(set({ [outer]: set({ [name]: type }) }));
    return select(target, `${pathName(e, outer)}.${pathName(e, name)}`);
  }
  return select(e.code(set({ [name]: type })), pathName(e, name));
}

function selectionOr(e: Expressions, type: Type): Code {
  const { choice } = e;
  const name = randomAttributeName(choice);
  const target = choice.oneIn(2) ? e.code(e.randomType(1)) : e.code(set({ [name]: type }));
  // What is selected has the type or is not there: the target's own attribute may have another one.
  const path = choice.oneIn(2)
    ? `${pathName(e, name)}.nope`
    : pathName(e, choice.pick([name, 'nope', 'nil']));
  return { text: `${select(target, path).text} or ${e.text(type, Level.Select)}`, level: Level.Select };
}

function recursiveSelection(e: Expressions, type: Type): Code {
  const { text, inner, variables } = recursiveBindings(e);
  const fitting = variables.filter((variable) => isA(variable.type, type));
  if (fitting.length > 0) return select(simple(`rec { ${text} }`), e.choice.pick(fitting).name);
  return select(simple(`rec { ${text} result = ${inner.code(type).text}; }`), 'result');
}

function lambdaCall(e: Expressions, type: Type): Code {
  const { choice } = e;
  const parameters = choice
    .some(names, choice.pick([1, 1, 2]))
    .map((name) => ({ name, type: e.randomType() }));
  const body = e.with(...parameters).code(type);
  const heads = parameters.map(({ name }) => `${name}: `).join('');
  return call(loose(`${heads}${body.text}`), ...parameters.map((parameter) => e.code(parameter.type)));
}

interface Pattern {
  readonly text: string;
  readonly inner: Expressions;
  /** What an argument must have. */
  readonly required: Record<string, Type>;
  readonly optional: Record<string, Type>;
}

function pattern(e: Expressions, isOpen: boolean, given?: Record<string, Type>): Pattern {
  const { choice } = e;
  const [whole, ...others] = choice.shuffled(names.filter((name) => given?.[name] === undefined));
  const required = given ?? randomFormals(e, others.slice(0, choice.below(3)));
  const optional = randomFormals(e, others.slice(3, 3 + choice.below(3)));
  const hidden = e.in(e.scope.hide([...Object.keys(optional), whole!]));
  let inner = hidden.with(...variablesOf(required));
  const formals = Object.keys(required);
  for (const [name, type] of Object.entries(optional)) {
    formals.push(`${name} ? ${inner.code(type).text}`);
    inner = inner.with({ name, type });
  }
  const list = choice.shuffled(formals);
  if (isOpen) list.push('...');
  const set = `{ ${list.join(', ')} }`;
  const text = choice.pick([set, set, `${whole}@${set}`, `${set}@${whole}`]);
  if (text !== set) inner = inner.with({ name: whole!, type: { kind: 'set', attributes: required } });
  return { text, inner, required, optional };
}

function randomFormals(e: Expressions, chosen: readonly string[]): Record<string, Type> {
  return Object.fromEntries(chosen.map((name) => [name, e.randomType(1)]));
}

function variablesOf(types: Record<string, Type>): { name: string; type: Type }[] {
  return Object.entries(types).map(([name, type]) => ({ name, type }));
}

function formalsCall(e: Expressions, type: Type): Code {
  const { choice } = e;
  const isOpen = choice.oneIn(3);
  const { text, inner, required, optional } = pattern(e, isOpen);
  const passed = Object.entries(optional).filter(() => choice.oneIn(2));
  const extra = isOpen && choice.oneIn(2) ? { extra: int } : {};
  const argument = { ...required, ...Object.fromEntries(passed), ...extra };
  const literal = simple(`{ ${attributes(e, argument, true)} }`);
  return call(loose(`${text}: ${inner.code(type).text}`), literal);
}

function lambda(e: Expressions, type: Type): Code | undefined {
  if (type.kind !== 'function') return undefined;
  const { from, to } = type;
  if (
    from.kind === 'set' &&
    e.choice.oneIn(2) &&
    Object.keys(from.attributes).every((n) => names.includes(n))
  ) {
    // A set has its attributes at least, so the pattern has to be open.
    const { text, inner } = pattern(e, true, { ...from.attributes });
    return loose(`${text}: ${inner.code(to).text}`);
  }
  const name = e.choice.pick(names);
  return loose(`${name}: ${e.with({ name, type: from }).code(to).text}`);
}

function functorCall(e: Expressions, type: Type): Code {
  const { choice } = e;
  const [self, name] = choice.some(names, 2) as [string, string];
  const from = e.randomType(1);
  const inner = e.with({ name: self, type: set({ k: int }) }, { name, type: from });
  const functor = `{ __functor = ${self}: ${name}: ${inner.code(type).text}; k = ${e.code(int).text}; }`;
  return call(simple(functor), e.code(from));
}

/** A call of a function that is a variable, or any expression. */
function functionCall(e: Expressions, type: Type): Code {
  const known = e.scope
    .variables()
    .flatMap(({ name, type: of }) =>
      of.kind === 'function' && isA(of.to, type) ? [{ name, from: of.from }] : [],
    );
  if (known.length > 0) {
    const { name, from } = e.choice.pick(known);
    return call(simple(name), e.code(from));
  }
  const from = e.randomType(1);
  return call(e.code(func(from, type)), e.code(from));
}

/** A function that calls itself a few times. */
function recursion(e: Expressions, type: Type): Code | undefined {
  const { choice } = e;
  const [self, count] = choice.some(names, 2) as [string, string];
  const inner = e.in(e.scope.hide([self])).with({ name: count, type: int });
  const base = inner.code(type).text;
  const again = `${self} (${count} - 1)`;
  const steps: Partial<Record<Type['kind'], () => string>> = {
    int: () => `${inner.text(int, Level.Sum)} + ${again}`,
    string: () => `"\${${again}}${choice.pick(['.', '-', ''])}\${${inner.code(string).text}}"`,
    list: () => `${again} ++ ${inner.text(type, Level.Concatenation)}`,
    bool: () => `${inner.text(bool, Level.Or)} || ${again}`,
  };
  const step = steps[type.kind]?.() ?? again;
  const body = `if ${count} ${choice.pick(['<= 0', '< 1'])} then ${base} else ${step}`;
  return loose(`let ${self} = ${count}: ${body}; in ${self} ${choice.below(6)}`);
}
