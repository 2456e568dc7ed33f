/**
 * What the evaluator has to be told before its next call: settings, the texts
 * of open documents, files that changed on disk.
 *
 * It remembers everything that a new process needs, so that nothing is lost
 * when one is replaced, and it sends a document once for many edits.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Bytes } from '../base/bytes';
import { editBetween } from '../syntax/reparse';
import { ChosenCalls } from './chosen-calls';
import type { Notice } from './rpc';
import type { CallReference, EvaluatorSettings } from './service';

export class ToldState {
  private readonly documents = new Map<Bytes, Bytes>();
  private settings: EvaluatorSettings | undefined;
  /** Documents whose text, or whose end, the process has not heard of. */
  private readonly untoldDocuments = new Set<Bytes>();
  private readonly untoldFiles = new Set<Bytes>();
  private settingsUntold = false;
  private readonly chosen = new ChosenCalls();
  private choicesUntold = false;
  /** Functions for which no call is chosen any more. */
  private untoldEnds: { path: Bytes; offset: number }[] = [];

  /** Settings that are the same as before are not told again: the process would forget all values. */
  configure(settings: EvaluatorSettings): void {
    if (!isDeepStrictEqual(settings, this.settings)) this.settingsUntold = true;
    this.settings = settings;
  }

  setDocument(path: Bytes, text: Bytes): void {
    const before = this.documents.get(path);
    if (before !== undefined && !this.chosen.isEmpty && before !== text)
      this.chosen.edited(path, editBetween(before, text));
    this.documents.set(path, text);
    this.untoldDocuments.add(path);
  }

  chooseCall(path: Bytes, offset: number, call: CallReference | undefined): void {
    this.chosen.choose(path, offset, call);
    if (call === undefined) this.untoldEnds.push({ path, offset });
    this.choicesUntold = true;
  }

  closeDocument(path: Bytes): void {
    if (this.documents.delete(path)) this.untoldDocuments.add(path);
  }

  filesChanged(paths: readonly Bytes[]): void {
    for (const path of paths) {
      this.untoldFiles.add(path);
      if (!this.documents.has(path)) this.chosen.changed(path);
    }
  }

  /** The process is a new one: it knows no document, and reads every file afresh. */
  forgetTold(): void {
    this.settingsUntold = this.settings !== undefined;
    this.choicesUntold = true;
    this.untoldFiles.clear();
    this.untoldEnds = [];
    this.untoldDocuments.clear();
    for (const path of this.documents.keys()) this.untoldDocuments.add(path);
  }

  /** What to tell now; it counts as told afterwards. */
  take(): Notice[] {
    const notices: Notice[] = [];
    if (this.settingsUntold) notices.push({ method: 'configure', args: [this.settings!] });
    this.settingsUntold = false;
    for (const { path, offset } of this.untoldEnds)
      notices.push({ method: 'chooseCall', args: [path, offset, undefined] });
    this.untoldEnds = [];
    // The process drops the choices of a document with another text, and is told where they are now.
    if (this.untoldDocuments.size > 0) this.choicesUntold = true;
    for (const path of this.untoldDocuments) {
      const text = this.documents.get(path);
      notices.push(
        text === undefined
          ? { method: 'closeDocument', args: [path] }
          : { method: 'setDocument', args: [path, text] },
      );
    }
    this.untoldDocuments.clear();
    if (this.untoldFiles.size > 0) notices.push({ method: 'filesChanged', args: [[...this.untoldFiles]] });
    this.untoldFiles.clear();
    // After the documents, the change of which would make an end of them.
    if (this.choicesUntold)
      for (const { path, offset, call } of this.chosen.all())
        notices.push({ method: 'chooseCall', args: [path, offset, call] });
    this.choicesUntold = false;
    return notices;
  }
}
