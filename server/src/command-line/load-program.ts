/**
 * Starts the program of the command line. V8 can keep what it has made of a program,
 * so that the next start need not parse and compile it again; that is kept
 * beside the code of Nix files, and made anew when V8 does not take it.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname } from 'node:path';
import { Script } from 'node:vm';
import { codeFolder } from './code-folder';
import type { Ended, Program, Request } from './program';

/** How Node itself wraps a module. */
const parameters = 'exports, require, module, __filename, __dirname';

/** A run of the program; plain data. */
export interface ProgramRun {
  readonly path: string;
  readonly request: Request;
}

/** Runs the program and gives what it ended with. */
export function runProgram({ path, request }: ProgramRun): Ended {
  const name = `v8-${process.versions.v8}-${process.arch}-${basename(path, '.js')}`;
  const cachedData = codeFolder?.read(name);
  const script = new Script(`(function (${parameters}) {${readFileSync(path, 'utf8')}\n})`, {
    filename: path,
    ...(cachedData && { cachedData }),
  });
  const module = { exports: {} };
  const load = script.runInThisContext() as (...args: unknown[]) => void;
  load(module.exports, createRequire(path), module, path, dirname(path));
  const ended = (module.exports as { run: Program }).run(request);
  if (cachedData === undefined || script.cachedDataRejected || ended.learnt) {
    codeFolder?.write(name, script.createCachedData());
  }
  return ended;
}
