/**
 * What documents are evaluated in: the disk with the open documents before it, what of
 * that is followed, and the evaluator. When something changes that nobody follows, the
 * whole of it makes way for a new one.
 */
import { workspaceSyntax } from '../syntax/parse';
import { encodeUtf8, type Bytes } from '../base/bytes';
import { DiskHost, refuseIrregular } from '../host/disk-host';
import { MemoryHost } from '../host/memory-host';
import { isNixpkgs } from '../host/nixpkgs-folder';
import { isBelow } from '../host/path';
import { RecordingHost } from '../host/recording-host';
import type { SegmentFolder } from '../host/segment-folder';
import type { Forced } from '../values/value';
import type { Limits } from '../vm/limits';
import { CodeCache } from './code-cache';
import { Evaluator } from './evaluator';
import { FileInputs } from './file-inputs';
import { channelEntries, parseNixPath, registeredNixpkgs, searchPathEntry } from './search-path';
import type { EvaluatorSettings } from './service';

export interface World {
  readonly disk: DiskHost;
  /** The open documents, and the disk below them. */
  readonly documents: MemoryHost;
  readonly inputs: FileInputs;
  readonly evaluator: Evaluator;
  readonly codeCache: CodeCache | undefined;
}

export interface WorldOptions {
  readonly settings: EvaluatorSettings;
  readonly limits: Limits;
  /** The texts of the open documents by path, as they are at any time. */
  readonly documents: ReadonlyMap<Bytes, Bytes>;
  /** Where compiled code is kept, if it is. */
  readonly codeFolder: SegmentFolder | undefined;
  /** The value of a document where a file imports it. @throws EvalError, Interruption */
  documentValue(path: Bytes): Forced;
}

export function createWorld({ settings, limits, documents, codeFolder, documentValue }: WorldOptions): World {
  const { environment, system } = settings;
  const disk = new DiskHost({ environment, system, readIrregular: refuseIrregular });
  // A workspace that is nixpkgs itself is what `<nixpkgs>` means there, unless something else is said.
  const libraries = settings.folders.filter((folder) => isNixpkgs(disk, folder));
  const followed = settings.folders.filter((folder) => !libraries.includes(folder));
  const inputs = new FileInputs(
    (path) => documents.has(path) || followed.some((folder) => isBelow(path, folder)),
  );
  const documentsHost = new MemoryHost(disk);
  for (const [path, text] of documents) documentsHost.set(path, text);
  let evaluator: Evaluator | undefined = undefined;
  const host = new RecordingHost(documentsHost, (path, access) =>
    inputs.record(evaluator?.vm.dependences, path, access),
  );
  const nixPath = parseNixPath(encodeUtf8(process.env['NIX_PATH'] ?? ''));
  const searchPath = [
    ...settings.searchPath.map((entry) => searchPathEntry(entry)),
    ...nixPath,
    ...libraries.map((folder) => `nixpkgs=${folder}`),
    ...channelEntries(disk),
    ...registeredNixpkgs(disk),
  ];
  const codeCache = codeFolder && new CodeCache(codeFolder);
  evaluator = new Evaluator({
    host,
    searchPath,
    limits,
    ...workspaceSyntax,
    document: (path) => (documents.has(path) ? () => documentValue(path) : undefined),
    ...(codeCache && { codeCache }),
    // What people work on has another text every day.
    keepsCodeOf: (path) => !inputs.isTracked(path),
  });
  return { disk, documents: documentsHost, inputs, evaluator, codeCache };
}
