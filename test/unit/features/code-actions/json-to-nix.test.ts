import { strictEqual } from 'node:assert/strict';
import { acted } from '../../../kit/code-actions';

const converted = (text: string): string | undefined => acted(text, /JSON/);

describe('JSON', () => {
  it('becomes Nix, with its order and layout', () => {
    strictEqual(
      converted(
        '{ a = «selection:{\n  "b": [1, -2, 3.5, 1e3, "x\\u0041\\n${y}"],\n  "c d": { "e": null, "f": {} },\n  "if": true\n}»; }',
      ),
      '{ a = {\n  b = [1 (-2) 3.5 1.0e3 "xA\\n\\${y}"];\n  "c d" = { e = null; f = {}; };\n  "if" = true;\n}; }',
    );
    strictEqual(converted('«selection:["a",{"b":"größe"}]»'), '["a" {b = "größe";}]');
  });

  it('is not offered for anything else', () => {
    for (const text of [
      '«selection:[ ]»',
      "''«selection:[1, 2]»''",
      '«selection:{ a = 1; }»',
      '«selection:{"a": 1,}»',
      '«selection:{"a": 1, "a": 2}»',
      '«selection:{"a": 99999999999999999999}»',
      '«selection:{"a": "\\u0000"}»',
      '«selection:"a: b"»',
    ])
      strictEqual(converted(text), undefined, text);
  });
});
