/** Files as the commands for developers see them: parsed, and with an evaluator that answers as in an editor. */
import { totalmem } from 'node:os';
import { encodeUtf8, type Bytes } from '../base/bytes';
import { defaultMaxCallDepth, defaultTimeout } from '../base/default-limits';
import { LineIndex } from '../base/line-index';
import { createEvaluatorService } from '../service/live';
import type { EvaluatorService, EvaluatorSettings } from '../evaluator/service';
import { defaultFeatures } from '../host/disk-host';
import { HostError, type Host } from '../host/host';
import { nixPathFrom } from '../host/host-path';
import { directoryOf, isBelow } from '../host/path';
import { parse, type ParsedFile, workspaceSyntax } from '../syntax/parse';
import type { Source } from '../values/position';
import { UsageError } from './flags';
import type { World } from './world';

export interface ProjectFile {
  /** By which the evaluator knows it. */
  readonly path: Bytes;
  /** Whose path is what is shown. */
  readonly source: Source;
  readonly parsed: ParsedFile;
  readonly lines: LineIndex;
}

export interface Project {
  readonly host: Host;
  readonly service: EvaluatorService;
  /** @throws HostError */
  open(path: Bytes): ProjectFile;
  /** A text that is in no file, such as standard input; it is taken for one in the working folder. */
  openText(text: Bytes): ProjectFile;
}

export interface ProjectOptions {
  /** The files and folders that are asked about, as the command line names them. */
  readonly paths?: readonly string[];
  readonly searchPath?: readonly string[];
  /** Seconds for one file; 0 for the usual time. */
  readonly timeout?: number;
  readonly reach?: EvaluatorSettings['reach'];
}

export function openProject(world: World, options: ProjectOptions): Project {
  const { paths = [], searchPath = [], timeout: seconds = 0, reach = 'file' } = options;
  const timeout = seconds > 0 ? seconds * 1000 : defaultTimeout;
  const host = world.createHost({ features: new Set(defaultFeatures), system: '', pipePatience: timeout });
  const service = createEvaluatorService({ cancelled: new Int32Array(1) });
  service.configure({
    timeout,
    memory: Math.floor((totalmem() / 2 ** 20) * 0.7),
    maxCallDepth: defaultMaxCallDepth,
    environment: Object.keys(process.env),
    system: '',
    searchPath,
    arguments: {},
    folders: workspaceFolders(host, paths),
    reach,
    thorough: true,
    cacheFolder: '',
  });
  return {
    host,
    service,
    open: (path) => openFile(host, service, path),
    openText: (text) => openText(host, service, text),
  };
}

/**
 * Where callers of functions are looked for, as an editor does in its workspace: the working folder, and for
 * what is elsewhere the folder that is named, or the project that the file is in.
 */
function workspaceFolders(host: Host, paths: readonly string[]): Bytes[] {
  const folders = [host.workingDirectory];
  for (const path of paths) {
    const folder = path === '-' ? undefined : projectAround(host, absolutePath(host, path));
    if (folder !== undefined && !folders.some((known) => isBelow(folder, known))) folders.push(folder);
  }
  return folders;
}

/** A folder itself; for a file the nearest one above it that is a flake or a repository, or else its own. */
function projectAround(host: Host, path: Bytes): Bytes | undefined {
  try {
    if (host.fileType(path) === 'directory') return path;
    const own = directoryOf(path);
    for (let folder = own; folder !== '/'; folder = directoryOf(folder))
      if (marksOfProject.some((name) => host.fileType(`${folder}/${name}`) !== undefined)) return folder;
    // To read a whole disk takes longer than any answer is worth.
    return own === '/' ? undefined : own;
  } catch (error) {
    // What cannot be read is told of where it is asked about.
    if (error instanceof HostError) return undefined;
    throw error;
  }
}

const marksOfProject = ['flake.nix', '.git'];

function openFile(host: Host, service: EvaluatorService, path: Bytes): ProjectFile {
  const text = host.readFile(path);
  // What can be read once, such as a pipe, was read now.
  if (host.fileType(path) !== 'regular') service.setDocument(path, text);
  return projectFile(path, { kind: 'file', path, text });
}

function openText(host: Host, service: EvaluatorService, text: Bytes): ProjectFile {
  const name = encodeUtf8('«stdin»');
  const path = `${host.workingDirectory}/${name}`;
  service.setDocument(path, text);
  return projectFile(path, { kind: 'stdin', path: name, text });
}

/** A file whose text nobody knows, for what is to be said of it as a whole. */
export function unreadableFile(path: Bytes): ProjectFile {
  return projectFile(path, { kind: 'file', path, text: '' });
}

function projectFile(path: Bytes, source: Source): ProjectFile {
  const { text } = source;
  return { path, source, parsed: parse(text, workspaceSyntax), lines: new LineIndex(text) };
}

/** A path of the command line in Nix's form. */
export function absolutePath(host: Host, path: string): Bytes {
  return nixPathFrom(host.workingDirectory, encodeUtf8(path));
}

export interface FilePlace {
  readonly file: string;
  /** From 1, as are columns; a column is a character. */
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/** `FILE`, `FILE:LINE` or `FILE:LINE:COLUMN`. */
export function parsePlace(argument: string): FilePlace {
  const found = /^(.+?)(?::([0-9]+))?(?::([0-9]+))?$/.exec(argument);
  if (found === null) throw new UsageError(`'${argument}' is no place in a file`);
  const [, file, line, column] = found;
  if (Number(line) === 0 || Number(column) === 0) {
    throw new UsageError(`'${argument}' is no place in a file: lines and columns count from 1`);
  }
  return {
    file: file!,
    line: line === undefined ? undefined : Number(line),
    column: column === undefined ? undefined : Number(column),
  };
}

/** The file of a place. @throws HostError, UsageError where what follows a colon is no number */
export function openPlace({ host, open }: Project, { file }: FilePlace): ProjectFile {
  try {
    return open(absolutePath(host, file));
  } catch (error) {
    const isNumberless = error instanceof HostError && error.code === 'not-found' && /:[^/]*$/.test(file);
    if (!isNumberless) throw error;
    throw new UsageError(`there is no file '${file}', and as a place its line and column are no numbers`);
  }
}

/** The offset of a place in a file; undefined if it names no line. */
export function offsetOf({ line, column }: FilePlace, { lines }: ProjectFile): number | undefined {
  return line === undefined ? undefined : lines.utf16Offset(line - 1, (column ?? 1) - 1);
}
