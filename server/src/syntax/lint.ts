/**
 * Literals that Nix's lints find: URLs without quotes, absolute paths, and
 * relative paths that do not start with a dot. The messages are C++ Nix's.
 */
import type { Bytes } from '../base/bytes';
import type { ParsedFile } from './parse';
import { Kind, PathStyle, StringStyle, type Node, type PathNode } from './tree';
import { forEachChild, type PlacedNode } from './walk';

export type LintLevel = 'ignore' | 'warn' | 'fatal';

/** What to do about each kind of literal. */
export interface LintSettings {
  readonly lintUrlLiterals: LintLevel;
  readonly lintAbsolutePathLiterals: LintLevel;
  readonly lintShortPathLiterals: LintLevel;
}

export interface LintFinding {
  readonly level: 'warn' | 'fatal';
  readonly message: Bytes;
  /** Where the literal starts and ends. */
  readonly start: number;
  readonly end: number;
}

/** Whether any kind of literal is looked for. */
export function lintsSomething(settings: LintSettings): boolean {
  const { lintUrlLiterals, lintAbsolutePathLiterals, lintShortPathLiterals } = settings;
  return [lintUrlLiterals, lintAbsolutePathLiterals, lintShortPathLiterals].some(
    (level) => level !== 'ignore',
  );
}

/** What the lints find before the first syntax error, in source order. */
export function lintLiterals(parsed: ParsedFile, settings: LintSettings): LintFinding[] {
  if (!lintsSomething(settings)) return [];
  const limit = parsed.errors.find((error) => error.severity === 'error')?.range.start ?? Infinity;
  const findings: LintFinding[] = [];
  const waiting: PlacedNode[] = [{ node: parsed.root, at: parsed.rootAt }];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const { node, at } = place;
    if (at >= limit) continue;
    const finding = lintNode(node, at, parsed.text, settings);
    if (finding !== undefined) findings.push(finding);
    forEachChild(node, at, (child, childAt) => waiting.push({ node: child, at: childAt }));
  }
  return findings.sort((a, b) => a.start - b.start);
}

function lintNode(node: Node, at: number, text: Bytes, settings: LintSettings): LintFinding | undefined {
  if (node.kind === Kind.String && node.style === StringStyle.Uri) {
    const level = settings.lintUrlLiterals;
    const literal = text.slice(at, at + node.width);
    const verdict = level === 'fatal' ? 'disallowed' : 'discouraged';
    const message = `URL literals are ${verdict}. Consider using a string literal "${literal}" instead`;
    return finding(level, `${message} (lint-url-literals)`, at, node.width);
  }
  return node.kind === Kind.Path ? lintPath(node, at, settings) : undefined;
}

function lintPath(node: PathNode, at: number, settings: LintSettings): LintFinding | undefined {
  const [first] = node.parts;
  if (first?.kind !== Kind.TextPart) return undefined;
  const literal = first.text;
  if (node.style === PathStyle.Absolute) {
    const message = `absolute path literals are not portable. Consider replacing path literal '${literal}' by a string, relative path, or parameter`;
    const level = settings.lintAbsolutePathLiterals;
    return finding(level, `${message} (lint-absolute-path-literals)`, at, node.width);
  }
  if (node.style !== PathStyle.Relative || literal.startsWith('.')) return undefined;
  const message = `relative path literal '${literal}' should be prefixed with '.' for clarity: './${literal}'`;
  return finding(settings.lintShortPathLiterals, `${message} (lint-short-path-literals)`, at, node.width);
}

function finding(level: LintLevel, message: Bytes, start: number, width: number): LintFinding | undefined {
  return level === 'ignore' ? undefined : { level, message, start, end: start + width };
}
