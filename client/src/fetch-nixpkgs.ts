// The command *Fetch nixpkgs…*: asks which one, has the server download it, and keeps
// it in the setting of the search path. Progress and its Cancel button come from the
// server.
import * as vscode from 'vscode';
import { nixpkgsReleases, releaseUrl } from '../../shared/src/nixpkgs-releases';
import {
  fetchNixpkgsServerCommand,
  type FetchNixpkgsArgument,
  type FetchNixpkgsResult,
} from '../../shared/src/protocol';
import { settingsSection } from '../../shared/src/settings';
import { withFetched } from './search-path-setting';
import type { Server } from './server';

interface ReleaseItem extends vscode.QuickPickItem {
  /** Undefined for one that is not in the list. */
  readonly argument: FetchNixpkgsArgument | undefined;
}

interface Execution {
  readonly command: string;
  readonly arguments: readonly [FetchNixpkgsArgument];
}

export async function fetchNixpkgs(server: Server): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    void vscode.window.showWarningMessage('Nixray downloads nothing in a workspace that is not trusted.');
    return;
  }
  const picked = await vscode.window.showQuickPick(items(), {
    title: 'Fetch nixpkgs',
    placeHolder: 'The release that <nixpkgs> is to mean; about 20 to 50 MB are downloaded',
    matchOnDescription: true,
  });
  if (picked === undefined) return;
  const argument = picked.argument ?? (await askForArchive());
  if (argument === undefined) return;
  const reply = await server.request<Execution, FetchNixpkgsResult>('workspace/executeCommand', {
    command: fetchNixpkgsServerCommand,
    arguments: [argument],
  });
  if ('problem' in reply) void vscode.window.showErrorMessage(reply.problem);
  else if (reply.result !== null) await keep(reply.result);
}

function items(): ReleaseItem[] {
  const releases = nixpkgsReleases.map((release) => ({
    label: `nixpkgs ${release.name}`,
    description: releaseUrl(release),
    argument: { release: release.name },
  }));
  return [...releases, { label: 'Another archive…', description: 'by URL and hash', argument: undefined }];
}

async function askForArchive(): Promise<FetchNixpkgsArgument | undefined> {
  const url = await vscode.window.showInputBox({
    title: 'Fetch nixpkgs: the archive (1/2)',
    prompt: 'The URL of a .tar.gz or .tar archive (https, http or file)',
    ignoreFocusOut: true,
    validateInput: (text) => (/^(https?|file):\/\/./.test(text.trim()) ? undefined : 'This is no such URL.'),
  });
  if (url === undefined) return undefined;
  const sha256 = await vscode.window.showInputBox({
    title: 'Fetch nixpkgs: its hash (2/2)',
    prompt: 'The SHA-256 hash of the unpacked tree, as fetchTarball takes it',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim().length >= 43 ? undefined : 'A SHA-256 hash is longer.'),
  });
  return sha256 === undefined ? undefined : { url: url.trim(), sha256: sha256.trim() };
}

/** Where the setting is made already, else for all of the user's folders. */
async function keep({ path, entry }: FetchNixpkgsResult): Promise<void> {
  const section = vscode.workspace.getConfiguration(settingsSection);
  const { globalValue, workspaceValue } = section.inspect<string[]>('searchPath') ?? {};
  const target =
    workspaceValue === undefined ? vscode.ConfigurationTarget.Global : vscode.ConfigurationTarget.Workspace;
  const entries = withFetched(workspaceValue ?? globalValue ?? [], entry);
  try {
    await section.update('searchPath', entries, target);
  } catch (error) {
    void vscode.window.showWarningMessage(
      `nixpkgs is in ${path}, but the setting nixray.searchPath could not be changed: ${String(error)}`,
    );
    return;
  }
  void vscode.window.showInformationMessage(`<nixpkgs> is now ${path} (setting nixray.searchPath).`);
}
