/** The process that evaluates: replaced when it dies, and gone when the server is. */
import { execFileSync, fork } from 'node:child_process';
import { match, ok, strictEqual } from 'node:assert/strict';
import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { Editor } from './editor';
import { TestFolder } from './folder';

const uri = 'file:///nixray-tests/processes.nix';

/** The processes that the server has started. */
function children(editor: Editor): number[] {
  try {
    const list = execFileSync('pgrep', ['-P', String(editor.process.pid)], { encoding: 'utf8' });
    return list.split('\n').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Opens a pipe for writing where somebody reads it, and gives its descriptor; undefined otherwise. */
function openReadPipe(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

async function eventually(what: string, condition: () => boolean): Promise<void> {
  const end = Date.now() + 60_000;
  while (!condition()) {
    ok(Date.now() < end, `waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('processes', () => {
  let editor: Editor;
  before(function () {
    // The test looks for processes with a program that Windows does not have.
    if (process.platform === 'win32') this.skip();
  });
  beforeEach(async () => {
    editor = await Editor.start();
    editor.open(uri, 'let a = 1; in a + 1');
    strictEqual(await editor.value(uri, 0, 14), '1');
  });
  afterEach(() => editor.kill());

  it('replaces an evaluator that was killed, tells once, and loses nothing', async () => {
    const [first] = children(editor);
    process.kill(first!, 'SIGKILL');
    await eventually('there is another one', () => children(editor).some((pid) => pid !== first));
    strictEqual(await editor.value(uri, 0, 16), '2');
    await editor.until('a message', () => editor.messages.length > 0);
    strictEqual(editor.messages.length, 1);
    match(editor.messages[0]!, /ended unexpectedly/);
    const [second] = children(editor);
    process.kill(second!, 'SIGKILL');
    await eventually('there is a third one', () => children(editor).some((pid) => pid !== second));
    strictEqual(await editor.value(uri, 0, 16), '2');
  });

  it('starts no evaluator without trust, and ends it when trust is taken back', async () => {
    strictEqual(children(editor).length, 1);
    editor.send('nixray/didChangeTrust', { trusted: false });
    await eventually('it is gone', () => children(editor).length === 0);
    strictEqual(await editor.hover(uri, 0, 16), null);
  });

  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    it(`leaves no evaluator behind after ${signal}`, async () => {
      const [child] = children(editor);
      editor.process.kill(signal);
      await eventually('it is gone', () => !isAlive(child!));
    });
  }

  it('leaves no evaluator behind when its input ends', async () => {
    const [child] = children(editor);
    editor.process.stdin!.end();
    await eventually('it is gone', () => !isAlive(child!));
  });
});

describe('an editor', () => {
  const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

  it('waits for nothing after its server was killed in the middle of a message', async () => {
    const editor = await Editor.start();
    const before = timers();
    editor.process.stdout!.emit('data', Buffer.from('Content-Length: 100\r\n\r\n{ "jsonrpc'));
    editor.kill();
    await editor.exited();
    strictEqual(timers(), before);
  });
});

describe('the evaluator without its server', () => {
  before(function () {
    // Windows has no pipes in folders.
    if (process.platform === 'win32') this.skip();
  });

  it('ends although its thread waits for the operating system', async () => {
    const folder = new TestFolder();
    const pipe = join(folder.path, 'pipe');
    execFileSync('mkfifo', [pipe]);
    folder.write(
      'block.cjs',
      `const { isMainThread } = require('node:worker_threads');
      if (!isMainThread) require('node:fs').readFileSync(${JSON.stringify(pipe)});`,
    );
    const evaluator = fork(join(__dirname, '../../dist/evaluator.js'), ['256'], {
      execArgv: ['--require', join(folder.path, 'block.cjs')],
    });
    const exited = once(evaluator, 'exit');
    let descriptor: number | undefined;
    try {
      await eventually('the thread reads', () => (descriptor = openReadPipe(pipe)) !== undefined);
      // It has opened the pipe; a moment later it waits for what is never written.
      await delay(300);
      evaluator.disconnect();
      await Promise.race([exited, delay(5000)]);
      ok(!isAlive(evaluator.pid!), 'the process is still there');
    } finally {
      evaluator.kill('SIGKILL');
      if (descriptor !== undefined) closeSync(descriptor);
      folder.dispose();
    }
  });
});

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
