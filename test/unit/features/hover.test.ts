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
    match(text({ error: { message: 'no', code: 'throw', trace } }), /… and 10 more$/);
  });

  it('says plainly what is not known', () => {
    match(
      text({ unknown: "depends on 'x'" }),
      /«unknown»\n```\n\nThe value is not known, since it depends on 'x'\./,
    );
  });

  it('says of an option what sets it, and where it is declared', () => {
    const option = { definitions: [location, location], isComplete: true, declaration: location };
    const of = (more: object): string => text({ value: '1', option: { ...option, ...more } });
    const place = '[/lib.nix](file:///lib.nix)';
    strictEqual(of({}), `\`\`\`nix\n1\n\`\`\`\n\nset at ${place}, ${place}\n\ndeclared at ${place}`);
    match(of({ isComplete: false }), / and elsewhere\n\ndeclared at/);
    match(of({ definitions: [], isDefault: true }), /\n\nset nowhere: this is the default\n\ndeclared at/);
    strictEqual(of({ definitions: [] }), `\`\`\`nix\n1\n\`\`\`\n\ndeclared at ${place}`);
  });

  const call = { text: 'my_lib.nix:2:3', location };
  const source = 'in the call at my_lib.nix:2:3, 1 of 3';

  it('links the place of the call that it shows', () => {
    const shown = text({ value: '1', source, call, calledAt: 0 });
    ok(shown.endsWith('\n\nin the call at [my\\_lib.nix:2:3](file:///lib.nix), 1 of 3'), shown);
    ok(hoverText({ value: '1', source, call, range }, link, { markup: plainText }).endsWith(`\n\n${source}`));
    ok(text({ value: '1', source: 'as a flake', calledAt: 0 }).endsWith('\n\nas a flake'));
  });

  it('offers other calls where a command can be linked', () => {
    const shown = hoverText({ value: '1', source: 'as a flake', range }, link, {
      chooseCall: 'command:c?(1)',
    });
    ok(shown.endsWith('\n\nas a flake – [Choose Call](command:c?%281%29)'), shown);
    ok(!hoverText({ value: '1', range }, link, { chooseCall: 'command:c' }).includes('Choose Call'));
  });

  it('keeps links whole that hold brackets and blanks', () => {
    const shown = text({ value: '1', definition: { ...location, path: '/a (1/b).nix' } });
    match(shown, /defined at \[\/a \(1\/b\)\.nix\]\(file:\/\/\/a%20%281\/b%29\.nix\)$/);
  });

  it('is plain text for editors without Markdown', () => {
    const trace = [{ message: 'in_ner', location }];
    const report = { error: { message: 'no', code: 'throw', trace }, range };
    strictEqual(hoverText(report, link, { markup: plainText }), 'error: no\n\n- in_ner – /lib.nix');
  });

  it('keeps fences whole', () => {
    const shown = fenced('a ``` b');
    ok(shown.startsWith('````nix\n') && shown.endsWith('\n````'));
  });
});
