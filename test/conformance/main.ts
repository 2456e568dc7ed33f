// Runs a suite of the language, laid out as C++ Nix lays out its own
// (`eval-okay-NAME.nix` beside `eval-okay-NAME.exp` and so on), in one process:
//
//     npm run conformance -- DIR [--only REGEX] [--verbose]
//
// It prints for each kind of test how many pass, how many first or last lines
// of messages are right (`message`), and how many texts are right as a whole
// (`exact`). Without DIR, or where there is no such folder, it says so and ends
// well: no suite belongs to this repository.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { TestResult } from './run-test';
import { printReport } from './report';

/** How long a test may take before the run is given up. */
const patience = 60_000;

export interface WorkerInput {
  readonly suite: string;
  readonly only: string;
}

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: '.' },
    verbose: { type: 'boolean', default: false },
  },
});
const [folder] = positionals;
if (folder === undefined || !existsSync(folder)) {
  console.log(`skipped: ${folder === undefined ? 'no folder was named' : `there is no folder ${folder}`}`);
  console.log('0 passed, 0 failed, 1 skipped');
} else {
  run(resolve(folder));
}

function run(suite: string): void {
  const { resolve: pathOf } = createRequire(import.meta.url);
  // A thread does not inherit the loader of TypeScript, so it starts with loading that.
  const start = `require(${JSON.stringify(pathOf('tsx/cjs'))}); require(${JSON.stringify(pathOf('./worker.ts'))});`;
  // The suite's expectations are written for its parent as the working folder.
  process.chdir(dirname(suite));
  const thread = new Worker(start, {
    eval: true,
    workerData: { suite, only: options.only } satisfies WorkerInput,
    resourceLimits: { stackSizeMb: 256, maxOldGenerationSizeMb: 4096 },
  });
  let current = '';
  let timer: NodeJS.Timeout | undefined;
  thread.on('message', (message: { name: string } | { results: TestResult[] }) => {
    clearTimeout(timer);
    if ('results' in message) {
      process.exitCode = printReport(message.results, options.verbose) ? 0 : 1;
      return;
    }
    current = message.name;
    timer = setTimeout(() => {
      console.log(`FAIL ${current} (no answer after ${patience / 1000} s; the run ends here)`);
      process.exit(1);
    }, patience);
  });
}
