// Bindings of `let` and of sets: nested paths that merge, `inherit`, any order.
import { attributeName, Level } from './code';
import type { Expressions } from './expressions';
import type { Variable } from './scope';
import { names, set, type Attributes, type Type } from './types';

/** The text of bindings, and the expressions that see what they bind. */
export interface Bindings {
  readonly text: string;
  readonly inner: Expressions;
  readonly variables: readonly Variable[];
}

/**
 * Bindings that see one another. Each may use those before it in an order of its
 * own, which is not the order in which they are written: references go forwards
 * and backwards, and in a circle only where a failure is made.
 */
export function recursiveBindings(e: Expressions): Bindings {
  const { choice } = e;
  const fresh = choice.some(names, 1 + choice.below(4));
  let inner = e.in(e.scope.hide(fresh));
  const variables: Variable[] = [];
  const written: string[] = [];
  for (const name of fresh) {
    const { text, type } = recursiveBinding(e, inner, name);
    written.splice(choice.below(written.length + 1), 0, text);
    variables.push({ name, type });
    inner = inner.with({ name, type });
  }
  return { text: written.join(' '), inner, variables };
}

function recursiveBinding(
  outside: Expressions,
  inside: Expressions,
  name: string,
): { text: string; type: Type } {
  const { choice } = outside;
  const outer = outside.scope.typeOf(name);
  if (outer !== undefined && choice.oneIn(2)) return { text: `inherit ${name};`, type: outer };
  const type = outside.randomType();
  if (choice.oneIn(8)) {
    const source = inside.code(set({ [name]: type }));
    return { text: `inherit (${source.text}) ${name};`, type };
  }
  return { text: attribute(inside, attributeName(name), type, !choice.oneIn(10)), type };
}

/** The bindings of a set that is not recursive, or whose attributes do not use one another. */
export function attributes(e: Expressions, wanted: Attributes, mayBeDynamic: boolean): string {
  const { choice } = e;
  const written = Object.entries(wanted).flatMap(([name, type]) => {
    const isVariable = e.scope.typeOf(name)?.kind === type.kind && sameType(e.scope.typeOf(name), type);
    if (isVariable && choice.oneIn(3)) return [`inherit ${name};`];
    if (choice.oneIn(10)) return [`inherit (${e.code(set({ [name]: type })).text}) ${attributeName(name)};`];
    if (mayBeDynamic && choice.oneIn(8)) return [dynamicAttribute(e, name, type)];
    return [attribute(e, attributeName(name), type, true)];
  });
  if (mayBeDynamic && choice.oneIn(15)) written.push('${null} = 1;');
  return choice.shuffled(written).join(' ');
}

function sameType(left: Type | undefined, right: Type): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function dynamicAttribute(e: Expressions, name: string, type: Type): string {
  const literal = `"${name.replace(/["\\]|\$(?=\{)/g, '\\$&')}"`;
  const written = e.choice.pick([
    `\${${literal}}`,
    `"\${${literal}}"`,
    `"\${""}${literal.slice(1)}`,
    `\${${literal} + ""}`,
  ]);
  return `${written} = ${e.text(type, Level.Function)};`;
}

/** One attribute; a set may be written in parts that Nix merges. */
function attribute(e: Expressions, path: string, type: Type, mayNest: boolean): string {
  const { choice } = e;
  if (mayNest && type.kind === 'set' && choice.oneIn(2)) {
    const entries = Object.entries(type.attributes);
    if (entries.length > 0) {
      const cut = choice.below(entries.length + 1);
      const nested = entries
        .slice(0, cut)
        .map(([name, of]) => attribute(e, `${path}.${attributeName(name)}`, of, true));
      const literal = entries.slice(cut).map(([name, of]) => attribute(e, attributeName(name), of, true));
      if (literal.length > 0 || choice.oneIn(4)) nested.push(`${path} = { ${literal.join(' ')} };`);
      return choice.shuffled(nested).join(' ');
    }
  }
  return `${path} = ${e.code(type).text};`;
}
