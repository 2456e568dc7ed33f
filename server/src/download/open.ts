/** What a URL leads to, as a stream: over HTTP, or from this disk. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { DownloadError, reasonOf } from './failure';

export interface OpenDownload {
  /** Bytes that will come, where that is known. */
  readonly size: number | undefined;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Milliseconds without a byte after which a server counts as gone. */
const patience = 60_000;

export interface OpenOptions {
  readonly signal: AbortSignal;
  /** See {@link patience}; a test has less. */
  readonly patience?: number;
}

/** @throws DownloadError, also while the chunks come; what `signal` has for a reason when it is aborted */
export async function openDownload(url: string, options: OpenOptions): Promise<OpenDownload> {
  switch (protocolOf(url)) {
    case 'file:':
      return openFile(url);
    case 'http:':
    case 'https:':
      return openHttp(url, options);
    default:
      throw new DownloadError(`Nixray fetches from URLs of https, http and file, and not from '${url}'.`);
  }
}

function protocolOf(url: string): string {
  try {
    return new URL(url).protocol;
  } catch {
    throw new DownloadError(`'${url}' is no URL.`);
  }
}

async function openFile(url: string): Promise<OpenDownload> {
  try {
    const path = fileURLToPath(url);
    const { size } = await stat(path);
    return { size, chunks: createReadStream(path) };
  } catch (error) {
    throw new DownloadError(`'${url}' cannot be read: ${reasonOf(error)}.`);
  }
}

async function openHttp(url: string, options: OpenOptions): Promise<OpenDownload> {
  const watch = new Patience(url, options.patience ?? patience);
  const signal = AbortSignal.any([options.signal, watch.signal]);
  try {
    const response = await fetch(url, { signal, headers: { 'user-agent': 'nixray' } });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      const words = response.statusText === '' ? '' : ` ${response.statusText}`;
      throw new DownloadError(
        `'${url}' could not be downloaded: the server answered ${response.status}${words}.`,
      );
    }
    const length = Number(response.headers.get('content-length') ?? NaN);
    // The length is that of the encoded text, which is not what comes out.
    const isEncoded = response.headers.has('content-encoding');
    const size = Number.isInteger(length) && !isEncoded ? length : undefined;
    return { size, chunks: guarded(url, response.body, options.signal, watch) };
  } catch (error) {
    watch.end();
    throw explained(url, error, options.signal, watch);
  }
}

/** The body, with every failure put into words. */
async function* guarded(
  url: string,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  watch: Patience,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) {
      watch.renew();
      yield chunk;
    }
  } catch (error) {
    throw explained(url, error, signal, watch);
  } finally {
    watch.end();
  }
}

/** Aborts when nothing has come for a while. */
class Patience {
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout;

  constructor(
    private readonly url: string,
    private readonly milliseconds: number,
  ) {
    this.timer = this.start();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  renew(): void {
    clearTimeout(this.timer);
    this.timer = this.start();
  }

  end(): void {
    clearTimeout(this.timer);
  }

  private start(): NodeJS.Timeout {
    return setTimeout(() => {
      const seconds = this.milliseconds / 1000;
      const message = `'${this.url}' could not be downloaded: the server sent nothing for ${seconds} seconds.`;
      this.controller.abort(new DownloadError(message));
    }, this.milliseconds);
  }
}

function explained(url: string, error: unknown, signal: AbortSignal, watch: Patience): unknown {
  if (signal.aborted) return signal.reason;
  if (watch.signal.aborted) return watch.signal.reason;
  if (error instanceof DownloadError) return error;
  return new DownloadError(`'${url}' could not be downloaded: ${causeOf(error)}.`);
}

/** Node hides what happened behind "fetch failed" and "terminated". */
function causeOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { code?: string; message?: string } };
  switch (cause?.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the name of the server is not known here (is there a network?)';
    case 'ECONNREFUSED':
      return 'the server refused the connection';
    case 'UND_ERR_SOCKET':
    case 'ECONNRESET':
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
      return 'the connection was cut off';
  }
  if (message === 'terminated') return 'the connection was cut off';
  return cause?.message ?? message ?? String(error);
}
