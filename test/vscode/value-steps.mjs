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
  ['evaluates any expression in the scope at the cursor', evaluatesInScope],
  ['leads from the trace of an error to its place', followsTrace],
  ['remembers the expressions', remembersExpressions],
  ['chooses another call of a function', choosesCall],
  ['links the call in a hover', linksCall],
  ['offers other calls in a hover', choosesCallInHover],
  ['follows the link of a hover to the call that it shows', followsCall],
  ['pins the arguments of a function', pinsArguments],
  ['takes back what is pinned', unpinsArguments],
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
  await editor.showValue('default.nix', 'lib');
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
  await editor.value('byName').click({ button: 'right' });
  const action = editor.page.locator('.context-view .action-item').filter({ hasText: 'Evaluate Deeply' });
  await action.hover();
  await editor.page.keyboard.press('Enter');
  await editor.pointOf('All of byName in menu.nix', 'Silver Needle', 'Silver');
}

async function openPrompt(editor) {
  await editor.command('Nixray: Evaluate in Scope…');
  await editor.page.locator('.quick-input-title').filter({ hasText: 'Evaluate in the scope' }).waitFor();
}

async function evaluatesInScope(editor) {
  await editor.openFile('tour.nix');
  await editor.click('tour.nix', 'seats = 4 * 6 + 2', '6');
  await openPrompt(editor);
  await editor.page.keyboard.type('map (tea: tea.name + " at ${house.name}") menu.teas');
  await editor.page
    .locator('.quick-input-list .monaco-list-row')
    .filter({ hasText: '= [ "Sencha at The Hexagon"' })
    .waitFor();
  await editor.page.waitForTimeout(300);
  await editor.page.keyboard.press('Enter');
  await editor.pointOf(/ at tour.nix 8/, 'Lapsang at The Hexagon', 'Lapsang');
}

async function followsTrace(editor) {
  await editor.click('tour.nix', 'seats = 4 * 6 + 2', '6');
  await openPrompt(editor);
  await editor.page.keyboard.type('lib.durations.parse "soon"');
  await editor.page.keyboard.press('Enter');
  const line = 'not a duration';
  await editor.pointOf(/ at tour.nix 8/, line, 'duration');
  const { x, y } = await editor.pointOf(/ at tour.nix 8/, 'durations.nix:5', 'durations.nix:5');
  await editor.page.keyboard.down('Control');
  await editor.page.mouse.click(x, y);
  await editor.page.keyboard.up('Control');
  await editor.page.locator('.tab.active[data-resource-name="durations.nix"]').waitFor();
}

async function remembersExpressions(editor) {
  await editor.command('View: Close All Editors');
  await editor.openFile('tour.nix');
  await openPrompt(editor);
  const rows = editor.page.locator('.quick-input-list .monaco-list-row');
  await rows.filter({ hasText: 'durations.parse' }).waitFor();
  assert.equal(await rows.count(), 2);
  await editor.page.keyboard.press('Escape');
}

async function choosesCall(editor) {
  await editor.openFile('lists.nix', 'lib');
  await editor.click('lists.nix', 'minimumBy = measure: list:', 'measure');
  await editor.command('Nixray: Choose Call');
  await editor.page
    .locator('.quick-input-list .monaco-list-row')
    .filter({ hasText: 'tour.nix' })
    .first()
    .waitFor();
  await editor.page.keyboard.press('Escape');
}

/** Points at a parameter of a function that one place calls. */
function hoverParameter(editor) {
  return editor.hover('receipt.nix', '{ table, guests ? 2 }:', 'guests', 'in the call at');
}

async function linksCall(editor) {
  await editor.openFile('receipt.nix');
  const text = await hoverParameter(editor);
  assert.match(text, /in the call at tour\.nix:39:13, 1 of 1 – Choose Call/);
  assert.equal(await editor.hoverLink('tour.nix:39:13').count(), 1);
}

async function choosesCallInHover(editor) {
  await hoverParameter(editor);
  await editor.hoverLink('Choose Call').click();
  const row = editor.page.locator('.quick-input-list .monaco-list-row');
  await row.filter({ hasText: 'import ./receipt.nix' }).first().waitFor();
  await editor.page.keyboard.press('Escape');
}

async function followsCall(editor) {
  await editor.openFile('receipt.nix');
  await hoverParameter(editor);
  await editor.hoverLink('tour.nix:39:13').click();
  await editor.page.locator('.tab.active[data-resource-name="tour.nix"]').waitFor();
  await editor.until(async () => (await editor.cursorLine()) === 39, 'the cursor is not at the call');
}

async function pinsArguments(editor) {
  await editor.openFile('receipt.nix');
  await editor.click('receipt.nix', '{ table, guests ? 2 }:', 'table');
  await editor.command('Nixray: Pin Arguments…');
  const input = editor.page.locator('.quick-input-widget input');
  await input.waitFor();
  await editor.until(
    async () => (await input.inputValue()) === '{ table = ; }',
    'the names are not proposed',
  );
  await editor.page.keyboard.type('42');
  await editor.page.locator('.quick-input-message').filter({ hasText: '{ table = 42; }' }).waitFor();
  await editor.page.keyboard.press('Enter');
  await editor.hover('receipt.nix', '{ table, guests ? 2 }:', 'table', 'pinned in the setting');
  await editor.page.mouse.move(10, 10);
}

async function unpinsArguments(editor) {
  await editor.command('Nixray: Choose Call');
  const row = editor.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'Unpin' });
  await row.waitFor();
  await row.click();
  await editor.hover('receipt.nix', '{ table, guests ? 2 }:', 'table', 'in the call at');
}
