/**
 * Files: reading, looking, finding, and copying to the store.
 * Nix manual: language/builtins.
 */
import type { Bytes } from '../base/bytes';
import { baseNameOf } from '../host/path';
import { resolveSymlinks } from '../host/symbolic-links';
import { hashBytes, parseHashAllowEmpty, requireAlgorithm, type Hash } from '../store/hash';
import type { PathFilter } from '../store/nar';
import {
  hashPartOf,
  isInStore,
  makeContentPath,
  splitStorePath,
  storePathProblem,
  isStorePath,
  type IngestionMethod,
} from '../store/store-path';
import { fromHost } from '../store/virtual-store';
import { attrsFromMap } from '../values/attrs';
import { contextOf, mergeContexts, textOf, withContext, type Context } from '../values/context';
import { ContextString, type Forced, type StringValue, type Value } from '../values/value';
import type { BuiltinRecord } from '../vm/builtin-record';
import { context as withFrame } from '../vm/failures';
import type { Vm } from '../vm/vm';
import { failure } from './failure';
import { lazy, strict } from './parameters';
import { coerceToPath, hostOf, readFile, realisePath, storeOf, type PathArgument } from './path-arguments';
import { printAttributeName } from '../base/literals';

// --- Reading ---------------------------------------------------------------------

function readFileBuiltin(vm: Vm, argument: Value): Forced {
  const path = realisePath(vm, argument);
  const text = readFile(vm, path);
  if (text.includes('\0')) {
    throw failure(`the contents of the file '${path}' cannot be represented as a Nix string`);
  }
  return withContext(text, referencesIn(vm, path, text));
}

/** Which of the references of a store object occur in the text of one of its files. */
function referencesIn(vm: Vm, path: Bytes, text: Bytes): Context {
  if (!isInStore(path)) return [];
  const references = storeOf(vm).referencesOf(splitStorePath(path).storePath);
  return references.filter((reference) => text.includes(hashPartOf(reference)));
}

function readDir(vm: Vm, argument: Value): Forced {
  const path = realisePath(vm, argument);
  const entries = fromHost(() => hostOf(vm).readDirectory(path));
  return attrsFromMap(new Map(entries.map((entry) => [entry.name, entry.type])));
}

function readFileType(vm: Vm, argument: Value): Forced {
  const path = realisePath(vm, argument, 'none');
  const type = fromHost(() => hostOf(vm).fileType(resolveSymlinks(hostOf(vm), path, 'ancestors')));
  if (type === undefined) throw failure(`path '${path}' does not exist`, 'file-error');
  return type;
}

function pathExists(vm: Vm, argument: Value): Forced {
  const forced = vm.force(argument);
  const text = typeof forced === 'string' || forced instanceof ContextString ? textOf(forced) : '';
  const mustBeFolder = text.endsWith('/') || text.endsWith('/.');
  const path = realisePath(vm, forced, mustBeFolder ? 'full' : 'ancestors');
  const type = fromHost(() => hostOf(vm).fileType(path));
  return type !== undefined && (!mustBeFolder || type === 'directory');
}

function hashFile(vm: Vm, type: Value, argument: Value): Forced {
  const name = vm.forceStringNoContext(
    type,
    'while evaluating the first argument passed to builtins.hashFile',
  );
  const algorithm = requireAlgorithm(name, vm.host.features);
  const path = realisePath(vm, argument);
  return hashBytes(algorithm, readFile(vm, path)).hex;
}

// --- Naming ---------------------------------------------------------------------

function toPath(vm: Vm, argument: Value): Forced {
  const { path, context } = coerceToPath(
    vm,
    argument,
    'while evaluating the first argument passed to builtins.toPath',
  );
  return withContext(path, context);
}

function storePath(vm: Vm, argument: Value): Forced {
  const named = coerceToPath(
    vm,
    argument,
    "while evaluating the first argument passed to 'builtins.storePath'",
  );
  const path = isStorePath(named.path) ? named.path : fromHost(() => resolveSymlinks(hostOf(vm), named.path));
  if (!isInStore(path)) throw failure(`path '${path}' is not in the Nix store`);
  const own = splitStorePath(path).storePath;
  const problem = storePathProblem(own);
  if (problem !== undefined) throw failure(problem);
  return withContext(path, mergeContexts(named.context, [own]));
}

// --- Making store paths ------------------------------------------------------------

function toFile(vm: Vm, name: Value, content: Value): Forced {
  const fileName = vm.forceStringNoContext(
    name,
    'while evaluating the first argument passed to builtins.toFile',
  );
  const text = vm.forceString(content, 'while evaluating the second argument passed to builtins.toFile');
  for (const element of contextOf(text)) {
    if (element.startsWith('/')) continue;
    throw failure(
      `files created by builtins.toFile may not reference derivations, but ${fileName} references ${element}`,
    );
  }
  const path = storeOf(vm).addText(fileName, textOf(text), contextOf(text));
  return new ContextString(path, [path]);
}

/** What `path` and `filterSource` copy, and how. */
interface CopyRequest {
  readonly source: PathArgument;
  readonly name: Bytes;
  readonly method: IngestionMethod;
  readonly filter: Value | undefined;
  readonly expected: Hash | undefined;
}

function copyToStore(vm: Vm, request: CopyRequest): StringValue {
  const { source, name, method, filter, expected } = request;
  const store = storeOf(vm);
  try {
    if (source.context.length > 0) store.realise(source.context);
    const expectedPath = expected && makeContentPath(name, method, expected);
    if (expectedPath !== undefined && store.has(expectedPath)) {
      return new ContextString(expectedPath, [expectedPath]);
    }
    const path = fromHost(() => resolveSymlinks(store.host, source.path));
    const copied = store.addPath(path, name, {
      method,
      ...(filter !== undefined && { filter: pathFilter(vm, filter) }),
    });
    if (expectedPath !== undefined && expectedPath !== copied) {
      throw failure(`store path mismatch in (possibly filtered) path added from '${path}'`);
    }
    return new ContextString(copied, [copied]);
  } catch (error) {
    throw withFrame(error, `while adding path '${source.path}'`);
  }
}

/** A function in Nix that takes a path and its type, as a filter of entries. */
function pathFilter(vm: Vm, callee: Value): PathFilter {
  return (path, type) =>
    vm.forceBoolean(
      vm.call2(callee, path, type),
      'while evaluating the return value of the path filter function',
    );
}

function filterSource(vm: Vm, filter: Value, argument: Value): Forced {
  const source = coerceToPath(
    vm,
    argument,
    "while evaluating the second argument (the path to filter) passed to 'builtins.filterSource'",
  );
  const callee = vm.forceFunction(
    filter,
    'while evaluating the first argument passed to builtins.filterSource',
  );
  return copyToStore(vm, {
    source,
    name: baseNameOf(source.path),
    method: 'nar',
    filter: callee,
    expected: undefined,
  });
}

function pathBuiltin(vm: Vm, argument: Value): Forced {
  const set = vm.forceAttrs(argument, "while evaluating the argument passed to 'builtins.path'");
  let source: PathArgument | undefined;
  let name: Bytes = '';
  let filter: Value | undefined;
  let method: IngestionMethod = 'nar';
  let expected: Hash | undefined;
  const warn = (message: Bytes): void => vm.loader.report('warning', message);
  set.shape.names.forEach((attribute, i) => {
    const value = set.values[i]!;
    const frame = (quoted: string): string => `while evaluating the ${quoted} passed to builtins.path`;
    switch (attribute) {
      case 'path':
        source = coerceToPath(vm, value, "while evaluating the 'path' attribute passed to 'builtins.path'");
        break;
      case 'name':
        name = vm.forceStringNoContext(value, frame('`name` attribute'));
        break;
      case 'filter':
        filter = vm.forceFunction(value, frame('`filter` parameter'));
        break;
      case 'recursive':
        method = vm.forceBoolean(value, frame('`recursive` attribute')) ? 'nar' : 'flat';
        break;
      case 'sha256':
        expected = parseHashAllowEmpty(
          vm.forceStringNoContext(value, frame('`sha256` attribute')),
          'sha256',
          vm.host.features,
          warn,
        );
        break;
      default: {
        const error = failure(`unsupported argument '${printAttributeName(attribute)}' to 'builtins.path'`);
        error.position = set.positionOf(attribute) ?? error.position;
        throw error;
      }
    }
  });
  if (source === undefined) {
    throw failure("missing required 'path' attribute in the first argument to 'builtins.path'");
  }
  const copied: PathArgument = source;
  return copyToStore(vm, { source: copied, name: name || baseNameOf(copied.path), method, filter, expected });
}

export const records: readonly BuiltinRecord[] = [
  {
    name: 'readFile',
    parameters: [strict('path')],
    purity: 'impure',
    since: '1.0',
    documentation: 'The content of the file *path* as a string. A file with a zero byte is an error.',
    call: readFileBuiltin,
  },
  {
    name: 'readDir',
    parameters: [strict('path')],
    purity: 'impure',
    since: '1.7',
    documentation:
      'The entries of the folder *path*: a set from each name to `"regular"`, `"directory"`, `"symlink"` or `"unknown"`.',
    call: readDir,
  },
  {
    name: 'readFileType',
    parameters: [strict('path')],
    purity: 'impure',
    since: '2.14',
    documentation:
      'What stands at *path*: `"regular"`, `"directory"`, `"symlink"` or `"unknown"`. A symbolic link is not followed.',
    call: readFileType,
  },
  {
    name: 'pathExists',
    parameters: [strict('path')],
    purity: 'impure',
    since: '1.0',
    documentation: 'Whether there is anything at *path*. A string that ends in a slash asks for a folder.',
    call: pathExists,
  },
  {
    name: 'hashFile',
    parameters: [strict('type'), strict('path')],
    purity: 'impure',
    since: '2.3',
    documentation:
      'The hash of the content of the file *path*, in base 16. The *type* is `"md5"`, `"sha1"`, `"sha256"` or `"sha512"`.',
    call: hashFile,
  },
  {
    name: 'toPath',
    parameters: [strict('s')],
    purity: 'pure',
    since: '1.0',
    documentation:
      'The absolute path *s* in its canonical form, as a string. Outdated: write `/. + s` for a path.',
    example: { expression: 'builtins.toPath "/a//b/../c"', result: '"/a/c"' },
    call: toPath,
  },
  {
    name: 'storePath',
    parameters: [strict('path')],
    purity: 'impure',
    since: '1.0',
    documentation:
      'The *path*, which is in the store already, as a string that depends on it. A path value would be copied to the store once more.',
    call: storePath,
  },
  {
    name: 'toFile',
    parameters: [strict('name'), strict('s')],
    purity: 'impure',
    since: '1.0',
    documentation:
      'Makes a file of the text *s* in the store, with *name* in its path, and gives its store path. The text can refer to other store paths, but not to what still has to be built.',
    call: toFile,
  },
  {
    name: 'filterSource',
    parameters: [lazy('filter'), strict('path')],
    purity: 'impure',
    since: '1.0',
    documentation:
      'Copies *path* to the store without the entries for which `filter path type` is false; a folder that is left out is left out with all that is in it. `builtins.path` does the same and can also name the copy.',
    call: filterSource,
  },
  {
    name: 'path',
    parameters: [strict('args')],
    purity: 'impure',
    since: '2.0',
    documentation: `Copies a file or folder to the store. The set *args* has

- \`path\`: what is copied;
- \`name\`: the name in the store path, else the last part of \`path\`;
- \`filter\`: a function of path and type that tells which entries are copied, as for \`filterSource\`;
- \`recursive\`: whether the path is that of a tree (the default) or of the content of one plain file;
- \`sha256\`: what the copy has to hash to.`,
    call: pathBuiltin,
  },
];
