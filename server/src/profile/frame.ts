/** What a profile calls an activation. */
import { decodeUtf8 } from '../base/bytes';
import { LineIndex } from '../base/line-index';
import type { Blueprint } from '../bytecode/blueprint';
import type { Source } from '../values/position';
import type { Code } from './profiler';

export interface Frame {
  readonly name: string;
  /** Where it is written; builtins are nowhere. */
  readonly place: Place | undefined;
}

export interface Place {
  /** The path of the file, or what the text is called, such as `«string»`. */
  readonly file: string;
  /** From 1, in lines and bytes, as Nix counts. */
  readonly line: number;
  readonly column: number;
}

/** Names activations; it knows the lines of each text. */
export class FrameNames {
  private readonly lines = new Map<Source, LineIndex>();

  frameOf(code: Code): Frame {
    if ('call' in code) return { name: `builtins.${code.name}`, place: undefined };
    const { source, offset } = code.position();
    let index = this.lines.get(source);
    if (index === undefined) this.lines.set(source, (index = new LineIndex(source.text)));
    const { line, column } = index.position(offset);
    const file = decodeUtf8(source.path);
    return {
      name: nameOf(code, lastNames(file), line + 1),
      place: { file, line: line + 1, column: column + 1 },
    };
  }
}

/** The name of a binding, or the place of what belongs to none. */
function nameOf({ kind, name }: Blueprint, file: string, line: number): string {
  if (kind === 'toplevel') return file;
  return name === '' ? `${file}:${line}` : decodeUtf8(name);
}

/** `hello/default.nix`: the names of most files are `default.nix`. */
function lastNames(path: string): string {
  return path.split('/').slice(-2).join('/');
}
