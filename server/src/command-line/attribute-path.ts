/** Paths of attributes as `-A` takes them: `a.b."c.d".0`. */
import type { Bytes } from '../base/bytes';
import { bestMatches } from '../base/suggestions';
import { Attrs } from '../values/attrs';
import { EvalError } from '../values/error';
import type { Forced, Value } from '../values/value';
import { describeType } from '../vm/describe';
import type { Vm } from '../vm/vm';
import { callAutomatically } from './automatic-call';
import { elementAt, isList } from '../values/list';

/** The names in a path. @throws EvalError */
function parseAttributePath(path: Bytes): Bytes[] {
  const names: Bytes[] = [];
  let name = '';
  for (let i = 0; i < path.length; i++) {
    if (path[i] === '.') {
      names.push(name);
      name = '';
    } else if (path[i] === '"') {
      const end = path.indexOf('"', i + 1);
      if (end < 0) {
        throw new EvalError('parse-error', `missing closing quote in selection path '${path}'`);
      }
      name += path.slice(i + 1, end);
      i = end;
    } else {
      name += path[i];
    }
  }
  if (name !== '') names.push(name);
  return names;
}

/** What a path selects from a value; functions on the way are called. @throws EvalError */
export function selectAttributePath(vm: Vm, root: Value, path: Bytes, automatic: Attrs): Value {
  let value = root;
  for (const name of parseAttributePath(path)) {
    const outer = callAutomatically(vm, value, automatic);
    value = isIndex(name) ? selectItem(outer, Number(name), path) : selectAttribute(outer, name, path);
  }
  return value;
}

/** A name of digits alone is an index, if it fits in 32 bits. */
function isIndex(name: Bytes): boolean {
  return /^[0-9]+$/.test(name) && Number(name) < 2 ** 32;
}

function selectAttribute(set: Forced, name: Bytes, path: Bytes): Value {
  if (!(set instanceof Attrs)) throw wrongType(set, 'set', path);
  if (name === '') {
    throw new EvalError('evaluation-error', `empty attribute name in selection path '${path}'`);
  }
  const value = set.get(name);
  if (value !== undefined) return value;
  throw new EvalError(
    'missing-attribute',
    `attribute '${name}' in selection path '${path}' not found`,
    undefined,
    bestMatches(set.shape.names, name),
  );
}

function selectItem(list: Forced, index: number, path: Bytes): Value {
  if (!isList(list)) throw wrongType(list, 'list', path);
  if (index < list.length) return elementAt(list, index);
  throw new EvalError('missing-attribute', `list index ${index} in selection path '${path}' is out of range`);
}

function wrongType(found: Forced, wanted: string, path: Bytes): EvalError {
  return new EvalError(
    'type-error',
    `the expression selected by the selection path '${path}' should be a ${wanted} but is ${describeType(found)}`,
  );
}
