// Which tree is used for a text that a value was made of.
import assert from 'node:assert/strict';
import { Subjects } from '../../../server/src/evaluator/subjects';
import { createWorld } from '../../../server/src/evaluator/world';
import type { Source } from '../../../server/src/values/position';
import { unlimited } from '../../../server/src/vm/limits';
import { settings, workspace } from '../../kit/live';

const path = `${workspace}/file.nix`;

function subjectsOf(documents: Map<string, string>): Subjects {
  const world = createWorld({
    settings,
    limits: unlimited(),
    documents,
    codeFolder: undefined,
    documentValue: () => assert.fail('nothing is evaluated here'),
  });
  return new Subjects(world, documents, () => undefined);
}

describe('the tree of a text', () => {
  it('is that of the document, before an edit and after it', () => {
    const documents = new Map([[path, '{ f = x: x |> y; }']]);
    const subjects = subjectsOf(documents);
    const before = subjects.get(path)!;
    assert.equal(subjects.treeOf(before.unit.source), before.parsed);
    documents.set(path, '{ f = x: x |> z; }');
    subjects.drop(path);
    const after = subjects.get(path)!;
    assert.notEqual(after.parsed, before.parsed);
    assert.equal(subjects.treeOf(after.unit.source), after.parsed);
  });

  it('is made once for a text that nobody asked about, with the same operators', () => {
    const subjects = subjectsOf(new Map([[path, '1']]));
    subjects.get(path);
    const earlier: Source = { kind: 'file', path, text: '[ (1 |> f) ]' };
    const tree = subjects.treeOf(earlier);
    assert.equal(tree.text, earlier.text);
    assert.deepEqual(tree.errors, []);
    assert.equal(subjects.treeOf(earlier), tree);
  });
});
