// Answers that stay in step with the text.
import assert from 'node:assert/strict';
import { answerForPresentText } from '../../../client/src/steady-answers';

describe('an answer for the present text', () => {
  it('is asked for again as long as there are edits', async () => {
    const document = { version: 1 };
    const asked: number[] = [];
    const answer = await answerForPresentText(document, { isCancellationRequested: false }, async () => {
      asked.push(document.version);
      const { version } = document;
      if (version < 3) document.version++;
      await Promise.resolve();
      return version === document.version ? 'hints' : null;
    });
    assert.equal(answer, 'hints');
    assert.deepEqual(asked, [1, 2, 3]);
  });

  it('is not asked for again when nobody wants it', async () => {
    const document = { version: 1 };
    let asked = 0;
    const token = { isCancellationRequested: false };
    const answer = await answerForPresentText(document, token, async () => {
      asked++;
      document.version++;
      token.isCancellationRequested = true;
      return null;
    });
    assert.equal(answer, null);
    assert.equal(asked, 1);
  });
});
