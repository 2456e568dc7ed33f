/** The search path of `<…>`: NIX_PATH, `-I`, the setting, and what stands behind them. */
import { encodeUtf8, type Bytes } from '../base/bytes';
import { isRegistered } from '../builtins/flake-registry';
import { HostError, type Host } from '../host/host';
import { nixPathOf } from '../host/host-path';
import { resolveSymlinks } from '../host/symbolic-links';
import { attrsFromEntries } from '../values/attrs';
import type { Value } from '../values/value';

/** `__nixPath`: a list of `{ path; prefix; }` from entries `prefix=path` or `path`. */
export function searchPathValue(entries: readonly Bytes[]): Value {
  return entries.map((entry) => {
    const equals = entry.indexOf('=');
    return attrsFromEntries([
      ['path', equals < 0 ? entry : entry.slice(equals + 1)],
      ['prefix', equals < 0 ? '' : entry.slice(0, equals)],
    ]);
  });
}

const windowsPath = /^[A-Za-z]:[\\/]/;

/** An entry as a user writes it; on Windows its path may be one of Windows. */
export function searchPathEntry(text: string, windows = process.platform === 'win32'): Bytes {
  const pathAt = text.indexOf('=') + 1;
  const path = text.slice(pathAt);
  const isNative = windows && windowsPath.test(path);
  return encodeUtf8(text.slice(0, pathAt)) + (isNative ? nixPathOf(path, true) : encodeUtf8(path));
}

/** What has a colon of its own. */
const withColon = /^(channel:|flake:|(https?|file|channel|git|s3|ssh):\/\/)/;

/** The entries of NIX_PATH: separated by colons, but not by the first one of a URL. */
export function parseNixPath(text: Bytes): Bytes[] {
  const entries: Bytes[] = [];
  for (let start = 0; start < text.length;) {
    let end = endOfPart(text, start);
    const equals = text.slice(start, end).lastIndexOf('=');
    if (withColon.test(text.slice(start + equals + 1)) && end < text.length) end = endOfPart(text, end + 1);
    entries.push(text.slice(start, end));
    start = end + 1;
  }
  return entries.filter((entry) => entry !== '');
}

function endOfPart(text: Bytes, start: number): number {
  const colon = text.indexOf(':', start);
  return colon < 0 ? text.length : colon;
}

/** The usual places of channels, as far as they are there; Nix looks there after NIX_PATH. */
export function channelEntries(host: Host): Bytes[] {
  const { state, systemState } = host.nixFolders;
  const root = `${systemState}/profiles/per-user/root/channels`;
  return [
    `${host.home}/.nix-defexpr/channels`,
    // Where the first one is with the setting `use-xdg-base-directories`.
    `${state}/defexpr/channels`,
    `nixpkgs=${root}/nixpkgs`,
    root,
  ].filter((entry) => exists(host, entry.slice(entry.indexOf('=') + 1)));
}

/** What the flake registry has for nixpkgs comes last, for editors; Nix itself has to be told to look there. */
export function registeredNixpkgs(host: Host): Bytes[] {
  return isRegistered(host, 'nixpkgs') ? ['nixpkgs=flake:nixpkgs'] : [];
}

function exists(host: Host, path: Bytes): boolean {
  try {
    return host.fileType(resolveSymlinks(host, path)) !== undefined;
  } catch (error) {
    if (error instanceof HostError) return false;
    throw error;
  }
}
