/**
 * The store of an evaluator: computes store paths, and keeps in memory what
 * evaluation makes. Nothing is ever written to a disk; a real `/nix/store` is
 * read through the host if there is one.
 *
 * Invariant: a path that `copyPath` remembers still has the content that was
 * hashed, as far as {@link pathsChanged} was told of changes.
 */
import type { Bytes } from '../base/bytes';
import { HostError, type FileTree, type Host } from '../host/host';
import { baseNameOf, isBelow } from '../host/path';
import { resolveSymlinks, forgetFolders } from '../host/symbolic-links';
import { compareBytes } from '../values/attrs';
import { Dependences, type Dependence } from '../values/dependence';
import { mergeContexts, type Context } from '../values/context';
import { EvalError } from '../values/error';
import type { Store } from '../vm/loader';
import {
  DerivationWriter,
  inputsModulo,
  moduloOf,
  outputPathOf,
  parseDerivation,
  type Derivation,
  type DerivationOutput,
  type Modulo,
} from './derivation';
import { hashBytes, type Hash } from './hash';
import { internalFiles } from './internal-files';
import { hashFile, hashNar, type PathFilter } from './nar';
import { StoreHost, type StoreObject } from './store-host';
import {
  isDerivationPath,
  makeContentPath,
  makeOutputPath,
  nameOfStorePath,
  storeDirectory,
  type IngestionMethod,
} from './store-path';

export interface AddedDerivation {
  readonly path: Bytes;
  /** With the paths that were computed. */
  readonly outputs: ReadonlyMap<Bytes, DerivationOutput>;
}

export interface PathOptions {
  readonly method?: IngestionMethod;
  readonly filter?: PathFilter;
}

/** A path that was copied, and what its content depends on. */
interface Copy {
  readonly storePath: Bytes;
  readonly object: StoreObject | undefined;
  readonly on: Dependence | undefined;
}

export class VirtualStore implements Store {
  readonly directory = storeDirectory;
  /** The file system with this store in it; the machine reads through it. */
  readonly host: StoreHost;
  private readonly objects = new Map<Bytes, StoreObject>();
  private readonly copies = new Map<Bytes, Copy>();
  private readonly modulos = new Map<Bytes, Modulo>();
  private readonly moduloOfPath = (path: Bytes): Modulo => this.modulo(path);

  constructor(
    private readonly base: Host,
    /** Hears what copies were made from, also where one is used again. */
    private readonly dependences = new Dependences(),
  ) {
    this.host = new StoreHost(base, this.objects, internalFiles);
  }

  // --- Files ---------------------------------------------------------------------

  copyPath(path: Bytes, name: Bytes = baseNameOf(path)): Bytes {
    const key = `${name}\0${path}`;
    const known = this.copies.get(key);
    if (known !== undefined && known.on?.stale !== true) {
      known.on?.use();
      return known.storePath;
    }
    if (isDerivationPath(path)) {
      throw new EvalError('evaluation-error', "file names are not allowed to end in '.drv'");
    }
    const reads = this.dependences.log.length;
    const storePath = this.addPath(
      fromHost(() => resolveSymlinks(this.host, path, 'ancestors')),
      name,
    );
    const on = this.dependences.since(reads);
    this.copies.set(key, { storePath, object: this.objects.get(storePath), on });
    return storePath;
  }

  /** The store path of a file or folder as it is now, under that name. @throws EvalError */
  addPath(path: Bytes, name: Bytes, options: PathOptions = {}): Bytes {
    return this.addTree(path, name, options).storePath;
  }

  /** As {@link addPath}, with the hash that makes the path. */
  addTree(
    path: Bytes,
    name: Bytes,
    { method = 'nar', filter }: PathOptions = {},
  ): { readonly storePath: Bytes; readonly hash: Hash } {
    const kept = filter && new Set<Bytes>();
    const hash = this.hashPath(path, method, filter && kept && rememberKept(filter, kept));
    const storePath = makeContentPath(name, method, hash);
    const within = this.host.objectAt(path);
    if (storePath !== path) this.objects.set(storePath, { kind: 'copy', source: path, within, kept });
    return { storePath, hash };
  }

  /** The store path of a tree that is no part of the file system. @param known its hash, if that was computed before */
  addFileTree(tree: FileTree, name: Bytes, known?: Hash): { readonly storePath: Bytes; readonly hash: Hash } {
    const hash = known ?? fromHost(() => hashNar(tree, '/'));
    const storePath = makeContentPath(name, 'nar', hash);
    this.objects.set(storePath, { kind: 'tree', tree });
    return { storePath, hash };
  }

  private hashPath(path: Bytes, method: IngestionMethod, filter?: PathFilter): Hash {
    return fromHost(() => (method === 'nar' ? hashNar(this.host, path, filter) : hashFile(this.host, path)));
  }

  /** The store path of a file of that text, as `toFile` makes it. `references` are sorted store paths. */
  addText(name: Bytes, text: Bytes, references: readonly Bytes[]): Bytes {
    const storePath = makeContentPath(name, 'text', hashBytes('sha256', text), references);
    this.objects.set(storePath, { kind: 'text', text, references });
    return storePath;
  }

  /** Whether a store path is here or on the disk. */
  has(storePath: Bytes): boolean {
    return this.objects.has(storePath) || fromHost(() => this.base.fileType(storePath)) !== undefined;
  }

  /** The store paths that a file that evaluation made refers to. */
  referencesOf(storePath: Bytes): readonly Bytes[] {
    const object = this.objects.get(storePath);
    return object?.kind === 'text' ? object.references : [];
  }

  // --- Derivations -----------------------------------------------------------------

  /**
   * Computes the paths of a derivation's outputs and of its `.drv` file, and keeps
   * the latter. Outputs that are `deferred` become input-addressed where all
   * inputs are known.
   */
  addDerivation(derivation: Derivation): AddedDerivation {
    const writer = new DerivationWriter(derivation);
    const needsInputs = [...derivation.outputs.values()].some((output) => output.kind === 'deferred');
    const inputs = needsInputs ? inputsModulo(derivation, this.moduloOfPath) : undefined;
    const outputs = inputs === undefined ? derivation.outputs : addressOutputs(derivation, writer, inputs);
    const addressed: Derivation = { ...derivation, outputs };
    // Hashing for others comes before the text: both have the paths in their variables.
    const modulo = moduloOf(addressed, this.moduloOfPath, writer, inputs);
    const text = writer.write(outputs, derivation.inputDerivations);
    const references = mergeContexts(derivation.inputSources, [...derivation.inputDerivations.keys()]);
    const path = this.addText(`${derivation.name}.drv`, text, references);
    this.modulos.set(path, modulo);
    return { path, outputs };
  }

  /** @throws EvalError if there is no such file, or if it cannot be read */
  readDerivation(path: Bytes): Derivation {
    const text = fromHost(() => this.host.readFile(path));
    try {
      return parseDerivation(nameOfStorePath(path).slice(0, -'.drv'.length), text);
    } catch (error) {
      if (error instanceof EvalError) {
        throw new EvalError(error.kind, `error parsing derivation '${path}': ${error.message}`);
      }
      throw error;
    }
  }

  private modulo(path: Bytes): Modulo {
    const known = this.modulos.get(path);
    if (known !== undefined) return known;
    const modulo = moduloOf(this.readDerivation(path), this.moduloOfPath);
    this.modulos.set(path, modulo);
    return modulo;
  }

  /** All that a derivation refers to, itself included: other derivations and sources. */
  closureOf(path: Bytes): readonly Bytes[] {
    const closure = new Set<Bytes>();
    const todo = [path];
    while (todo.length > 0) {
      const next = todo.pop()!;
      if (closure.has(next)) continue;
      closure.add(next);
      todo.push(...this.directReferences(next));
    }
    return [...closure].sort(compareBytes);
  }

  private directReferences(path: Bytes): readonly Bytes[] {
    if (this.objects.has(path) || !isDerivationPath(path)) return this.referencesOf(path);
    const { inputSources, inputDerivations } = this.readDerivation(path);
    return [...inputSources, ...inputDerivations.keys()];
  }

  /** Drops what was remembered of paths that came or went, or changed: of what is below and of the folders above. */
  pathsChanged(paths: readonly Bytes[]): void {
    forgetFolders(this.base);
    forgetFolders(this.host);
    this.contentsChanged(paths);
  }

  /** Drops what was remembered of files with another content, and of the folders above them. */
  contentsChanged(paths: readonly Bytes[]): void {
    const gone = new Set<Bytes>();
    for (const [key, { storePath }] of this.copies) {
      const copied = key.slice(key.indexOf('\0') + 1);
      if (!paths.some((path) => isBelow(copied, path) || isBelow(path, copied))) continue;
      this.copies.delete(key);
      gone.add(storePath);
    }
    if (gone.size === 0) return;
    for (const storePath of gone) this.objects.delete(storePath);
    // Something else that is still as it was may have had the same content and name.
    for (const { storePath, object } of this.copies.values())
      if (object !== undefined && gone.has(storePath)) this.objects.set(storePath, object);
  }

  // --- Realising ---------------------------------------------------------------------

  realise(context: Context): void {
    for (const element of context) {
      if (element.startsWith('!')) this.requireOutput(element);
      else this.requirePath(element.startsWith('=') ? element.slice(1) : element);
    }
  }

  private requirePath(path: Bytes): void {
    if (!this.has(path)) throw new EvalError('invalid-path', `path '${path}' is not valid`);
  }

  /** An output has to be on the disk, since nothing is built here. */
  private requireOutput(element: Bytes): void {
    const end = element.indexOf('!', 1);
    const output = element.slice(1, end);
    const derivationPath = element.slice(end + 1);
    const path = this.has(derivationPath)
      ? outputPathOf(this.readDerivation(derivationPath), output)
      : undefined;
    if (path !== undefined && this.has(path)) return;
    throw new EvalError(
      'unsupported',
      `the output '${output}' of '${derivationPath}' is needed during evaluation, but it is not in ${storeDirectory}; build it first, for example with 'nix-build FILE -A ATTRIBUTE' or 'nix build'`,
    );
  }
}

function rememberKept(filter: PathFilter, kept: Set<Bytes>): PathFilter {
  return (path, type) => {
    const keep = filter(path, type);
    if (keep) kept.add(path);
    return keep;
  };
}

/** The outputs with the paths that the masked text of the derivation gives them. */
function addressOutputs(
  derivation: Derivation,
  writer: DerivationWriter,
  inputs: ReadonlyMap<Bytes, readonly Bytes[]>,
): ReadonlyMap<Bytes, DerivationOutput> {
  const hex = hashBytes('sha256', writer.write(derivation.outputs, inputs)).hex;
  const outputs = new Map<Bytes, DerivationOutput>();
  for (const name of derivation.outputs.keys()) {
    outputs.set(name, { kind: 'input-addressed', path: makeOutputPath(name, hex, derivation.name) });
  }
  return outputs;
}

/** Runs something that reads files; its errors become those of evaluation. */
export function fromHost<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof HostError) throw new EvalError('file-error', error.message);
    throw error;
  }
}
