// What the snippets of the extension write, with the texts that stand in their places at first.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeUtf8 } from '../../../server/src/base/bytes';
import { diagnosticsOf } from '../../../server/src/diagnostics/registry';
import { parse } from '../../../server/src/syntax/parse';

const root = join(__dirname, '../../..');

interface Snippet {
  readonly prefix: string;
  readonly description: string;
  readonly body: readonly string[];
}

const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));

/** The text of a snippet: `${1:text}` is its text, here and at each `$1`; a backslash escapes. */
function expand(body: string): string {
  const texts = new Map<string, string>();
  let at = 0;
  const until = (end: string): string => {
    let text = '';
    while (at < body.length && body[at] !== end) {
      if (body[at] === '\\') text += body[++at]! + (at++, '');
      else if (body[at] === '$') text += place();
      else text += body[at++]!;
    }
    at++;
    return text;
  };
  const place = (): string => {
    const [whole, opened, number, colon] = /^\$(\{?)(\d+)(:?)/.exec(body.slice(at))!;
    at += whole.length;
    if (opened === '') return texts.get(number!) ?? '';
    const text = until('}');
    if (colon !== '') texts.set(number!, text);
    return text;
  };
  return until('');
}

describe('the snippets', () => {
  const manifest = read('package.json') as {
    contributes: { snippets: { language: string; path: string }[] };
  };
  const [{ language, path } = { language: '', path: '' }] = manifest.contributes.snippets;
  const snippets = Object.values(read(path) as Record<string, Snippet>);
  const texts = new Map(snippets.map(({ prefix, body }) => [prefix, expand(body.join('\n'))]));

  it('are for Nix, and each has a word of its own', () => {
    assert.equal(language, 'nix');
    assert.equal(texts.size, snippets.length);
    for (const { description } of snippets) assert.ok(description.length > 5);
  });

  it('write Nix without a problem', () => {
    for (const [prefix, text] of texts) {
      const whole = prefix === 'option' ? `lib: {\n${text}\n}` : text;
      const problems = diagnosticsOf(
        { path: '/file.nix', parsed: parse(encodeUtf8(whole)), evaluation: [] },
        [],
      );
      const serious = problems.filter(({ severity }) => severity !== 'hint');
      assert.deepEqual(
        serious.map(({ message }) => message),
        [],
        `${prefix}:\n${text}`,
      );
    }
  });

  it('write what they say', () => {
    assert.equal(
      texts.get('overlay'),
      'final: prev: {\n  name = prev.name.overrideAttrs (old: {\n    \n  });\n}',
    );
    assert.match(
      texts.get('package')!,
      /url = "https:\/\/example\.org\/\$\{pname\}-\$\{version\}\.tar\.gz";/,
    );
    assert.match(
      texts.get('module')!,
      /cfg = config\.services\.name;\n.*\n\{\n {2}options\.services\.name = /s,
    );
  });
});
