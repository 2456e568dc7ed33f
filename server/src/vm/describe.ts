/** How values are called in messages: `showType` of C++ Nix. */
import { Attrs } from '../values/attrs';
import { Thunk } from '../values/thunk';
import {
  Builtin,
  Closure,
  ContextString,
  Float,
  PartialApplication,
  Path,
  type Value,
} from '../values/value';

export type TypeName =
  'int' | 'bool' | 'string' | 'path' | 'null' | 'set' | 'list' | 'lambda' | 'float' | 'thunk';

/** The result of `builtins.typeOf`; `thunk` for what is not forced. */
export function typeOf(value: Value): TypeName {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
    case 'bigint':
      return 'int';
    case 'boolean':
      return 'bool';
  }
  if (value === null) return 'null';
  if (value instanceof Attrs) return 'set';
  if (value instanceof Thunk) return 'thunk';
  if (value instanceof ContextString) return 'string';
  if (value instanceof Closure || value instanceof Builtin || value instanceof PartialApplication)
    return 'lambda';
  if (value instanceof Path) return 'path';
  if (value instanceof Float) return 'float';
  return 'list';
}

const articles: Record<TypeName, string> = {
  int: 'an integer',
  bool: 'a Boolean',
  string: 'a string',
  path: 'a path',
  null: 'null',
  set: 'a set',
  list: 'a list',
  lambda: 'a function',
  float: 'a float',
  thunk: 'a thunk',
};

/** The type with its article, e.g. `a string with context`, `the built-in function 'map'`. */
export function describeType(value: Value): string {
  if (value instanceof ContextString) return 'a string with context';
  if (value instanceof Builtin) return `the built-in function '${value.record.name}'`;
  if (value instanceof PartialApplication) {
    return `the partially applied built-in function '${value.builtin.record.name}'`;
  }
  return articles[typeOf(value)];
}
