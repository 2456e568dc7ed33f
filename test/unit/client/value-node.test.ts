// The nodes of the tree of a value, apart from the editor that shows them.
import assert from 'node:assert/strict';
import { attributePath, ValueNode, valueIcons } from '../../../client/src/value-node';
import type { ValuePart, ValueRow, ValueStep } from '../../../shared/src/protocol';

const row: ValueRow = { kind: 'set', text: '{ }', opens: true };
const part = (step: ValueStep, label: string, text = '1'): ValuePart => ({
  step,
  label,
  kind: 'number',
  text,
  opens: false,
});
const child = (node: ValueNode, index: number): ValueNode => node.children![index]!;

function tree(): ValueNode {
  const root = ValueNode.root('file:///a.nix', 'a.nix', row);
  root.setParts([part({ result: true }, 'result')], 1);
  child(root, 0).setParts([part({ attribute: 'a b' }, '"a b"'), part({ attribute: 'c' }, 'c')], 2);
  child(child(root, 0), 0).setParts([part({ item: 3 }, '[3]')], 250);
  return root;
}

describe('a node of the tree of a value', () => {
  it('has a path as nix-instantiate takes it', () => {
    const root = tree();
    const result = child(root, 0);
    assert.equal(attributePath(root), '');
    assert.equal(attributePath(result), '');
    assert.equal(attributePath(child(child(result, 0), 0)), '"a b".3');
  });

  it('knows how many parts are not shown', () => {
    assert.equal(child(child(tree(), 0), 0).left, 249);
    assert.equal(ValueNode.root('file:///a.nix', 'a.nix', row).left, 0);
  });

  it('stays the same when its value changes, with its own parts', () => {
    const result = child(tree(), 0);
    const before = child(result, 0);
    result.setParts([part({ attribute: 'a b' }, '"a b"', '2'), part({ attribute: 'd' }, 'd')], 2);
    assert.equal(child(result, 0), before);
    assert.equal(before.row.text, '2');
    assert.equal(before.children!.length, 1);
    assert.deepEqual(
      result.children!.map(({ label }) => label),
      ['"a b"', 'd'],
    );
    assert.notEqual(child(result, 0).id, child(result, 1).id);
  });

  it('is outdated with all below until there is a new value', () => {
    const root = tree();
    root.outdate();
    assert.ok(child(child(root, 0), 0).outdated);
    child(root, 0).setParts([part({ attribute: 'a b' }, '"a b"')], 1);
    assert.ok(!child(child(root, 0), 0).outdated);
    assert.ok(child(root, 0).outdated);
  });

  it('has an icon for each kind', () => {
    for (const icon of Object.values(valueIcons)) assert.match(icon, /^[a-z-]+$/);
  });
});
