/** The search path of `<…>`: NIX_PATH, `-I` and the setting. */
import type { Bytes } from '../base/bytes';
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

/** The entries of NIX_PATH: separated by colons, but not by those of `https://`. */
export function parseNixPath(text: Bytes): Bytes[] {
  return text.split(/:(?!\/\/)/).filter((entry) => entry !== '');
}
