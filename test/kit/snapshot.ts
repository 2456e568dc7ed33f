/**
 * Snapshots: the expected text of a test in a file of its own, in the folder
 * `snapshots/` beside the test. With UPDATE_SNAPSHOTS=1 in the environment the
 * files are written instead of compared; read the difference before committing.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const updating = process.env['UPDATE_SNAPSHOTS'] === '1';
const hint = 'run the test with UPDATE_SNAPSHOTS=1 to write it';

/** The snapshots of one test file. */
export class Snapshots {
  private readonly folder: string;
  private readonly used = new Set<string>();

  /** @param testFolder the folder of the test: `__dirname` */
  constructor(testFolder: string, group: string) {
    this.folder = join(testFolder, 'snapshots', group);
  }

  /** Compares a text with the snapshot of that name, or writes it. */
  match(name: string, actual: string): void {
    const file = `${name}.txt`;
    assert.ok(!this.used.has(file), `two snapshots are called '${name}'`);
    this.used.add(file);
    const path = join(this.folder, file);
    const text = actual.endsWith('\n') ? actual : `${actual}\n`;
    if (updating) {
      mkdirSync(this.folder, { recursive: true });
      writeFileSync(path, text);
      return;
    }
    let expected: string;
    try {
      expected = readFileSync(path, 'utf8');
    } catch {
      assert.fail(`there is no snapshot '${name}'; ${hint}`);
    }
    assert.equal(text, expected, `the text differs from the snapshot '${name}'; ${hint}`);
  }

  /** Fails if the folder has snapshots that no test uses any more. Call it when all tests have run. */
  assertNoneLeftOver(): void {
    const left = readdirSync(this.folder).filter((file) => !this.used.has(file));
    assert.deepEqual(left, [], 'snapshots that no test uses');
  }
}
