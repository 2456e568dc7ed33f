// Steps on values at a glance: the tree of a file's value, expressions of one's own
// in the scope at the cursor, the call that a function is shown in.
import assert from 'node:assert/strict';

export const valueSteps = [
  ['shows the value of a file as a tree', showsTree],
  ['opens a value level by level', opensLevels],
  ['follows edits in the tree and keeps what is open', followsEdits],
  ['goes from the tree to where a value was defined', goesToDefinition],
  ['keeps the tree of the file when it leads into another one', keepsTree],
  ['shows in the tree what a function gives in a call', showsResult],
  ['shows errors in their place in the tree', showsErrors],
  ['evaluates all of a value', evaluatesDeeply],
];

async function showsTree(editor) {
  await editor.showValue('menu.nix');
  await editor.value('byKind').waitFor();
}

async function opensLevels(editor) {
  await editor.openValue('byName');
  await editor.openValue('Assam');
  await editor.value('price', '380').waitFor();
}

async function followsEdits(editor) {
  await editor.select('menu.nix', 'name = "Assam"', '380');
  await editor.page.keyboard.type('395');
  await editor.value('price', '395').waitFor();
  assert.equal(await editor.value('temperature').count(), 1, 'what was open is closed');
  await editor.page.keyboard.press('Control+z');
  await editor.value('price', '380').waitFor();
}

async function goesToDefinition(editor) {
  await editor.value('house').first().click();
  await editor.until(async () => (await editor.cursorLine()) === 16, 'the cursor is not at the definition');
}

async function keepsTree(editor) {
  await editor.command('View: Show Explorer');
  await editor.page.getByRole('treeitem', { name: 'lib', exact: true }).click();
  await editor.showValue('default.nix');
  await editor.openValue('money');
  await editor.value('format').click();
  await editor.page.locator('.tab.active[data-resource-name="money.nix"]').waitFor();
  await editor.page.waitForTimeout(500);
  assert.equal(await editor.value('default.nix').count(), 1, 'the tree has followed');
}

async function showsResult(editor) {
  await editor.showValue('receipt.nix');
  await editor.value('result', 'Table 7').waitFor();
}

async function showsErrors(editor) {
  await editor.showValue('brew.nix');
  await editor.value('brew.nix', 'not a duration').waitFor();
}

async function evaluatesDeeply(editor) {
  await editor.showValue('menu.nix');
  const row = editor.value('byName').first();
  await row.click({ button: 'right' });
  await editor.page
    .locator('.context-view .action-item')
    .filter({ hasText: 'Evaluate Deeply' })
    .first()
    .click();
  await editor.pointOf('All of byName in menu.nix', 'Silver Needle', 'Silver');
}
