// Compares Nixray with the C++ Nix that is installed:
//
//     npm run differential                              # the tests, with 1,000 random programs
//     npm run differential -- --runs 20000 [--seed N]   # so many random programs
//
// Differences without an explanation become fixtures, and the exit code is 1.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runCampaign } from './campaign';
import { writeFixture } from './fixtures';
import { describeOutcome } from './outcome';
import { hasReference } from './reference';
import { describeCounts } from './report';

const { values: options } = parseArgs({
  options: { runs: { type: 'string' }, seed: { type: 'string' } },
});
if (options.runs === undefined && options.seed === undefined) runTests();
else void runPrograms(readNumber('runs', '1000'), readNumber('seed', String(Date.now() & 0x7fffffff)));

function readNumber(name: 'runs' | 'seed', fallback: string): number {
  const number = Number(options[name] ?? fallback);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  console.error(`--${name} has to be a number that is not negative`);
  process.exit(2);
}

function runTests(): void {
  const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');
  const configuration = join(dirname(fileURLToPath(import.meta.url)), 'mocharc.json');
  const { status } = spawnSync(process.execPath, [mocha, '--config', configuration], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}

async function runPrograms(runs: number, seed: number): Promise<void> {
  if (!hasReference()) {
    console.log('skipped: nix-instantiate is not installed');
    console.log('0 passed, 0 failed, 1 skipped');
    return;
  }
  console.log(`seed ${seed}`);
  const result = await runCampaign({
    runs,
    seed,
    progress: (done, _, found) => console.log(`${done} programs, ${found} unexplained`),
  });
  for (const difference of result.differences) {
    console.log(`\n${writeFixture(difference)}:\n${difference.program}`);
    console.log(`C++ Nix:\n${describeOutcome(difference.reference)}`);
    console.log(`Nixray:\n${describeOutcome(difference.own)}`);
  }
  console.log(`\n${describeCounts(result)}`);
  const failed = result.differences.length;
  console.log(`${runs - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
