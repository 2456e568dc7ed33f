// Strings of both kinds with their escapes and interpolations, and what can
// stand for a string.
import { simple, type Code } from './code';
import type { Expressions, Form } from './expressions';
import { int, names, set, string, type Type } from './types';

export const stringForms: readonly Form[] = [
  { weight: 10, make: interpolated },
  { weight: 6, make: indented },
];

function interpolated(e: Expressions, type: Type): Code | undefined {
  if (type.kind !== 'string') return undefined;
  const { choice } = e;
  const parts = Array.from({ length: 1 + choice.below(3) }, () =>
    choice.oneIn(2)
      ? choice.pick(['a', '-', '\\n', '$', '$$', '\\${', "'", '/', '\\\\', ' ', 'é'])
      : interpolation(e),
  );
  return simple(`"${withoutAccidents(parts).join('')}"`);
}

/** A dollar before a brace or another dollar would be something else. */
function withoutAccidents(parts: readonly string[]): string[] {
  return parts.map((part, i) => (part.endsWith('$') && /^[{$]/.test(parts[i + 1] ?? '') ? `${part} ` : part));
}

function interpolation(e: Expressions): string {
  return `\${${stringLike(e).text}}`;
}

/** What an interpolation takes. */
export function stringLike(e: Expressions): Code {
  const { choice } = e;
  switch (choice.below(10)) {
    case 0: {
      const [self] = choice.some(names, 1) as [string];
      const inner = e.with({ name: self, type: set({ k: int }) });
      return simple(`{ __toString = ${self}: ${inner.code(string).text}; k = ${e.code(int).text}; }`);
    }
    case 1:
      return simple(`{ outPath = ${e.code(string).text}; }`);
    default:
      return e.code(string);
  }
}

function indented(e: Expressions, type: Type): Code | undefined {
  if (type.kind !== 'string') return undefined;
  const { choice } = e;
  const fragments = ['a', ' b', '  ', "''${x}", "'''", "''\\n", '$', '$$', '"', '\\', '\t', "''\\t", 'ß'];
  const lines = Array.from({ length: 1 + choice.below(3) }, () => {
    const margin = ' '.repeat(choice.below(5));
    const parts = Array.from({ length: choice.below(3) }, () =>
      choice.oneIn(3) ? interpolation(e) : choice.pick(fragments),
    );
    return margin + withoutAccidents(parts).join('');
  });
  const first = choice.oneIn(3) ? '' : '\n';
  const last = choice.oneIn(3) ? '' : `\n${' '.repeat(choice.below(4))}`;
  return simple(`''${first}${lines.join('\n')}${last}''`);
}
