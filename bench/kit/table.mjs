// Rows of results: what each side took, their ratio, and whether that is what was aimed at.
import { median } from './compare.mjs';

/**
 * @typedef {object} Row
 * @property {string} what
 * @property {string} own
 * @property {string} [reference] of C++ Nix
 * @property {string} [ratio]
 * @property {string} [target]
 * @property {boolean} [ok] whether the target is met
 */

/** The row of pairs `{ own, reference }` of seconds; the ratio is the median of theirs. */
export function ratioRow(what, measured, limit) {
  const ratio = median(measured.map(({ own, reference }) => own / reference));
  return {
    what,
    own: seconds(median(measured.map(({ own }) => own))),
    reference: seconds(median(measured.map(({ reference }) => reference))),
    ratio: `${ratio.toFixed(2)} ×`,
    ...(limit !== undefined && { target: `≤ ${limit.toFixed(1)} ×`, ok: ratio <= limit }),
  };
}

/** The row of peaks in MiB. */
export function memoryRow(what, own, reference) {
  return {
    what,
    own: `${own.toFixed(0)} MiB`,
    reference: `${reference.toFixed(0)} MiB`,
    ratio: `${(own / reference).toFixed(2)} ×`,
    target: '≤ 1.5 × + 64 MiB',
    ok: own <= 1.5 * reference + 64,
  };
}

/** The row of some milliseconds that are measured for themselves. */
export function timeRow(what, milliseconds, limit) {
  return {
    what,
    own: `${milliseconds.toFixed(1)} ms`,
    ...(limit !== undefined && { target: `≤ ${limit} ms`, ok: milliseconds <= limit }),
  };
}

export function seconds(number) {
  return number < 0.1 ? `${(number * 1000).toFixed(1)} ms` : `${number.toFixed(2)} s`;
}

const heads = ['', 'Nixray', 'C++ Nix', 'ratio', 'target', ''];

function cellsOf({ what, own, reference = '', ratio = '', target = '', ok }) {
  return [what, own, reference, ratio, target, ok === undefined ? '' : ok ? 'ok' : 'misses'];
}

/** A table for a terminal. */
export function plainTable(rows) {
  const lines = [heads, ...rows.map(cellsOf)];
  const widths = heads.map((_, column) => Math.max(...lines.map((cells) => cells[column].length)));
  return lines
    .map((cells) => {
      const padded = cells.map((cell, column) =>
        column === 0 || column > 3 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
      );
      return `  ${padded.join('  ')}`.trimEnd();
    })
    .join('\n');
}

export function markdownTable(rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(heads), '|---|--:|--:|--:|---|---|', ...rows.map((row) => line(cellsOf(row)))].join('\n');
}
