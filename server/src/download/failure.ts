/** Something could not be downloaded or unpacked; `message` is a sentence for the user. */
export class DownloadError {
  constructor(readonly message: string) {}
}

/** The words of a failed operation of the system, for the end of a sentence. */
export function reasonOf(error: unknown): string {
  const { message } = Object(error) as { message?: unknown };
  return typeof message === 'string' ? message : String(error);
}
