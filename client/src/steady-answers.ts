// Answers that stay in step with the text. Knows nothing of the editor.
//
// A server does not answer for a text that was edited meanwhile. An editor takes
// that for an empty answer and removes what it shows beside the source until it has
// asked again, which blinks. So the question is asked again at once instead.

/** The answer for the text as it is when the answer comes. */
export async function answerForPresentText<T>(
  document: { readonly version: number },
  token: { readonly isCancellationRequested: boolean },
  ask: () => T | PromiseLike<T>,
): Promise<T> {
  for (;;) {
    const { version } = document;
    const answer = await ask();
    if (document.version === version || token.isCancellationRequested) return answer;
  }
}
