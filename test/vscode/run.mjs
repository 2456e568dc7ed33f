// The end-to-end test in a real editor: VS Code in the browser, with the
// packaged extension, on a copy of the sample workspace.
//
// Prints `N passed, N failed` last. Skips, and says why, where there is no
// browser; in continuous integration that is a failure. `NIXRAY_VSIX` names a
// package to test instead of building one. Screenshots go to out/screenshots.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makePackage } from '../../scripts/package.mjs';
import { Editor } from './editor.mjs';
import { findChromium, install } from './install.mjs';
import { startEditor } from './rig.mjs';
import { valueSteps } from './value-steps.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const screenshots = join(root, 'out', 'screenshots');

/** What the test does, in order; each step starts where the one before has left the editor. */
const trustedSteps = [
  ['shows the value of an expression on hover', hoversValues],
  ['highlights the source', highlights],
  ['lists the problem of a file that fails to evaluate', listsProblem],
  ['follows the problem into another file', followsRelatedInformation],
  ['drops the problem when it is fixed by typing', fixesProblem],
  ['shows the byte code beside the source', showsBytecode],
  ['marks the byte code of the expression at the cursor', marksBytecode],
  ['marks the source of the instruction at the cursor', marksSource],
  ['changes the byte code as the source is typed', updatesBytecode],
  ['evaluates the selection', evaluatesSelection],
  ['shows a value that does not fit on the line in a document', opensLongValue],
  ['answers after the server was restarted', restarts],
  ['opens an empty file without complaint', opensEmptyFile],
  ['highlights Nix in Markdown', highlightsMarkdown],
  ['explains the names of a flake', explainsFlake],
  ['indents by two', indents],
  ['proposes what may stand in a string as its quote is typed', proposesInStrings],
  ['formats a document', formats],
  ['changes the paths that name a file when it is renamed', followsRenamedFile],
];

/** The same for a folder that the user has not trusted yet. */
const untrustedSteps = [
  ['evaluates nothing in an untrusted folder', evaluatesNothing],
  ['evaluates once the folder is trusted', evaluatesOnceTrusted],
];

const scenarios = [
  { steps: trustedSteps, settings: {} },
  { steps: valueSteps, settings: {} },
  {
    steps: untrustedSteps,
    settings: { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' },
  },
];
const flake = `{
  inputs = {
    teapot.url = "path:./teapot";
  };
  outputs = { self, ... }: { };
}
`;
const total = scenarios.reduce((sum, { steps }) => sum + steps.length, 0);

async function hoversValues(editor) {
  await editor.openFile('tour.nix');
  await editor.hover('tour.nix', 'seats = 4 * 6 + 2', '+', '26');
}

async function highlights(editor) {
  const color = (word) =>
    editor
      .pane('tour.nix')
      .locator('.view-line span span')
      .filter({ hasText: word })
      .first()
      .evaluate((element) => getComputedStyle(element).color);
  assert.notEqual(await color(/^let$/), await color(/Start/), 'keywords and comments have the same colour');
  // No grammar knows that a name from a `with` is called; the server's colours come a little later.
  for (let attempt = 1; (await color(/^\s*upper$/)) === (await color(/^\s*shouted$/)); attempt++) {
    assert.ok(attempt < 50, 'functions and other names have the same colour');
    await editor.page.waitForTimeout(100);
  }
  assert.equal(await color(/^\s*upper$/), await color(/^\s*map$/), 'functions have different colours');
}

async function listsProblem(editor) {
  await editor.openFile('brew.nix');
  await editor.showProblems();
  await editor.problem('not a duration').first().waitFor();
}

async function followsRelatedInformation(editor) {
  const related = editor.problem('durations.nix').first();
  if (!(await related.isVisible())) {
    await editor.problem('not a duration').first().click();
    await editor.page.keyboard.press('ArrowRight');
  }
  await related.waitFor();
  await related.dblclick();
  await editor.page.locator('.tab.active[data-resource-name="durations.nix"]').waitFor();
}

async function fixesProblem(editor) {
  await editor.openFile('brew.nix');
  await editor.problem('not a duration').first().waitFor();
  await editor.select('brew.nix', 'durations.parse "ninety"', 'ninety');
  await editor.page.keyboard.type('90 seconds');
  await editor.problem('not a duration').first().waitFor({ state: 'detached' });
  await editor.command('View: Toggle Panel Visibility');
}

async function showsBytecode(editor) {
  await editor.openFile('tour.nix');
  await editor.click('tour.nix', 'seats = 4 * 6 + 2', 'seats');
  await editor.command('Nixray: Show Bytecode');
  // The heading of the first chunk may stick to the top, where no text can be pointed at.
  await editor.pointOf('tour.nix.bytecode', 'thunk lib', 'thunk');
  await editor.pointOf('tour.nix.bytecode', 'Constant', 'Constant');
}

async function marksBytecode(editor) {
  await editor.click('tour.nix', 'seats = 4 * 6 + 2', '6');
  await editor.until(
    async () => (await editor.marks('tour.nix.bytecode')) > 0,
    'no line of the byte code is marked',
  );
}

async function marksSource(editor) {
  await editor.click('tour.nix.bytecode', 'Mul', 'Mul');
  await editor.until(async () => (await editor.marks('tour.nix')) > 0, 'nothing in the source is marked');
}

async function updatesBytecode(editor) {
  await editor.click('tour.nix', 'seats = 4 * 6 + 2', 'seats');
  const text = async () => (await editor.visibleLines('tour.nix.bytecode')).join('\n');
  const before = await text();
  await editor.page.keyboard.press('End');
  await editor.page.keyboard.press('ArrowLeft');
  await editor.page.keyboard.type(' + 12345');
  await editor.until(async () => (await text()) !== before, 'the byte code has not changed');
  await editor.hover('tour.nix', 'seats = 4 * 6 + 2 + 12345', 'seats', '12371');
}

async function evaluatesSelection(editor) {
  await editor.select('tour.nix', 'seats = 4', 'seats');
  await editor.command('Nixray: Evaluate Selection');
  const shown = async () => (await editor.inlineTexts('tour.nix')).some((text) => text.includes('= 12371'));
  await editor.until(shown, 'the value is not behind the line');
}

async function opensLongValue(editor) {
  await editor.click('tour.nix', 'menu = import ./menu.nix', 'menu');
  await editor.command('Nixray: Evaluate Selection');
  await editor.pointOf('The value at tour.nix 5.nix', '# The value at tour.nix:5', 'value');
  await editor.pointOf('The value at tour.nix 5.nix', 'byKind', 'byKind');
}

async function restarts(editor) {
  await editor.command('Nixray: Restart Server');
  await editor.openFile('tour.nix');
  await editor.hover('tour.nix', 'seats = 4 * 6 + 2 + 12345', 'seats', '12371');
}

async function opensEmptyFile(editor) {
  await editor.openFile('empty.nix');
  await editor.command('Nixray: Show Bytecode');
  await editor.pointOf('empty.nix.bytecode', '#', '#');
  await editor.command('Nixray: Evaluate Selection');
  await editor.page.waitForTimeout(1000);
  const errors = editor.page.locator('.notification-toast .codicon-error');
  assert.equal(await errors.count(), 0, 'a message about an error has popped up');
}

async function highlightsMarkdown(editor) {
  await editor.openFile('notes.md');
  const color = async (word) => {
    const span = editor.pane('notes.md').locator('.view-line span span').filter({ hasText: word }).first();
    return span.evaluate((element) => getComputedStyle(element).color);
  };
  assert.notEqual(await color(/^let$/), await color(/Plain/), 'the block is not highlighted');
}

async function explainsFlake(editor) {
  await editor.openFile('flake.nix', 'travel');
  await editor.hover('flake.nix', 'teapot.url', 'url', 'where it is');
}

async function indents(editor) {
  await editor.click('flake.nix', 'teapot.url', 'teapot');
  await editor.page.keyboard.press('End');
  await editor.page.keyboard.press('Enter');
  await editor.page.keyboard.type('kettle.follows = ');
  await editor.pointOf('flake.nix', '    kettle.follows', 'follows');
}

async function proposesInStrings(editor) {
  await editor.page.keyboard.type('"');
  await editor.page.locator('.suggest-widget .monaco-list-row').filter({ hasText: 'teapot' }).waitFor();
  await editor.page.keyboard.press('Tab');
  await editor.page.keyboard.press('End');
  await editor.page.keyboard.type(';');
  await editor.pointOf('flake.nix', 'kettle.follows = "teapot";', 'teapot');
}

async function formats(editor) {
  await editor.openFile('empty.nix');
  await editor.page.keyboard.type('{a=1;b=2;}');
  await editor.command('Format Document');
  await editor.pointOf('empty.nix', '  b = 2;', 'b');
}

async function followsRenamedFile(editor) {
  await editor.renameFile('menu.nix', 'card.nix');
  await editor.openFile('tour.nix');
  await editor.pointOf('tour.nix', 'menu = import ./card.nix', 'card');
  await editor.hover('tour.nix', 'menu = import ./card.nix', 'menu', 'byKind');
}

async function evaluatesNothing(editor) {
  await editor.openFile('brew.nix');
  await editor.showProblems();
  await editor.page.locator('.statusbar-item[aria-label*="untrusted"]').first().waitFor();
  await editor.command('Nixray: Show Bytecode');
  await editor.pointOf('brew.nix.bytecode', 'toplevel', 'toplevel');
  assert.equal(await editor.problem('not a duration').count(), 0, 'the file was evaluated');
}

async function evaluatesOnceTrusted(editor) {
  await editor.command('Workspaces: Manage Workspace Trust');
  await editor.page
    .locator('.workspace-trust-editor .monaco-button')
    .filter({ hasText: 'Trust' })
    .first()
    .click();
  await editor.problem('not a duration').first().waitFor();
}

/** A copy of the sample that the test may write to, and that holds three files more. */
function workspaceCopy() {
  const folder = join(mkdtempSync(join(tmpdir(), 'nixray-sample-')), 'sample');
  cpSync(join(root, 'sample'), folder, { recursive: true });
  writeFileSync(join(folder, 'empty.nix'), '');
  writeFileSync(join(folder, 'notes.md'), 'Plain text\n\n```nix\nlet a = 1; in a\n```\n');
  mkdirSync(join(folder, 'travel'));
  writeFileSync(join(folder, 'travel', 'flake.nix'), flake);
  return folder;
}

/** Performs steps, numbered from `first` on; gives the number of those that failed. */
async function perform(editor, steps, first) {
  let failed = 0;
  for (const [index, [title, step]] of steps.entries()) {
    const started = Date.now();
    let problem;
    try {
      await step(editor);
    } catch (error) {
      problem = error;
      failed++;
    }
    const name = `${String(first + index).padStart(2, '0')}-${title.replaceAll(' ', '-')}`;
    await editor.page.screenshot({ path: join(screenshots, `${name}${problem ? '-failed' : ''}.png`) });
    console.log(`  ${problem ? '✘' : '✔'} ${title} (${Date.now() - started} ms)`);
    if (problem) console.log(`      ${String(problem.message).split('\n').slice(0, 6).join('\n      ')}`);
    if (problem) await editor.page.keyboard.press('Escape');
  }
  return failed;
}

/** Performs a scenario in an editor and a browser of its own. */
async function performScenario({ steps, settings }, vsix, first) {
  const { chromium } = await import('playwright-core');
  const folder = workspaceCopy();
  const log = process.env.NIXRAY_LOG ? (text) => process.stderr.write(text) : undefined;
  const server = await startEditor({ vsix, folder, settings, log });
  let browser;
  try {
    browser = await chromium.launch({
      executablePath: findChromium(),
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'],
    });
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const editor = new Editor(page);
    await editor.open(server.address);
    return await perform(editor, steps, first);
  } catch (error) {
    console.log(error.stack ?? String(error));
    return steps.length;
  } finally {
    await browser?.close();
    server.stop();
    rmSync(dirname(folder), { recursive: true, force: true });
  }
}

async function test() {
  rmSync(screenshots, { recursive: true, force: true });
  mkdirSync(screenshots, { recursive: true });
  const vsix = process.env.NIXRAY_VSIX
    ? resolve(process.env.NIXRAY_VSIX)
    : makePackage(join(root, 'out', 'nixray.vsix'), { quiet: true });
  assert.ok(existsSync(vsix), `there is no package ${vsix}`);
  let failed = 0;
  let first = 1;
  for (const scenario of scenarios) {
    failed += await performScenario(scenario, vsix, first);
    first += scenario.steps.length;
  }
  return failed;
}

function skip(reason) {
  console.log(`The test in VS Code is skipped: ${reason}`);
  console.log(`0 passed, 0 failed, ${total} skipped`);
  if (process.env.CI) process.exitCode = 1;
}

/** Installs what is missing; gives the reason if that cannot be done. */
function prepare() {
  try {
    install();
  } catch (error) {
    return error.message;
  }
  return findChromium() === undefined ? 'there is no Chromium' : undefined;
}

const obstacle = prepare();
if (obstacle !== undefined) skip(obstacle);
else {
  console.log('Nixray in VS Code');
  let failed = total;
  try {
    failed = await test();
  } catch (error) {
    console.log(error.stack ?? String(error));
  }
  if (failed > 0) process.exitCode = 1;
  console.log(`${total - failed} passed, ${failed} failed`);
}
