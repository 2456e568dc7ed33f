// What evaluating a program ends with, in either implementation. Texts are
// ordinary text, not bytes.

export interface Answer {
  readonly kind: 'value' | 'error';
  /** The printed value, or the message alone: without `error:`, positions and frames. */
  readonly text: string;
}

export interface Outcome {
  /** The value as `--json` prints it. */
  readonly json: Answer;
  /** The value as `--eval --strict` prints it, where that is possible although JSON may not be. */
  readonly plain?: Answer;
}

/** How the message starts where Nixray gave up. */
export const interrupted = 'interrupted: ';

export function failed(message: string): Answer {
  return { kind: 'error', text: message };
}

export function printed(text: string): Answer {
  return { kind: 'value', text };
}

/** Whether the plain form can tell more than the JSON does. */
export function needsPlain({ kind, text }: Answer): boolean {
  return (
    kind === 'value' ||
    /^cannot convert .* to JSON|^path '.*' does not exist|^operation 'addToStoreFromDump'/.test(text)
  );
}

/** Lines as fixtures have them. */
export function describeOutcome({ json, plain }: Outcome): string {
  const lines = [`json ${describeAnswer(json)}`];
  if (plain !== undefined) lines.push(`plain ${describeAnswer(plain)}`);
  return lines.join('\n');
}

function describeAnswer({ kind, text }: Answer): string {
  return `${kind}: ${text}`;
}
