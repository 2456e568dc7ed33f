/** What the thread that downloads is given and says: plain data. */
import type { Fetched, FetchProgress, FetchRequest } from './fetch-archive';

/** The thread's `workerData`. */
export type ThreadData = FetchRequest;

/** The one message to the thread. */
export const cancelMessage = 'cancel';

export type ThreadMessage =
  | { readonly kind: 'progress'; readonly progress: FetchProgress }
  | { readonly kind: 'done'; readonly fetched: Fetched }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'cancelled' };
