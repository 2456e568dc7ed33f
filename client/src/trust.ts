// Tells the server when the user comes to trust the workspace. Trust at the
// start goes with the initialization options, and it is never taken back while
// a window is open: the editor reloads the window then.
import * as vscode from 'vscode';
import { didChangeTrustMethod, type DidChangeTrustParams } from '../../shared/src/protocol';
import type { Server } from './server';

export function watchTrust(server: Server): vscode.Disposable {
  return vscode.workspace.onDidGrantWorkspaceTrust(() => {
    void server.notify<DidChangeTrustParams>(didChangeTrustMethod, { trusted: true });
  });
}
