// The expressions that somebody evaluated last, the latest first. Knows nothing of
// the editor.

/** How many are kept. */
export const historyLength = 50;

/** The history after an expression was evaluated; one that is there already comes to the front. */
export function remember(history: readonly string[], expression: string): string[] {
  const text = expression.trim();
  if (text === '') return [...history];
  return [text, ...history.filter((each) => each !== text)].slice(0, historyLength);
}

/** What was stored, whoever stored it. */
export function readHistory(stored: unknown): string[] {
  return Array.isArray(stored)
    ? stored.filter((each) => typeof each === 'string').slice(0, historyLength)
    : [];
}
