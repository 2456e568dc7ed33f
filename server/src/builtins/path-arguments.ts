/**
 * Arguments that name files: paths, strings that start with a slash, and sets
 * that stand for one of these. Every builtin that reads files goes through here.
 */
import type { Bytes } from '../base/bytes';
import { CoercionFlag } from '../bytecode/opcode';
import type { Host } from '../host/host';
import { canonicalPath } from '../host/path';
import { resolveSymlinks, type Resolution } from '../host/symbolic-links';
import { fromHost, VirtualStore } from '../store/virtual-store';
import { contextOf, textOf, type Context } from '../values/context';
import { Path, type Value } from '../values/value';
import { context as withFrame } from '../vm/failures';
import type { Vm } from '../vm/vm';
import { failure } from './failure';
import { peel } from '../vm/peel';

export interface PathArgument {
  readonly path: Bytes;
  /** What has to be built, or copied, before the path can be read. */
  readonly context: Context;
}

const noContext: Context = [];

/** The absolute path that a value means. `frame` is the line for errors. */
export function coerceToPath(vm: Vm, value: Value, frame: string): PathArgument {
  return peel(vm, value, false, (peeled) => {
    if (peeled instanceof Path) return { path: peeled.path, context: noContext };
    const text = vm.coerceToString(peeled, CoercionFlag.Weak, frame);
    const path = textOf(text);
    if (!path.startsWith('/')) {
      throw failure(`string '${path}' doesn't represent an absolute path`).while(frame);
    }
    return { path: canonicalPath(path), context: contextOf(text) };
  });
}

/**
 * The path that a value means, ready to be read: what it refers to is there, and
 * symbolic links are followed as asked.
 */
export function realisePath(vm: Vm, value: Value, resolution: Resolution | 'none' = 'full'): Bytes {
  const { path, context } = coerceToPath(vm, value, 'while realising the context of a path');
  try {
    if (context.length > 0) vm.store.realise(context);
    return resolution === 'none' ? path : fromHost(() => resolveSymlinks(hostOf(vm), path, resolution));
  } catch (error) {
    throw withFrame(error, `while realising the context of path '${path}'`);
  }
}

/** The file system with what evaluation made under the store's folder. */
export function hostOf(vm: Vm): Host {
  return vm.store instanceof VirtualStore ? vm.store.host : vm.host;
}

/** The store that keeps what evaluation makes; a machine without one cannot make anything. */
export function storeOf(vm: Vm): VirtualStore {
  if (vm.store instanceof VirtualStore) return vm.store;
  throw failure('this evaluator has no store', 'unsupported');
}

/** The content of a file, as it is, from the store of this evaluation or from the disk. */
export function readFile(vm: Vm, path: Bytes): Bytes {
  return fromHost(() => hostOf(vm).readFile(path));
}
