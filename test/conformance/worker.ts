// The thread that runs the tests of a suite, one after the other.
import { readdirSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerInput } from './main';
import { runTest, type TestResult } from './run-test';

const { suite, only } = workerData as WorkerInput;
const wanted = new RegExp(only);
const names = readdirSync(suite)
  .filter((file) => file.endsWith('.nix'))
  .map((file) => file.slice(0, -'.nix'.length))
  .filter((name) => wanted.test(name))
  .sort();
const results: TestResult[] = [];
for (const name of names) {
  parentPort!.postMessage({ name });
  const result = runTest(suite, name);
  if (result !== undefined) results.push(result);
}
parentPort!.postMessage({ results });
