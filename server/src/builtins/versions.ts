/**
 * Versions and names of packages. Nix manual: `nix-env`, "Versions".
 */
import type { Bytes } from '../base/bytes';
import { Attrs } from '../values/attrs';
import { Shape } from '../values/shape';
import type { Forced, Value } from '../values/value';
import type { BuiltinRecord } from '../vm/builtin-record';
import type { Vm } from '../vm/vm';
import { strict } from './parameters';

/** Runs of digits, and runs of anything else; dots and dashes only separate. */
const component = /[0-9]+|[^0-9.-]+/g;

function components(version: string): string[] {
  return version.match(component) ?? [];
}

const digits = /^[0-9]+$/;
const largestNumber = 2 ** 31 - 1;

/** A component as a number. One that a C `int` does not hold is compared as a string. */
function numberOf(text: string): number | undefined {
  if (!digits.test(text)) return undefined;
  const value = Number(text);
  return value <= largestNumber ? value : undefined;
}

/** Whether one component is older than another; '' stands for none. */
function isOlder(left: string, right: string): boolean {
  const a = numberOf(left);
  const b = numberOf(right);
  if (a !== undefined && b !== undefined) return a < b;
  if (left === '' && b !== undefined) return true;
  if (left === 'pre' && right !== 'pre') return true;
  if (right === 'pre') return false;
  // 2.3a is older than 2.3.1.
  if (b !== undefined) return true;
  if (a !== undefined) return false;
  return left < right;
}

function compare(left: string, right: string): number {
  const a = components(left);
  const b = components(right);
  for (let i = 0; i < a.length || i < b.length; i++) {
    const x = a[i] ?? '';
    const y = b[i] ?? '';
    if (isOlder(x, y)) return -1;
    if (isOlder(y, x)) return 1;
  }
  return 0;
}

function compareVersions(vm: Vm, first: Value, second: Value): Forced {
  return compare(
    vm.forceStringNoContext(first, 'while evaluating the first argument passed to builtins.compareVersions'),
    vm.forceStringNoContext(
      second,
      'while evaluating the second argument passed to builtins.compareVersions',
    ),
  );
}

function splitVersion(vm: Vm, version: Value): Forced {
  const context = 'while evaluating the first argument passed to builtins.splitVersion';
  return components(vm.forceStringNoContext(version, context));
}

const packageShape = new Shape(['name', 'version']);

/** The version begins behind the first dash that no letter follows. */
const beforeVersion = /-[^A-Za-z]/;

/** The name of a package and its version, which is empty where the name of the derivation has none. */
export function parseDrvName(text: Bytes): { name: Bytes; version: Bytes } {
  const dash = text.search(beforeVersion);
  if (dash < 0) return { name: text, version: '' };
  return { name: text.slice(0, dash), version: text.slice(dash + 1) };
}

function parseDrvNameBuiltin(vm: Vm, argument: Value): Forced {
  const context = 'while evaluating the first argument passed to builtins.parseDrvName';
  const { name, version } = parseDrvName(vm.forceStringNoContext(argument, context));
  return new Attrs(packageShape, [name, version]);
}

export const records: readonly BuiltinRecord[] = [
  {
    name: 'compareVersions',
    parameters: [strict('s1'), strict('s2')],
    purity: 'pure',
    since: '1.0',
    documentation:
      'Compares two versions: `-1` if *s1* is older than *s2*, `0` if they are the same, `1` if it is newer. They are compared component by component, numbers as numbers, and `pre` is older than anything.',
    example: { expression: 'builtins.compareVersions "2.10" "2.9.1"', result: '1' },
    call: compareVersions,
  },
  {
    name: 'splitVersion',
    parameters: [strict('s')],
    purity: 'pure',
    since: '2.0',
    documentation: 'The components of a version, as `compareVersions` sees them.',
    example: { expression: 'builtins.splitVersion "1.2pre3"', result: '[ "1" "2" "pre" "3" ]' },
    call: splitVersion,
  },
  {
    name: 'parseDrvName',
    parameters: [strict('s')],
    purity: 'pure',
    since: '1.0',
    documentation:
      'Splits the name of a package in its name and its version, which begins behind the first dash that no letter follows.',
    example: {
      expression: 'builtins.parseDrvName "nix-0.12pre12876"',
      result: '{ name = "nix"; version = "0.12pre12876"; }',
    },
    call: parseDrvNameBuiltin,
  },
];
