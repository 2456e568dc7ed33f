import { match, ok, strictEqual } from 'node:assert/strict';
import type { Location, ValueReport } from '../../../server/src/evaluator/service';
import { fenced, hoverText, plainText } from '../../../server/src/features/hover';

const range = { start: 0, end: 1 };
const link = ({ path }: Location) => ({ target: `file://${path}`, text: path });
const text = (report: Omit<ValueReport, 'range'>): string => hoverText({ ...report, range }, link);
const location: Location = {
  path: '/lib.nix',
  range: { start: { line: 1, character: 2 }, end: { line: 1, character: 3 } },
};

describe('hover', () => {
  it('shows the value first', () => {
    strictEqual(text({ value: '42', type: 'int' }), '```nix\n42\n```\n\n*int*');
  });

  it('shows an error with its trace, the innermost place first', () => {
    const trace = [{ message: 'outer' }, { message: 'in_ner', location }];
    const shown = text({ error: { message: 'no', code: 'throw', trace } });
    match(shown, /^```nix\nerror: no\n```\n\n- in\\_ner – \[\/lib.nix\]\(file:\/\/\/lib.nix\)\n- outer$/);
  });

  it('leaves out the middle of a long trace', () => {
    const trace = Array.from({ length: 20 }, (_, i) => ({ message: `frame ${i}` }));
    match(text({ error: { message: 'no', code: 'throw', trace } }), /… and 12 more$/);
  });

  it('says plainly what is not known', () => {
    match(
      text({ unknown: "depends on 'x'" }),
      /«unknown»\n```\n\nThe value is not known, since it depends on 'x'\./,
    );
  });

  it('is plain text for editors without Markdown', () => {
    const trace = [{ message: 'in_ner', location }];
    const report = { error: { message: 'no', code: 'throw', trace }, range };
    strictEqual(hoverText(report, link, plainText), 'error: no\n\n- in_ner – /lib.nix');
  });

  it('keeps fences whole', () => {
    const shown = fenced('a ``` b');
    ok(shown.startsWith('````nix\n') && shown.endsWith('\n````'));
  });
});
