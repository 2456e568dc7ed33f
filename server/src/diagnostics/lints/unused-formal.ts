/**
 * Named arguments that a function does not use.
 *
 * With `...` behind them callers do not notice whether a name is there, so it is there for
 * nothing. Without it, it says what callers may pass; that is worth a hint, too, since most
 * such functions are packages, and `callPackage` passes only what is named.
 */
import { freeNames } from '../../names/free-names';
import { Kind } from '../../syntax/tree';
import type { Lint } from './lint';
import { usesParameter } from './unused-argument';

/** What people write at the top of each module or flake, used or not. */
const customary = new Set(['config', 'lib', 'modulesPath', 'options', 'pkgs', 'self']);

export const unusedFormal: Lint<Kind.Lambda> = {
  code: 'unused-formal',
  severity: 'hint',
  tag: 'unnecessary',
  kinds: [Kind.Lambda],
  *find(node) {
    const { formals, formalsAt, body } = node;
    // What is not used by its name may be used through that of the whole argument.
    if (formals === undefined || formals.formals.length === 0 || usesParameter(node)) return;
    const used = new Set<string>();
    const addAll = (names: readonly string[], except?: string): void => {
      for (const name of names) if (name !== except) used.add(name);
    };
    for (const names of [freeNames(body).lexical, freeNames(body).dynamic]) addAll(names);
    for (const { name, fallback } of formals.formals) {
      if (fallback === undefined) continue;
      addAll(freeNames(fallback).lexical, name.name);
      addAll(freeNames(fallback).dynamic, name.name);
    }
    for (let i = 0; i < formals.formals.length; i++) {
      const { name, width } = formals.formals[i]!.name;
      if (used.has(name) || name.startsWith('_') || customary.has(name)) continue;
      const start = formalsAt + formals.formalsAt[i]!;
      yield { start, width, message: `the argument '${name}' is not used`, name };
    }
  },
};
