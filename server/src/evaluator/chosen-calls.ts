/**
 * Which call the user chose for a function. Functions and calls are known by
 * where they start; an edit moves them, unless it is an edit of their very start.
 * A configuration is known by its name, whatever becomes of the text around it.
 */
import type { Bytes } from '../base/bytes';
import type { Edit } from '../syntax/reparse';
import type { CallReference } from './service';

export class ChosenCalls {
  /** By path and offset of the function. */
  private choices = new Map<Bytes, Map<number, CallReference>>();

  /** Without a call, the function has none that was chosen. */
  choose(path: Bytes, offset: number, call: CallReference | undefined): void {
    if (call === undefined) return this.forget(path, offset);
    const ofFile = this.choices.get(path) ?? new Map<number, CallReference>();
    ofFile.set(offset, call);
    this.choices.set(path, ofFile);
  }

  private forget(path: Bytes, offset: number): void {
    const ofFile = this.choices.get(path);
    if (ofFile?.delete(offset) && ofFile.size === 0) this.choices.delete(path);
  }

  get isEmpty(): boolean {
    return this.choices.size === 0;
  }

  find(path: Bytes, offset: number): CallReference | undefined {
    return this.choices.get(path)?.get(offset);
  }

  /** The text of a file is another one: its offsets mean nothing any more. */
  changed(path: Bytes): void {
    this.choices.delete(path);
    for (const { path: owner, offset, call } of [...this.all()])
      if (call.path === path && call.configuration === undefined) this.forget(owner, offset);
  }

  /** The text of a file was edited. */
  edited(path: Bytes, edit: Edit): void {
    const before = [...this.all()];
    this.choices = new Map();
    const place = (at: CallReference): CallReference | undefined =>
      at.path === path && at.configuration === undefined ? moved(at, edit) : at;
    for (const { path: owner, offset, call } of before) {
      const start = place({ path: owner, offset });
      const target = place(call);
      if (start !== undefined && target !== undefined) this.choose(owner, start.offset, target);
    }
  }

  *all(): Iterable<{ path: Bytes; offset: number; call: CallReference }> {
    for (const [path, ofFile] of this.choices)
      for (const [offset, call] of ofFile) yield { path, offset, call };
  }
}

/** Where something starts after an edit; undefined if its start was edited. */
function moved({ path, offset }: CallReference, { start, end, text }: Edit): CallReference | undefined {
  if (end <= offset) return { path, offset: offset + text.length - (end - start) };
  return start > offset ? { path, offset } : undefined;
}
