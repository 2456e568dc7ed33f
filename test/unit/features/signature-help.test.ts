import { match, strictEqual } from 'node:assert/strict';
import { callAt, signatureText, type SignatureText } from '../../../server/src/features/signature-help';
import { parse } from '../../../server/src/syntax/parse';
import { LiveTest } from '../../kit/live';

function signature(marked: string): SignatureText | undefined {
  const test = new LiveTest();
  const { text, cursor } = test.open('file.nix', marked);
  const call = callAt(parse(text), cursor);
  const found = call && test.service.signature(test.path('file.nix'), call.of);
  return found && signatureText('f', found, call.argument);
}

/** The label with the active parameter in brackets. */
function shown(marked: string): string | undefined {
  const found = signature(marked);
  if (found === undefined) return undefined;
  const [start, end] = found.parameters[found.active]!;
  return `${found.label.slice(0, start)}[${found.label.slice(start, end)}]${found.label.slice(end)}`;
}

describe('signature help', () => {
  it('names the arguments of builtins, with documentation', () => {
    strictEqual(shown("builtins.foldl' |"), 'f [op] nul list');
    strictEqual(shown("builtins.foldl' (a: b: a) 0| [ ]"), 'f op [nul] list');
    match(signature('map |')!.documentation!, /list/);
    strictEqual(shown('let m = map (x: x); in m |'), 'f [list]');
  });

  it('names the arguments of functions, with their comment', () => {
    const text = '{ /** Adds. */ add = x: y: x; }';
    strictEqual(shown(`let s = ${text}; in s.add 1 |`), 'f x [y]');
    strictEqual(signature(`let s = ${text}; in s.add |`)!.documentation, 'Adds.');
    strictEqual(shown('let f = { a, b ? 1, ... }@c: d: a; in f |{ }'), 'f [{ a, b?, ... }] d');
    strictEqual(shown('let f.__functor = self: x: y: x; in f |'), 'f [x] y');
  });

  it('shows what a set may have that is an argument, while its names are written', () => {
    const f = 'let f = { url, hash ? "" }: x: url; in';
    for (const text of [
      'f { | }',
      'f { u| }',
      'f { u|rl = 1; }',
      'f {\n  url = 1;\n  |\n}',
      'f { url = 1; h| }',
    ])
      strictEqual(shown(`${f} ${text}`), 'f [{ url, hash? }] x', text);
    for (const text of [
      'f { url = |; }',
      'f { url = 1|; }',
      'f { url = { | }; }',
      'f { url = let a| = 1; in a; }',
    ])
      strictEqual(shown(`${f} ${text}`), undefined, text);
  });

  it('belongs to the innermost call, but to none around a binding or function', () => {
    strictEqual(shown('map (builtins.filter |) [ ]'), 'f [f] list');
    for (const text of [
      'map (x: |) [ ]',
      'map { a = |; }',
      '|',
      'x |',
      '1 |',
      'map f x y |',
      '(throw "no") |',
    ])
      strictEqual(shown(text), undefined, text);
  });
});
