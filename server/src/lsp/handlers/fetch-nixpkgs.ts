/** The command that downloads nixpkgs: nothing else in the server uses the network. */
import { LSPErrorCodes, ResponseError, type CancellationToken } from 'vscode-languageserver/node';
import { fetchNixpkgsCommand, type FetchNixpkgsResult } from '../../../../shared/src/protocol';
import { decodeUtf8 } from '../../base/bytes';
import { DownloadError } from '../../download/failure';
import type { FetchProgress, FetchRequest } from '../../download/fetch-archive';
import { nixpkgsRequest } from '../../download/nixpkgs';
import { startFetch, type FetchOutcome } from '../../download/task';
import { cacheFolder } from '../../host/cache-folder';
import { nixPathOf } from '../../host/host-path';
import type { CancellableProgress } from '../editor';
import { readFields, readOptionalString } from '../params';
import type { Parts } from '../parts';
import { renew } from '../renew';

/** Null where the user called it off. */
export async function fetchNixpkgs(
  parts: Parts,
  [argument]: readonly unknown[],
  token: CancellationToken,
): Promise<FetchNixpkgsResult | null> {
  if (!parts.evaluation.trusted) throw failed('Nixray downloads nothing in a workspace that is not trusted.');
  const request = requestOf(parts, argument);
  const outcome = await fetchWithProgress(parts, request, token);
  if ('cancelled' in outcome) return null;
  if ('problem' in outcome) throw failed(outcome.problem);
  const { path, downloaded } = outcome.fetched;
  const entry = `nixpkgs=${decodeUtf8(nixPathOf(path))}`;
  parts.evaluation.fetchedNixpkgs = entry;
  renew(parts);
  // A client with a command of its own keeps the entry itself.
  if (!parts.clientCommands.has(fetchNixpkgsCommand)) {
    parts.editor.inform(
      `<nixpkgs> is ${path} until the server ends. To keep it, add "${entry}" to the setting nixray.searchPath.`,
    );
  }
  return { path, entry, downloaded };
}

function requestOf(parts: Parts, argument: unknown): FetchRequest {
  const { release, url, sha256 } = readFields(argument ?? {}, 'arguments[0]');
  const choice = {
    release: readOptionalString(release, 'release'),
    url: readOptionalString(url, 'url'),
    sha256: readOptionalString(sha256, 'sha256'),
  };
  try {
    return nixpkgsRequest(choice, cacheFolder(parts.settings.current['cache.directory']));
  } catch (error) {
    if (error instanceof DownloadError) throw failed(error.message);
    throw error;
  }
}

async function fetchWithProgress(
  parts: Parts,
  request: FetchRequest,
  token: CancellationToken,
): Promise<FetchOutcome> {
  const progress = await parts.editor.beginCancellable('Nixray', `fetching nixpkgs ${request.name}`);
  const reporter = new Reporter(progress);
  const task = startFetch(request, (step) => reporter.hear(step));
  progress.onCancel(task.cancel);
  token.onCancellationRequested(task.cancel);
  parts.downloads.add(task);
  try {
    return await task.outcome;
  } finally {
    parts.downloads.delete(task);
    progress.end();
  }
}

/** Milliseconds between two reports. */
const reportPause = 100;

const mebibyte = 2 ** 20;

class Reporter {
  private next = 0;

  constructor(private readonly progress: CancellableProgress) {}

  hear(step: FetchProgress): void {
    if (step.phase === 'checking') return this.progress.report('checking the hash', 100);
    const now = performance.now();
    if (now < this.next) return;
    this.next = now + reportPause;
    const { received, size } = step;
    const amount = `${(received / mebibyte).toFixed(1)}`;
    if (size === undefined || size === 0) this.progress.report(`${amount} MiB`);
    else {
      const whole = (size / mebibyte).toFixed(1);
      this.progress.report(`${amount} of ${whole} MiB`, Math.floor((100 * received) / size));
    }
  }
}

function failed(message: string): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestFailed, message);
}
