/**
 * Shows the user what evaluation is doing: the status, and progress where an
 * evaluation takes long enough to be noticed.
 */
import type { StatusParams } from '../../../shared/src/protocol';
import type { Editor, Progress } from './editor';

/** Milliseconds after which an evaluation is worth a word. */
const noticeable = 500;

export class Activity {
  private timer: NodeJS.Timeout | undefined;
  private progress: Promise<Progress | undefined> | undefined;
  private shown: StatusParams = { state: 'idle' };

  constructor(private readonly editor: Editor) {}

  busy(busy: boolean): void {
    clearTimeout(this.timer);
    if (busy) this.timer = setTimeout(() => this.begin(), noticeable);
    else this.end();
  }

  /** Evaluation was switched off, for a reason to show, or on. */
  disabled(reason: string | undefined): void {
    if (reason !== undefined) this.show({ state: 'disabled', message: reason });
    else if (this.shown.state === 'disabled') this.show({ state: 'idle' });
  }

  restarted(message: string): void {
    this.show({ state: 'restarted', message });
  }

  /** An evaluation came to its end in order: the restart is no news any more. */
  succeeded(): void {
    if (this.shown.state === 'restarted') this.show({ state: 'idle' });
  }

  private begin(): void {
    this.show({ state: 'evaluating' });
    this.progress ??= this.editor.beginProgress('Nixray', 'evaluating');
  }

  private end(): void {
    if (this.shown.state === 'evaluating') this.show({ state: 'idle' });
    const { progress } = this;
    this.progress = undefined;
    void progress?.then((shown) => shown?.end());
  }

  private show(status: StatusParams): void {
    if (status.state === this.shown.state && status.message === this.shown.message) return;
    this.shown = status;
    this.editor.status(status);
  }
}
