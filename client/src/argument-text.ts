// How a function's argument is shown and asked for. Knows nothing of the editor.
import type { FunctionArgument } from '../../shared/src/protocol';

const maxLength = 60;

/** The parameter as it is written, as far as it fits. */
export function parameterText({ parameter }: FunctionArgument): string {
  const characters = [...parameter];
  return characters.length <= maxLength ? parameter : `${characters.slice(0, maxLength - 1).join('')}…`;
}

/** What the user starts from, and the part of it that is selected: where the first value goes. */
export function argumentTemplate({ required, pinned }: FunctionArgument): {
  text: string;
  selection: [number, number];
} {
  const whole = (text: string): { text: string; selection: [number, number] } => ({
    text,
    selection: [0, text.length],
  });
  if (pinned !== undefined) return whole(pinned.expression);
  if (required === undefined) return whole('');
  if (required.length === 0) return { text: '{  }', selection: [2, 2] };
  const text = `{ ${required.map((name) => `${name} = ;`).join(' ')} }`;
  const first = text.indexOf('= ;') + 2;
  return { text, selection: [first, first] };
}
