import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import type { Child, ChildEvents, Launch } from '../../../server/src/evaluator/child';
import type { Call, Notice, ToEvaluator } from '../../../server/src/evaluator/rpc';
import type { EvaluatorSettings, ValueReport } from '../../../server/src/evaluator/service';
import { Supervisor, type Replacement } from '../../../server/src/evaluator/supervisor';

const settings: EvaluatorSettings = {
  timeout: 1000,
  memory: 100,
  maxCallDepth: 10,
  environment: [],
  system: '',
  searchPath: [],
  arguments: {},
  folders: [],
  reach: 'file',
  cacheFolder: '',
};
const range = { start: 0, end: 1 };
const value = (text: string): ValueReport => ({ value: text, type: 'string', range });
const cancelled: ValueReport = { error: { message: 'cancelled', code: 'cancelled', trace: [] }, range };

/** A process that does what the test says. */
class FakeChild implements Child {
  readonly calls: { id: number; call: Call }[] = [];
  readonly notices: Notice[] = [];
  readonly cancels: number[] = [];
  killed = false;
  private ended = false;

  constructor(
    readonly memory: number,
    readonly events: ChildEvents,
  ) {
    queueMicrotask(() => events.onMessage({ kind: 'ready' }));
  }

  send(message: ToEvaluator): void {
    if (message.kind === 'call') this.calls.push(message);
    else if (message.kind === 'notice') this.notices.push(message.notice);
    else this.cancels.push(message.id);
  }

  kill(): void {
    this.killed = true;
    setImmediate(() => this.end('crash'));
  }

  end(reason: 'memory' | 'crash'): void {
    if (this.ended) return;
    this.ended = true;
    this.events.onExit({ reason, log: '' });
  }

  /** Answers the last call. */
  answer(result: ValueReport | undefined): void {
    this.events.onMessage({ kind: 'answer', id: this.calls.at(-1)!.id, result });
  }

  get last(): Call | undefined {
    return this.calls.at(-1)?.call;
  }
}

class Rig {
  readonly children: FakeChild[] = [];
  readonly replacements: Replacement[] = [];
  readonly busy: boolean[] = [];
  readonly read: string[] = [];
  readonly surrenders: string[] = [];
  readonly supervisor: Supervisor;

  constructor(patience: ConstructorParameters<typeof Supervisor>[2] = {}) {
    const launch: Launch = (memory, events) => {
      const child = new FakeChild(memory, events);
      this.children.push(child);
      return child;
    };
    const events = {
      replaced: (replacement: Replacement) => void this.replacements.push(replacement),
      gaveUp: (message: string) => void this.surrenders.push(message),
      busy: (busy: boolean) => void this.busy.push(busy),
      read: (paths: readonly string[]) => void this.read.push(...paths),
      log: () => {},
    };
    this.supervisor = new Supervisor(launch, events, {
      overtime: 10,
      grace: 20,
      graceWhileWaiting: 20,
      turn: 30,
      ...patience,
    });
    this.supervisor.configure(settings);
    this.supervisor.setEnabled(true);
  }

  get child(): FakeChild {
    return this.children.at(-1)!;
  }
}

const pause = (milliseconds = 0): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('supervisor', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = new Rig();
    await pause();
  });
  afterEach(() => rig.supervisor.dispose());

  it('tells settings and documents before the first call, and each text once', async () => {
    const { supervisor } = rig;
    supervisor.setDocument('/a.nix', '1');
    supervisor.setDocument('/a.nix', '2');
    const hover = supervisor.ask('hover', '/a.nix', 0, 3);
    deepStrictEqual(
      rig.child.notices.map((notice) => (notice.method === 'setDocument' ? notice.args[1] : notice.method)),
      ['configure', '2'],
    );
    rig.child.answer(value('2'));
    deepStrictEqual(await hover.outcome, { result: value('2') });
    void supervisor.ask('hover', '/a.nix', 0, 3);
    strictEqual(rig.child.notices.length, 2);
    supervisor.closeDocument('/a.nix');
    rig.child.answer(value('2'));
    void supervisor.ask('hover', '/a.nix', 0, 3);
    strictEqual(rig.child.notices.at(-1)!.method, 'closeDocument');
  });

  it('runs one call at a time and reports when it is busy', async () => {
    const first = rig.supervisor.ask('hover', '/a', 1, 3);
    const second = rig.supervisor.ask('hover', '/a', 2, 3);
    strictEqual(rig.child.calls.length, 1);
    rig.child.answer(value('1'));
    rig.child.answer(undefined);
    deepStrictEqual(await first.outcome, { result: value('1') });
    deepStrictEqual(await second.outcome, { result: undefined });
    deepStrictEqual(rig.busy, [true, false]);
  });

  it('interrupts the background for a hover, and tries it again afterwards', async () => {
    const diagnosis = rig.supervisor.ask('diagnose', '/a');
    const hover = rig.supervisor.ask('hover', '/b', 0, 3);
    strictEqual(rig.child.cancels.length, 1);
    rig.child.events.onMessage({ kind: 'interrupted', id: 1, reason: 'cancelled', message: '' });
    strictEqual(rig.child.last!.method, 'hover');
    rig.child.answer(value('1'));
    await hover.outcome;
    strictEqual(rig.child.last!.method, 'diagnose');
    const result = { diagnostics: [], dependencies: [], awaitsOther: false };
    rig.child.events.onMessage({ kind: 'answer', id: 3, result });
    deepStrictEqual(await diagnosis.outcome, { result });
  });

  it('takes what a call found although it was interrupted', async () => {
    const diagnosis = rig.supervisor.ask('diagnose', '/a');
    rig.supervisor.setDocument('/b', '1');
    strictEqual(rig.child.cancels.length, 1);
    const result = { diagnostics: [], dependencies: ['/c'], awaitsOther: false };
    rig.child.events.onMessage({ kind: 'answer', id: 1, result });
    deepStrictEqual(await diagnosis.outcome, { result });
  });

  it('asks again with all of the time where kept values have made way', async () => {
    const hover = rig.supervisor.ask('hover', '/a', 0, 3);
    await pause(600);
    rig.child.events.onMessage({ kind: 'again', id: 1 });
    strictEqual(rig.child.calls.length, 2);
    await pause(600);
    deepStrictEqual(rig.child.cancels, []);
    rig.child.answer(value('1'));
    deepStrictEqual(await hover.outcome, { result: value('1') });
  });

  it('does not ask again for what nobody wants any more', async () => {
    const hover = rig.supervisor.ask('hover', '/a', 0, 3);
    hover.cancel();
    rig.child.events.onMessage({ kind: 'again', id: 1 });
    strictEqual(rig.child.calls.length, 1);
    ok('stopped' in (await hover.outcome));
  });

  it('passes on what a call has read, whatever becomes of the call', async () => {
    const hover = rig.supervisor.ask('hover', '/a', 0, 3);
    rig.child.events.onMessage({ kind: 'read', paths: ['/b', '/c'] });
    rig.child.events.onMessage({ kind: 'interrupted', id: 1, reason: 'timeout', message: 'late' });
    ok('stopped' in (await hover.outcome));
    deepStrictEqual(rig.read, ['/b', '/c']);
  });

  it('cancels what runs and what waits', async () => {
    const running = rig.supervisor.ask('hover', '/a', 0, 3);
    const waiting = rig.supervisor.ask('hover', '/a', 1, 3);
    waiting.cancel();
    running.cancel();
    for (const { outcome } of [running, waiting]) {
      const result = await outcome;
      ok('stopped' in result && result.stopped.reason === 'cancelled');
    }
    rig.child.answer(cancelled);
    strictEqual(rig.child.calls.length, 1);
    deepStrictEqual(rig.replacements, []);
  });

  it('lets calls of the foreground take turns', async () => {
    const long = rig.supervisor.ask('hover', '/long', 0, 3);
    const short = rig.supervisor.ask('hover', '/short', 0, 3);
    await pause(45);
    strictEqual(rig.child.cancels.length, 1);
    rig.child.answer(cancelled);
    rig.child.answer(value('short'));
    deepStrictEqual(await short.outcome, { result: value('short') });
    rig.child.answer(value('long'));
    deepStrictEqual(await long.outcome, { result: value('long') });
  });

  it('stops a call at its time limit', async () => {
    rig.supervisor.configure({ ...settings, timeout: 20 });
    const hover = rig.supervisor.ask('hover', '/a', 0, 3);
    await pause(45);
    strictEqual(rig.child.cancels.length, 1);
    rig.child.answer(cancelled);
    const outcome = await hover.outcome;
    ok('stopped' in outcome && outcome.stopped.reason === 'timeout');
    strictEqual(rig.children.length, 1);
  });

  it('replaces a process that does not stop, tells once, and sends everything again', async () => {
    rig.supervisor.dispose();
    rig = new Rig({ turn: 10_000 });
    await pause();
    rig.supervisor.configure({ ...settings, timeout: 20 });
    rig.supervisor.setDocument('/a', 'text');
    const stuck = rig.supervisor.ask('hover', '/a', 0, 3);
    const waiting = rig.supervisor.ask('hover', '/a', 1, 3);
    const outcome = await stuck.outcome;
    ok('stopped' in outcome);
    strictEqual(outcome.stopped.reason, 'timeout');
    strictEqual(rig.children.length, 2);
    ok(rig.children[0]!.killed);
    await pause();
    deepStrictEqual(
      rig.child.notices.map(({ method }) => method),
      ['configure', 'setDocument'],
    );
    rig.child.answer(value('here'));
    deepStrictEqual(await waiting.outcome, { result: value('here') });
    strictEqual(rig.replacements.length, 1);
    strictEqual(rig.replacements[0]!.path, '/a');
  });

  it('gives a call that did not make way a second try, and no third', async () => {
    const diagnosis = rig.supervisor.ask('diagnose', '/slow');
    const first = rig.supervisor.ask('hover', '/a', 0, 3);
    await pause(40);
    strictEqual(rig.children.length, 2);
    rig.child.answer(value('1'));
    await first.outcome;
    deepStrictEqual(rig.replacements, []);
    strictEqual(rig.child.last!.method, 'diagnose');
    void rig.supervisor.ask('hover', '/a', 0, 3);
    const outcome = await diagnosis.outcome;
    ok('stopped' in outcome && outcome.stopped.reason === 'timeout');
    strictEqual(rig.replacements.length, 1);
  });

  it('does not let hovers put off the end of a process that is stuck', async () => {
    void rig.supervisor.ask('diagnose', '/slow');
    for (let i = 0; i < 8; i++) {
      void rig.supervisor.ask('hover', '/a', i, 3);
      await pause(8);
    }
    ok(rig.children.length >= 2);
  });

  it('takes no late answer of a process that is being ended', async () => {
    void rig.supervisor.ask('diagnose', '/slow');
    const hover = rig.supervisor.ask('hover', '/a', 0, 3);
    await pause(22);
    const [first] = rig.children;
    strictEqual(rig.children.length, 2);
    first!.events.onMessage({
      kind: 'answer',
      id: 1,
      result: { diagnostics: [], dependencies: [], awaitsOther: false },
    });
    first!.end('crash');
    await pause();
    strictEqual(rig.children.length, 2);
    rig.child.answer(value('1'));
    deepStrictEqual(await hover.outcome, { result: value('1') });
  });

  it('replaces a process that ran out of memory, and answers for the call that ran', async () => {
    const hover = rig.supervisor.ask('hover', '/a', 0, 3);
    rig.child.end('memory');
    const outcome = await hover.outcome;
    ok('stopped' in outcome && outcome.stopped.reason === 'memory');
    match(outcome.stopped.message, /limit of 100 MiB/);
    strictEqual(rig.children.length, 2);
    strictEqual(rig.replacements[0]!.reason, 'memory');
  });

  it('gives up on a process that does not start, until the settings change', async () => {
    const hover = rig.supervisor.ask('hover', '/a', 0, 3);
    rig.child.end('crash');
    await pause();
    rig.child.end('crash');
    await hover.outcome;
    for (let i = 0; i < 5; i++) rig.child.end('crash');
    const outcome = await rig.supervisor.ask('hover', '/a', 0, 3).outcome;
    ok('stopped' in outcome && outcome.stopped.reason === 'crash');
    const { length } = rig.children;
    // One for the call, one for its second try, and three that did not start.
    strictEqual(length, 5);
    // It is said once, and not that evaluation was started again.
    strictEqual(rig.surrenders.length, 1);
    rig.supervisor.configure(settings);
    strictEqual(rig.children.length, length + 1);
  });

  it('tries a call again whose process died without a word, and no third time', async () => {
    const hover = rig.supervisor.ask('hover', '/a', 0, 3);
    rig.child.end('crash');
    await pause();
    rig.child.answer(value('1'));
    deepStrictEqual(await hover.outcome, { result: value('1') });
    const other = rig.supervisor.ask('hover', '/a', 1, 3);
    await pause();
    rig.child.end('crash');
    await pause();
    rig.child.end('crash');
    const outcome = await other.outcome;
    ok('stopped' in outcome && outcome.stopped.reason === 'crash');
    strictEqual(rig.replacements.length, 1);
  });

  it('starts a new process for another memory limit, and tries again what ran', async () => {
    const hover = rig.supervisor.ask('hover', '/a', 0, 3);
    rig.supervisor.configure({ ...settings, memory: 200 });
    strictEqual(rig.child.memory, 200);
    await pause();
    rig.child.answer(value('1'));
    deepStrictEqual(await hover.outcome, { result: value('1') });
    await pause();
    deepStrictEqual(rig.replacements, []);
  });

  it('answers everything when it is switched off', async () => {
    const hover = rig.supervisor.ask('hover', '/a', 0, 3);
    rig.supervisor.setEnabled(false, 'No trust.');
    const outcome = await hover.outcome;
    ok('stopped' in outcome && outcome.stopped.message === 'No trust.');
    ok(rig.child.killed);
    const later = await rig.supervisor.ask('hover', '/a', 0, 3).outcome;
    ok('stopped' in later && later.stopped.reason === 'disabled');
    await pause(5);
    strictEqual(rig.children.length, 1);
  });
});
