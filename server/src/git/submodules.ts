/** Which folders of a repository are submodules. Git: gitmodules, and git-config, "Syntax". */
import { trimmedStart, type Bytes } from '../base/bytes';
import { canonicalPath } from '../host/path';

/** With the name of a submodule, if it is one's. */
const sectionHeader = /^\s*\[\s*(?:submodule\s+"((?:[^"\\]|\\.)*)"|[^\]"]*(?:"(?:[^"\\]|\\.)*")?)\s*\]/i;

/** The folders that `.gitmodules` names, as paths from the repository's root. */
export function submodulePaths(gitmodules: Bytes): Bytes[] {
  const paths = new Map<Bytes, Bytes>();
  let section: Bytes | undefined;
  for (const line of gitmodules.split('\n')) {
    const header = sectionHeader.exec(line);
    if (header !== null) section = header[1];
    const value = /^\s*path\s*=([^]*)$/i.exec(line.slice(header?.[0].length ?? 0))?.[1];
    // The last one counts, as everywhere in Git's configuration.
    if (section !== undefined && value !== undefined) {
      paths.set(section, canonicalPath(`/${unquoted(trimmedStart(value))}`).slice(1));
    }
  }
  return [...paths.values()];
}

/** A value without quotes, escapes, a comment behind it and white space around it. */
function unquoted(value: Bytes): Bytes {
  let text = '';
  let kept = 0;
  let quoted = false;
  for (const [part] of value.matchAll(/\\.|[^]/g)) {
    if (part === '"') quoted = !quoted;
    else if (!quoted && (part === '#' || part === ';')) break;
    else text += part.length === 2 ? (escapes[part[1]!] ?? part[1]!) : part;
    if (quoted || !/[ \t\r]/.test(part)) kept = text.length;
  }
  return text.slice(0, kept);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b' };
