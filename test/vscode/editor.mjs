// VS Code's page, as a person handles it: opens files, points at words, types,
// reads what is shown. Knows the page's structure so that the test need not.

/** How long anything may take to appear. The first answer includes the server's start. */
const patience = 60_000;

export class Editor {
  constructor(page) {
    this.page = page;
    page.setDefaultTimeout(patience);
  }

  async open(address) {
    await this.page.goto(address, { waitUntil: 'domcontentloaded' });
    await this.page.getByRole('treeitem', { name: 'tour.nix' }).waitFor({ timeout: 60_000 });
  }

  /** Opens a file of the workspace's top folder, or of a folder in it, in its own tab. */
  async openFile(name, folder) {
    const inExplorer = (label) => this.page.getByRole('treeitem', { name: label, exact: true });
    const row = inExplorer(name);
    if (!(await inExplorer('tour.nix').isVisible())) await this.command('View: Show Explorer');
    if (folder !== undefined && !(await row.isVisible())) await inExplorer(folder).click();
    await row.dblclick();
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    await this.page.locator('.editor-instance .view-line').first().waitFor();
  }

  /** Gives a file of the workspace's top folder another name, as a user does in the explorer, with the changes that go with it. */
  async renameFile(name, newName) {
    const row = (label) => this.page.getByRole('treeitem', { name: label, exact: true });
    await this.openFile(name);
    await row(name).click();
    await this.page.keyboard.press('F2');
    const input = this.page.locator('.explorer-item-edited input');
    await input.fill(newName);
    await input.press('Enter');
    await this.page.locator('.monaco-dialog-box').getByRole('button', { name: 'OK' }).click();
    await row(newName).waitFor();
  }

  /** Runs a command of the palette by its full title. A palette that was opened before it had the command is opened again. */
  async command(title) {
    const input = this.page.locator('.quick-input-widget input');
    const row = this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: title }).first();
    for (let tries = 1; ; tries++) {
      await this.page.keyboard.press('F1');
      await input.waitFor();
      await input.fill(`>${title}`);
      const found = await row.waitFor({ timeout: 3000 }).then(
        () => true,
        () => false,
      );
      if (found) break;
      if (tries === 5) throw new Error(`there is no command ${title}`);
      await this.page.keyboard.press('Escape');
    }
    await this.page.keyboard.press('Enter');
    // The command may open an input of its own, which is no palette.
    await this.until(
      async () => !(await input.isVisible()) || !(await input.inputValue()).startsWith('>'),
      'the palette does not close',
    );
  }

  /** The editor that shows the document of a name, or of one that ends as an expression says. */
  pane(name) {
    const tab = typeof name === 'string' ? `[data-resource-name="${name}"]` : '';
    const active = this.page.locator(`.tab.active${tab}`);
    const has = typeof name === 'string' ? active : active.filter({ hasText: name });
    return this.page.locator('.editor-group-container').filter({ has });
  }

  /** The text that the named document's editor shows just now, line by line. */
  async visibleLines(name) {
    const lines = await this.pane(name)
      .locator('.view-line')
      .evaluateAll((elements) =>
        elements
          .map((element) => ({ top: parseFloat(element.style.top), text: element.textContent ?? '' }))
          .sort((a, b) => a.top - b.top)
          .map(({ text }) => text.replaceAll('\u00a0', ' ')),
      );
    return lines;
  }

  /** The middle of a word on the page: the first `word` in the first shown line that holds `line`. */
  async pointOf(name, line, word) {
    const lines = this.pane(name).locator('.view-line');
    const deadline = Date.now() + patience;
    while (Date.now() < deadline) {
      const point = await lines.evaluateAll(findWord, { line, word });
      if (point) return point;
      await this.page.waitForTimeout(100);
    }
    throw new Error(`${name} shows no line with ${JSON.stringify(line)} that holds ${JSON.stringify(word)}`);
  }

  async click(name, line, word) {
    await this.atWord(name, line, word, ({ x, y }) => this.page.mouse.click(x, y));
  }

  /** Does something at a word, again where the word has moved meanwhile, as it does when a lens comes above it. */
  async atWord(name, line, word, act) {
    let point = await this.pointOf(name, line, word);
    for (let tries = 0; tries < 5; tries++) {
      await act(point);
      await this.page.waitForTimeout(100);
      const now = await this.pane(name).locator('.view-line').evaluateAll(findWord, { line, word });
      if (!now || (Math.abs(now.x - point.x) < 2 && Math.abs(now.y - point.y) < 2)) return;
      point = now;
    }
  }

  /** Selects a word by a double click. */
  async select(name, line, word) {
    await this.atWord(name, line, word, ({ x, y }) => this.page.mouse.dblclick(x, y));
  }

  /** What the hover at a word says, once it says `expected`. */
  async hover(name, line, word, expected) {
    const deadline = Date.now() + patience;
    let seen = '';
    while (Date.now() < deadline) {
      const { x, y } = await this.pointOf(name, line, word);
      await this.page.mouse.move(x - 3, y);
      await this.page.mouse.move(x, y);
      const content = this.page.locator('.monaco-hover:not(.hidden) .monaco-hover-content');
      await content
        .first()
        .waitFor({ timeout: 3000 })
        .catch(() => {});
      seen = (await content.allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');
      if (seen.includes(expected)) {
        // It fades in; a screenshot that follows shall show it whole.
        await this.page.waitForTimeout(300);
        return seen;
      }
      await this.page.mouse.move(x, y + 200);
      await this.page.waitForTimeout(300);
    }
    throw new Error(
      `the hover at ${JSON.stringify(word)} says ${JSON.stringify(seen)}, not ${JSON.stringify(expected)}`,
    );
  }

  /** A link of the hover that is shown, by its text. */
  hoverLink(text) {
    return this.page
      .locator('.monaco-hover:not(.hidden) .monaco-hover-content a')
      .getByText(text, { exact: true });
  }

  /** Opens the Problems panel. */
  async showProblems() {
    await this.command('Problems: Focus on Problems View');
    await this.page.locator('.markers-panel').waitFor();
  }

  /** The rows of the view *Value* with a label, and a text behind it. */
  value(label, text = '') {
    return this.page
      .locator('.customview-tree .monaco-list-row')
      .filter({ has: this.page.locator('.label-name').getByText(label, { exact: true }) })
      .filter({ hasText: text });
  }

  /** Opens a file, and the view of its value. */
  async showValue(name, folder) {
    await this.openFile(name, folder);
    await this.command('Nixray: Show Value as Tree');
    await this.value(name).waitFor();
  }

  /** Opens a row of the view *Value*. */
  async openValue(label) {
    const row = this.value(label).first();
    await row.waitFor();
    await row.locator('.monaco-tl-twistie').click();
    await this.until(
      async () => (await row.getAttribute('aria-expanded')) === 'true',
      `the value ${label} does not open`,
    );
  }

  /** The number of the line with the cursor, as the status bar says it. */
  async cursorLine() {
    const text = await this.page.locator('.statusbar-item[id="status.editor.selection"]').innerText();
    return Number(/Ln (\d+)/.exec(text)?.[1]);
  }

  problem(text) {
    return this.page.locator('.markers-panel .monaco-list-row').filter({ hasText: text });
  }

  /** The marks that an extension has put into an editor. */
  async marks(name) {
    return this.pane(name).locator('[class*="ced-"]').count();
  }

  /** The texts that an extension has put behind code. */
  async inlineTexts(name) {
    return this.pane(name)
      .locator('.view-line span')
      .evaluateAll((elements) =>
        elements
          .map((element) => getComputedStyle(element, '::after').content)
          .filter((content) => content !== 'none' && content !== 'normal')
          .map((content) => content.replace(/^"|"$/g, '').replaceAll('\u00a0', ' ')),
      );
  }

  /** Waits until a condition holds; the message says what was waited for. */
  async until(condition, message) {
    const deadline = Date.now() + patience;
    while (Date.now() < deadline) {
      if (await condition()) return;
      await this.page.waitForTimeout(100);
    }
    throw new Error(`after ${patience / 1000} s: ${message}`);
  }
}

/** Runs in the page. A word may be spread over several elements of a line, and blanks are not plain ones. */
function findWord(elements, { line, word }) {
  const plain = (text) => text.replaceAll('\u00a0', ' ');
  for (const element of elements) {
    const text = plain(element.textContent ?? '');
    if (!text.includes(line)) continue;
    const start = text.indexOf(word, Math.max(0, text.indexOf(line) + line.indexOf(word)));
    if (start < 0) continue;
    const range = document.createRange();
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    let passed = 0;
    let begun = false;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const length = node.textContent.length;
      if (!begun && start < passed + length) {
        range.setStart(node, start - passed);
        begun = true;
      }
      if (begun && start + word.length <= passed + length) {
        range.setEnd(node, start + word.length - passed);
        break;
      }
      passed += length;
    }
    const box = range.getBoundingClientRect();
    const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    // A line may be scrolled out of sight, or hidden below the headings that stick to the top.
    if (box.width > 0 && element.contains(document.elementFromPoint(point.x, point.y))) return point;
  }
  return undefined;
}
