/** A folder of files for one test. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { uriOf } from './editor';

export class TestFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'nixray-test-'));

  constructor(files: { readonly [name: string]: string } = {}) {
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  write(name: string, text: string | Buffer): string {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return uriOf(path);
  }

  remove(name: string): void {
    rmSync(join(this.path, name), { recursive: true });
  }

  uri(name: string): string {
    return uriOf(join(this.path, name));
  }

  dispose(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
