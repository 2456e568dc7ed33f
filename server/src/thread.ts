/**
 * Starts the command line's thread. V8 can keep what it has made of a program,
 * so that the next start need not parse and compile it again; that is kept
 * beside the code of Nix files, and made anew when V8 does not take it.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { Script } from 'node:vm';
import { codeFolder } from './command-line/code-folder';
import type * as Program from './command-line/thread';

/** How Node itself wraps a module. */
const parameters = 'exports, require, module, __filename, __dirname';

async function start(path: string): Promise<void> {
  const name = `v8-${process.versions.v8}-${process.arch}-${basename(path, '.js')}`;
  const cachedData = codeFolder?.read(name);
  const script = new Script(`(function (${parameters}) {${readFileSync(path, 'utf8')}\n})`, {
    filename: path,
    ...(cachedData && { cachedData }),
  });
  const module = { exports: {} };
  const load = script.runInThisContext() as (...args: unknown[]) => void;
  load(module.exports, createRequire(path), module, path, dirname(path));
  const { exitCode, learnt } = await (module.exports as typeof Program).run(process.argv.slice(2));
  if (cachedData === undefined || script.cachedDataRejected || learnt) {
    codeFolder?.write(name, script.createCachedData());
  }
  parentPort!.postMessage(exitCode);
}

void start((workerData as { program: string }).program);
