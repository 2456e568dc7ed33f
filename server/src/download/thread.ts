/** The thread that downloads for the server, which goes on answering meanwhile. */
import { parentPort, workerData } from 'node:worker_threads';
import { DownloadError, reasonOf } from './failure';
import { fetchArchive } from './fetch-archive';
import type { ThreadData, ThreadMessage } from './rpc';

const cancellation = new AbortController();
const tell = (message: ThreadMessage): void => parentPort!.postMessage(message);

async function run(): Promise<void> {
  try {
    const fetched = await fetchArchive(workerData as ThreadData, {
      signal: cancellation.signal,
      progress: (progress) => tell({ kind: 'progress', progress }),
    });
    tell({ kind: 'done', fetched });
  } catch (error) {
    if (cancellation.signal.aborted) tell({ kind: 'cancelled' });
    else tell({ kind: 'failed', message: error instanceof DownloadError ? error.message : reasonOf(error) });
  }
  parentPort!.close();
}

parentPort!.once('message', () => cancellation.abort());
void run();
