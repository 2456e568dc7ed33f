/** Archives for tests, written by hand, so that they can be as bad as they like. */
import { gzipSync } from 'node:zlib';

export interface Entry {
  readonly name: string;
  /** As tar's header has it; a file by default. */
  readonly type?: string;
  readonly content?: string;
  readonly target?: string;
  readonly mode?: number;
}

export function tar(entries: readonly Entry[], end = Buffer.alloc(1024)): Buffer {
  return Buffer.concat([...entries.flatMap((entry) => [header(entry), content(entry)]), end]);
}

export function tarGz(entries: readonly Entry[]): Buffer {
  return gzipSync(tar(entries));
}

/** A record of an extended header of POSIX. */
export function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length;
  while (`${length}${rest}`.length !== length) length = `${length}${rest}`.length;
  return `${length}${rest}`;
}

export function header({ name, type = '0', content: text = '', target = '', mode = 0o644 }: Entry): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0, 'latin1');
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(Buffer.byteLength(text, 'latin1'), 11), 124);
  block.write(octal(0, 11), 136);
  block.write(type, 156, 'latin1');
  block.write(target, 157, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148, 'latin1');
  return block;
}

function content({ content: text = '' }: Entry): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  return Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

/** The hash of the tree in {@link tinyNixpkgs}, as `nix-hash --type sha256 --base32` of C++ Nix prints it. */
export const tinyNixpkgsHash = '1k3yxjna4pcygjxv9b5djh2mbwdx48snz3y1fnrdvdzzb4z0jp9r';

/** What looks enough like nixpkgs to be evaluated. */
export const tinyNixpkgs: readonly Entry[] = [
  { name: 'pax_global_header', type: 'g', content: record('comment', 'a'.repeat(40)) },
  { name: 'nixpkgs-1/', type: '5', mode: 0o755 },
  { name: 'nixpkgs-1/default.nix', content: '{ ... }: { lib.version = "1.2.3"; hello = import ./link; }\n' },
  { name: 'nixpkgs-1/pkgs/', type: '5' },
  { name: 'nixpkgs-1/pkgs/hello.nix', content: '"hello"' },
  { name: 'nixpkgs-1/pkgs/run.sh', content: '#!/bin/sh\n', mode: 0o755 },
  { name: 'nixpkgs-1/link', type: '2', target: 'pkgs/hello.nix' },
];
