/**
 * What the attribute `export-ignore` leaves out of a tree. Git: gitattributes. Only
 * this one attribute is read, and no macros are.
 */
import type { Bytes } from '../base/bytes';
import { HostError, type FileTree } from '../host/host';

/** Whether a path, which starts with a slash, is left out. */
export type Exclusion = (path: Bytes, isFolder: boolean) => boolean;

/** Where `.gitattributes` are read. */
export type AttributeFiles = Pick<FileTree, 'fileType' | 'readFile'>;

interface Rule {
  readonly pattern: RegExp;
  /** Whether the pattern is about the whole path from its file's folder, and not about the last part. */
  readonly wholePath: boolean;
  readonly onlyFolders: boolean;
  readonly ignored: boolean;
}

/** The exclusion that the tree's own `.gitattributes` ask for. */
export function exportIgnored(tree: AttributeFiles): Exclusion {
  const rulesOfFolder = new Map<Bytes, readonly Rule[]>();
  const rulesIn = (folder: Bytes): readonly Rule[] => {
    let rules = rulesOfFolder.get(folder);
    if (rules === undefined) rulesOfFolder.set(folder, (rules = readRules(tree, `${folder}/.gitattributes`)));
    return rules;
  };
  return (path, isFolder) => {
    // The nearest file decides, and in it the last rule that fits.
    for (let at = path.lastIndexOf('/'); at >= 0; at = at === 0 ? -1 : path.lastIndexOf('/', at - 1)) {
      const rest = path.slice(at + 1);
      const rule = rulesIn(path.slice(0, at)).findLast((each) => fits(each, rest, isFolder));
      if (rule !== undefined) return rule.ignored;
    }
    return false;
  };
}

function fits({ pattern, wholePath, onlyFolders }: Rule, path: Bytes, isFolder: boolean): boolean {
  if (onlyFolders && !isFolder) return false;
  return pattern.test(wholePath ? path : path.slice(path.lastIndexOf('/') + 1));
}

function readRules(tree: AttributeFiles, path: Bytes): readonly Rule[] {
  try {
    if (tree.fileType(path) !== 'regular') return [];
    return tree
      .readFile(path)
      .split('\n')
      .flatMap((line) => parseRule(line) ?? []);
  } catch (error) {
    if (error instanceof HostError) return [];
    throw error;
  }
}

/** `PATTERN ATTRIBUTE…`; undefined for a line that says nothing of this attribute. */
function parseRule(line: Bytes): Rule | undefined {
  const [first = '', ...attributes] = line.split(/[ \t\r]+/).filter((word) => word !== '');
  if (first === '' || /^(#|!|\[attr\])/.test(first)) return undefined;
  const last = attributes.findLast((each) => /^[-!]?export-ignore(=|$)/.test(each));
  if (last === undefined) return undefined;
  const onlyFolders = first.endsWith('/');
  const pattern = onlyFolders ? first.slice(0, -1) : first;
  return {
    pattern: expressionOf(pattern.replace(/^\//, '')),
    wholePath: pattern.includes('/'),
    onlyFolders,
    ignored: last === 'export-ignore',
  };
}

/** A pattern with `*`, `?`, `[…]` and `**` as a regular expression. */
function expressionOf(pattern: Bytes): RegExp {
  const parts = /\*\*\/|\/\*\*$|\*+|\?|\[!?\]?[^\]]*\]|\\.|[^]/g;
  const source = pattern.replace(parts, (part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '/**') return '/.*';
    if (part.startsWith('*')) return '[^/]*';
    if (part === '?') return '[^/]';
    if (part.length > 2 && part.startsWith('[')) return classOf(part);
    return (part.length === 2 ? part[1]! : part).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 's');
}

/** `[!a-z]` as `[^a-z]`. */
function classOf(part: string): string {
  const negated = part[1] === '!' || part[1] === '^';
  const content = part.slice(negated ? 2 : 1, -1).replace(/[\\\]^[]/g, '\\$&');
  try {
    new RegExp(`[${content}]`);
  } catch {
    // Such as [z-a], which is nothing in Git either.
    return '(?!)';
  }
  return `[${negated ? '^' : ''}${content}]`;
}
