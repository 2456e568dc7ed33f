/** The folders of the workspace, in the order that the editor shows. */
import { homedir } from 'node:os';
import type { Bytes } from '../base/bytes';
import { nixPathOf } from '../host/host-path';
import { filePath } from './uris';

interface FolderParams {
  readonly workspaceFolders?: readonly { readonly uri: string }[] | null;
  readonly rootUri?: string | null;
  readonly rootPath?: string | null;
}

export class Folders {
  private current: Bytes[] = [];

  /** Reads them from what `initialize` brought; older editors know one root at most. */
  initialize({ workspaceFolders, rootUri, rootPath }: FolderParams): void {
    if (Array.isArray(workspaceFolders)) this.change(workspaceFolders, []);
    else if (typeof rootUri === 'string') this.change([{ uri: rootUri }], []);
    else if (typeof rootPath === 'string') this.current = [nixPathOf(rootPath)];
  }

  change(added: readonly { readonly uri: string }[], removed: readonly { readonly uri: string }[]): void {
    const gone = new Set(removed.map(({ uri }) => filePath(uri)));
    this.current = this.current.filter((path) => !gone.has(path));
    for (const { uri } of added) {
      const path = filePath(uri);
      if (path !== undefined && !this.current.includes(path)) this.current.push(path);
    }
  }

  get paths(): readonly Bytes[] {
    return this.current;
  }

  /** Where documents without a file stand. */
  get first(): Bytes {
    return this.current[0] ?? nixPathOf(homedir());
  }
}
