// How soon the built server answers while somebody types: diagnostics in a short and
// in a huge file, values that are known, values of scopes that are known, values
// behind an edit, and how soon an evaluation that nobody wants any more ends.
//
// `--nixpkgs DIR` names a checkout of nixpkgs (release 18.03); without one, only what
// needs none is measured.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median, nixpkgs, percentile } from './kit/compare.mjs';
import { connect, requireServer } from './kit/editor.mjs';
import { timeRow } from './kit/table.mjs';

export const name = 'Latency while typing';

const rounds = Number(process.env.NIXRAY_BENCH_ROUNDS ?? 20);

export async function run() {
  requireServer();
  const folder = nixpkgs();
  const withoutNixpkgs = await cancelling();
  if (folder === undefined) return withoutNixpkgs;
  return [
    ...(await typing(folder)),
    ...(await typingWithoutPause(folder)),
    ...(await packageFile(folder)),
    ...(await keptNixpkgs(folder)),
    ...withoutNixpkgs,
  ];
}

/** A change in the middle of a short file and of the longest one of nixpkgs, until its diagnostics are there. */
async function typing(nixpkgs) {
  const long = readFileSync(join(nixpkgs, 'pkgs/top-level/all-packages.nix'), 'utf8');
  const short = await typed(nixpkgs, 'short.nix', hundredLines(), 50);
  const huge = await typed(nixpkgs, 'pkgs/top-level/all-packages.nix', long, middleOf(long));
  return [
    timeRow('diagnostics in a file of 100 lines, median', median(short)),
    timeRow('the same, 95th percentile', percentile(short, 0.95), 20),
    timeRow(`diagnostics in a file of ${kib(long)}, median`, median(huge)),
    timeRow('the same, 95th percentile', percentile(huge, 0.95), 20),
    timeRow(
      'how much longer the huge file takes, 95th percentile',
      percentile(huge, 0.95) - percentile(short, 0.95),
      5,
    ),
  ];
}

/** Two characters in turn, half a second apart at first, so that all is settled. */
async function typed(folder, file, text, line, pause = 120) {
  const editor = await start(folder);
  const uri = pathToFileURL(join(folder, file)).href;
  editor.open(uri, text);
  await editor.diagnostics(uri, 1);
  await delay(2000);
  const times = [];
  for (let i = 0; i < rounds + 5; i++) {
    const version = i + 2;
    const began = performance.now();
    if (i % 2 === 0) editor.edit(uri, version, { line, character: 0 }, { line, character: 0 }, ' ');
    else editor.edit(uri, version, { line, character: 0 }, { line, character: 1 }, '');
    await editor.diagnostics(uri, version);
    // The first few warm the parser up.
    if (i >= 5) times.push(performance.now() - began);
    await delay(pause);
  }
  editor.end();
  return times;
}

/** The same without pauses: as fast as the server answers. */
async function typingWithoutPause(nixpkgs) {
  const long = readFileSync(join(nixpkgs, 'pkgs/top-level/all-packages.nix'), 'utf8');
  const times = await typed(nixpkgs, 'pkgs/top-level/all-packages.nix', long, middleOf(long), 5);
  return [
    timeRow('the same, one change right after the other, 95th percentile', percentile(times, 0.95), 20),
  ];
}

/** Hovers in a package of nixpkgs, whose scope is that of its call in all-packages.nix. */
async function packageFile(nixpkgs) {
  const editor = await start(nixpkgs);
  const path = join(nixpkgs, 'pkgs/applications/misc/hello/default.nix');
  const text = readFileSync(path, 'utf8');
  const uri = pathToFileURL(path).href;
  editor.open(uri, text);
  const places = ['stdenv.mk', 'name =', 'src =', 'doCheck'].map((part) => positionOf(text, part));
  const began = performance.now();
  await editor.hover(uri, places[0]);
  const first = performance.now() - began;
  for (const place of places) await editor.hover(uri, place);
  const known = [];
  for (let i = 0; i < rounds * 2; i++)
    known.push(await timed(() => editor.hover(uri, places[i % places.length])));
  const edited = [];
  for (let i = 0; i < rounds; i++) {
    const digit = positionOf(text, '10"');
    editor.edit(uri, i + 2, digit, { ...digit, character: digit.character + 1 }, String(i % 10));
    edited.push(await timed(() => editor.hover(uri, places[i % 2 === 0 ? 1 : 2])));
  }
  editor.end();
  return [
    timeRow('first hover in a package of nixpkgs, from the start', first),
    timeRow('hover there on a value that is known, 95th percentile', percentile(known, 0.95), 10),
    timeRow('hover there behind an edit, median', median(edited)),
    timeRow('the same, 95th percentile', percentile(edited, 0.95), 50),
  ];
}

/** `pkgs.firefox.outPath` in a file of one's own, after edits elsewhere in the file. */
async function keptNixpkgs(nixpkgs) {
  const styles = {
    'a let': `let\n  pkgs = import ${nixpkgs} { config = { }; overlays = [ ]; };\nin\n{ other = 1; shown = pkgs.firefox.outPath; }\n`,
    'a with': `with import ${nixpkgs} { };\n{ other = 1; shown = firefox.outPath; }\n`,
    'a default': `{ pkgs ? import ${nixpkgs} { } }:\n{ other = 1; shown = pkgs.firefox.outPath; }\n`,
    'the place itself': `{ other = 1; shown = (import ${nixpkgs} { }).firefox.outPath; }\n`,
  };
  const rows = [];
  for (const [style, text] of Object.entries(styles)) {
    const folder = mkdtempSync(join(tmpdir(), 'nixray-bench-'));
    const editor = await start(folder);
    const uri = pathToFileURL(join(folder, 'main.nix')).href;
    editor.open(uri, text);
    const place = positionOf(text, 'outPath');
    const first = await timed(() => editor.hover(uri, place));
    await delay(1000);
    const edited = [];
    let now = text;
    for (let i = 0; i < rounds; i++) {
      // A line more at the start, or another number in a binding.
      const start = { line: 0, character: 0 };
      const number = positionOf(now, 'other = ');
      number.character += 'other = '.length;
      const [from, to, inserted] =
        i % 2 === 0
          ? [start, start, '# a line\n']
          : [number, { ...number, character: number.character + 1 }, `${i % 10}`];
      now = i % 2 === 0 ? inserted + now : now.replace(/other = \d/, `other = ${inserted}`);
      editor.edit(uri, i + 2, from, to, inserted);
      edited.push(await timed(() => editor.hover(uri, positionOf(now, 'outPath'))));
    }
    editor.end();
    rmSync(folder, { recursive: true });
    rows.push(
      timeRow(`firefox.outPath by ${style}, the first time`, first),
      timeRow('after an edit elsewhere in the file, median', median(edited), 30),
      timeRow('the same, 95th percentile', percentile(edited, 0.95)),
    );
  }
  return rows;
}

/** A hover that would take for ever, and an edit in the middle of it: how soon the next hover is answered. */
async function cancelling() {
  const folder = mkdtempSync(join(tmpdir(), 'nixray-bench-'));
  const editor = await start(folder);
  const uri = pathToFileURL(join(folder, 'main.nix')).href;
  const text = `let\n  endless = builtins.foldl' (a: b: a + b) 0 (builtins.genList (x: x) 1000000000000);\n  loop = n: loop (n + 1) + 1;\n  slow = builtins.foldl' (a: b: a + builtins.foldl' (c: d: c + d) 0 (builtins.genList (x: x) 1000)) 0 (builtins.genList (x: x) 1000000);\nin\n{ quick = 10; shown = slow; }\n`;
  editor.open(uri, text);
  const quick = positionOf(text, 'quick');
  await editor.hover(uri, quick);
  const times = [];
  for (let i = 0; i < 15; i++) {
    void editor.hover(uri, positionOf(text, 'slow;')).catch(() => {});
    await delay(300);
    const began = performance.now();
    const old = { ...quick, character: quick.character + 'quick = '.length };
    editor.edit(uri, i + 2, old, { ...old, character: old.character + 2 }, String(i + 20));
    const shown = await editor.hover(uri, quick);
    if (!shown.includes(String(i + 20))) throw new Error('an old value under a new text');
    times.push(performance.now() - began);
  }
  editor.end();
  rmSync(folder, { recursive: true });
  return [
    timeRow(
      'an edit during an evaluation, until the next value is shown, 95th percentile',
      percentile(times, 0.95),
      50,
    ),
  ];
}

/** A server in a workspace. */
async function start(folder) {
  const editor = connect();
  await editor.initialize(folder);
  return {
    ...editor,
    hover: (uri, { line, character }) => editor.hover(uri, line, character),
  };
}

function positionOf(text, part) {
  const before = text.slice(0, text.lastIndexOf(part)).split('\n');
  return { line: before.length - 1, character: before.at(-1).length };
}

function hundredLines() {
  const bindings = Array.from({ length: 96 }, (_, i) => `  v${i + 1} = v${i} + ${i % 7};`);
  return ['let', '  v0 = 1;', ...bindings, 'in', '{ inherit v0 v96; }', ''].join('\n');
}

function middleOf(text) {
  return Math.floor(text.split('\n').length / 2);
}

async function timed(run) {
  const began = performance.now();
  await run();
  return performance.now() - began;
}

function delay(time) {
  return new Promise((resolve) => setTimeout(resolve, time));
}

function kib(text) {
  return `${Math.round(text.length / 1024)} KiB`;
}
