// The extension's entry: makes its parts, connects them, and registers the
// commands. What the parts do is in the files beside this one.
import * as vscode from 'vscode';
import type { Position } from '../../shared/src/protocol';
import { BytecodeView } from './bytecode-view';
import { chooseCall } from './choose-call';
import { SelectionEvaluator } from './evaluate-selection';
import { fetchNixpkgs } from './fetch-nixpkgs';
import { Server } from './server';
import { Status } from './status';
import { watchTrust } from './trust';

let running: Server | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel('Nixray', { log: true });
  const server = new Server(context.asAbsolutePath('dist/server.js'), output);
  running = server;
  const bytecode = new BytecodeView(server);
  const evaluator = new SelectionEvaluator(server, output);
  context.subscriptions.push(output, server, bytecode, evaluator, new Status(server), watchTrust(server));
  context.subscriptions.push(
    vscode.commands.registerCommand('nixray.showBytecode', () => bytecode.open()),
    vscode.commands.registerCommand('nixray.evaluateSelection', () => evaluator.evaluate()),
    vscode.commands.registerCommand('nixray.chooseCall', (uri?: string, position?: Position) =>
      chooseCall(server, uri, position),
    ),
    vscode.commands.registerCommand('nixray.fetchNixpkgs', () => fetchNixpkgs(server)),
    vscode.commands.registerCommand('nixray.restartServer', () => server.restart()),
    vscode.commands.registerCommand('nixray.showOutput', () => output.show()),
  );
  // Not awaited: commands wait for the server themselves, and the editor need not.
  void server.start();
}

/** The editor waits for this, so that the server and its evaluator end before it does. */
export async function deactivate(): Promise<void> {
  await running?.stop();
}
