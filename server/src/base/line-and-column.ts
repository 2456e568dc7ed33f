/** Line and column of an offset, both from 1, the column in bytes, as C++ Nix counts them. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (;;) {
    const next = nextLineStart(text, start);
    if (next < 0 || next > offset) return { line, column: offset - start + 1 };
    start = next;
    line++;
  }
}

/** Where the line after the one at `start` begins, or -1. `\n`, `\r` and `\r\n` end lines. */
function nextLineStart(text: string, start: number): number {
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10) return i + 1;
    if (code === 13) return text.charCodeAt(i + 1) === 10 ? i + 2 : i + 1;
  }
  return -1;
}
