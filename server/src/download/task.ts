/** Fetching in a thread of its own. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Fetched, FetchProgress, FetchRequest } from './fetch-archive';
import { cancelMessage, type ThreadMessage } from './rpc';

/** What became of it: it is there, it was called off, or a sentence why it is not there. */
export type FetchOutcome =
  { readonly fetched: Fetched } | { readonly cancelled: true } | { readonly problem: string };

export interface FetchTask {
  readonly outcome: Promise<FetchOutcome>;
  /** Calls it off; the outcome then comes when everything is cleaned up. */
  cancel(): void;
}

/** The bundle of the thread stands beside the bundle that contains this file. */
export function startFetch(request: FetchRequest, progress: (progress: FetchProgress) => void): FetchTask {
  const worker = new Worker(join(__dirname, 'download.js'), { workerData: request });
  const outcome = new Promise<FetchOutcome>((resolve) => {
    worker.on('message', (message: ThreadMessage) => {
      switch (message.kind) {
        case 'progress':
          return progress(message.progress);
        case 'done':
          return resolve({ fetched: message.fetched });
        case 'cancelled':
          return resolve({ cancelled: true });
        case 'failed':
          return resolve({ problem: message.message });
      }
    });
    worker.on('error', (error) => resolve({ problem: `The download failed: ${error.message}.` }));
    worker.on('exit', () => resolve({ problem: 'The download ended before its time.' }));
  });
  return { outcome, cancel: () => worker.postMessage(cancelMessage) };
}
