// How answers of an evaluation are put into words.
import assert from 'node:assert/strict';
import { documentBody, fullAnswer, inlineAnswer, placeText, rowAnswer } from '../../../client/src/value-text';

describe('the text of a value', () => {
  it('is complete when it fits on the line', () => {
    assert.deepEqual(inlineAnswer({ value: '[ 1 2 ]', type: 'list' }), { text: '[ 1 2 ]', complete: true });
  });

  it('is cut after its first line, or where it gets too long, never within a character', () => {
    assert.deepEqual(inlineAnswer({ value: '{\n  a = 1;\n}', type: 'set' }), {
      text: '{ …',
      complete: false,
    });
    const { text, complete } = inlineAnswer({ value: '😀'.repeat(200), type: 'string' });
    assert.equal(text, `${'😀'.repeat(100)} …`);
    assert.equal(complete, false);
  });

  it('shows an error with its trace, and where arguments came from', () => {
    const range = { start: { line: 4, character: 0 }, end: { line: 4, character: 1 } };
    const location = { uri: 'file:///a%20b/c.nix', range };
    const error = {
      message: 'boom',
      code: 'thrown',
      trace: [{ message: 'while calling f', location }, { message: 'x' }],
    };
    const result = { value: '', type: 'error', error, source: 'from a.nix' };
    assert.equal(inlineAnswer(result).text, 'error: boom');
    assert.equal(fullAnswer(result), 'error: boom\n  while calling f, at c.nix:5\n  x\n  (from a.nix)');
  });

  it('is put into one line where there is room for one only', () => {
    assert.equal(rowAnswer({ value: '[\n  1\n  2\n]', type: 'list' }), '[ 1 2 ]');
    assert.equal(rowAnswer({ value: '😀'.repeat(200), type: 'string' }), `${'😀'.repeat(159)}…`);
  });

  it('is a document of Nix, where the places of a trace are links', () => {
    const range = { start: { line: 4, character: 0 }, end: { line: 4, character: 1 } };
    const location = { uri: 'file:///c.nix', range };
    const error = {
      message: 'two\nlines',
      code: 'throw',
      trace: [{ message: 'while calling f', location }, { message: 'x' }],
    };
    const { text, links } = documentBody({ value: '', type: 'error', error, source: 'in a call' });
    assert.equal(text, '# error: two\n# lines\n#   while calling f, at c.nix:5\n#   x\n# in a call');
    const [link] = links;
    assert.equal(links.length, 1);
    assert.deepEqual(link!.target, location);
    assert.equal(text.split('\n')[link!.line]!.slice(link!.start, link!.end), 'c.nix:5');
    assert.deepEqual(documentBody({ value: '1', type: 'int' }), { text: '1', links: [] });
  });

  it('is a document where the call is a link that gives the arguments', () => {
    const range = { start: { line: 11, character: 4 }, end: { line: 11, character: 9 } };
    const call = { text: 'c.nix:12:5', location: { uri: 'file:///c.nix', range } };
    const source = 'in the call at c.nix:12:5, 1 of 3';
    const { text, links } = documentBody({ value: '[\n  1\n]', type: 'list', source, call });
    assert.equal(text, '[\n  1\n]\n# in the call at c.nix:12:5, 1 of 3');
    assert.deepEqual(
      links.map(({ line, start, end, target }) => [text.split('\n')[line]!.slice(start, end), target]),
      [['c.nix:12:5', call.location]],
    );
  });

  it('names a place by its file, even when the address is odd', () => {
    assert.equal(placeText('file:///x/a%20b.nix', 3), 'a b.nix:3');
    assert.equal(placeText('untitled:Untitled-1', 1), 'untitled:Untitled-1:1');
    assert.equal(placeText('file:///%zz', 1), '%zz:1');
  });
});
