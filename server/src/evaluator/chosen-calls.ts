/**
 * Which call the user chose for a function. Functions and calls are known by
 * where they start, so a choice holds until the text of either file changes.
 */
import type { Bytes } from '../base/bytes';
import type { CallReference } from './service';

export class ChosenCalls {
  /** By path and offset of the function. */
  private readonly choices = new Map<Bytes, Map<number, CallReference>>();

  choose(path: Bytes, offset: number, call: CallReference): void {
    const ofFile = this.choices.get(path) ?? new Map<number, CallReference>();
    ofFile.set(offset, call);
    this.choices.set(path, ofFile);
  }

  find(path: Bytes, offset: number): CallReference | undefined {
    return this.choices.get(path)?.get(offset);
  }

  /** The text of a file is another one: its offsets mean nothing any more. */
  changed(path: Bytes): void {
    this.choices.delete(path);
    for (const ofFile of this.choices.values()) {
      for (const [offset, call] of ofFile) if (call.path === path) ofFile.delete(offset);
    }
  }

  *all(): Iterable<{ path: Bytes; offset: number; call: CallReference }> {
    for (const [path, ofFile] of this.choices)
      for (const [offset, call] of ofFile) yield { path, offset, call };
  }
}
