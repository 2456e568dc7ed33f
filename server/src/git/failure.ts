/** A repository is damaged, or uses what is not known here; `message` goes behind the repository's name. */
export class GitError {
  constructor(readonly message: string) {}
}
