// The extension's entry: makes its parts, connects them, and registers the
// commands. What the parts do is in the files beside this one.
import * as vscode from 'vscode';
import {
  chooseCallCommand,
  fetchNixpkgsCommand,
  showValueCommand,
  type Position,
} from '../../shared/src/protocol';
import { BytecodeView } from './bytecode-view';
import { chooseCall } from './choose-call';
import { ScopePrompt } from './evaluate-in-scope';
import { SelectionEvaluator } from './evaluate-selection';
import { fetchNixpkgs } from './fetch-nixpkgs';
import { pinArguments } from './pin-arguments';
import { Server } from './server';
import { Status } from './status';
import { watchTrust } from './trust';
import { ValueActions } from './value-actions';
import { ValueDocuments } from './value-documents';
import type { ValueNode } from './value-node';
import { ValueTree } from './value-tree';

let running: Server | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel('Nixray', { log: true });
  const server = new Server(context.asAbsolutePath('dist/server.js'), output);
  running = server;
  const bytecode = new BytecodeView(server);
  const documents = new ValueDocuments(server);
  const evaluator = new SelectionEvaluator(server, documents, output);
  const prompt = new ScopePrompt(server, documents, output, context.workspaceState);
  const tree = new ValueTree(server);
  const actions = new ValueActions(server, tree, documents);
  context.subscriptions.push(output, server, bytecode, documents, evaluator, tree);
  context.subscriptions.push(new Status(server), watchTrust(server));
  context.subscriptions.push(
    vscode.commands.registerCommand('nixray.showBytecode', () => bytecode.open()),
    vscode.commands.registerCommand('nixray.evaluateSelection', () => evaluator.evaluate()),
    vscode.commands.registerCommand('nixray.evaluateInScope', () => prompt.open()),
    vscode.commands.registerCommand('nixray.pinArguments', () => pinArguments(server)),
    vscode.commands.registerCommand(chooseCallCommand, (uri?: string, position?: Position) =>
      chooseCall(server, uri, position),
    ),
    vscode.commands.registerCommand(fetchNixpkgsCommand, () => fetchNixpkgs(server)),
    vscode.commands.registerCommand(showValueCommand, () => tree.focus()),
    vscode.commands.registerCommand('nixray.refreshValue', () => tree.refresh()),
    vscode.commands.registerCommand('nixray.lockValue', () => tree.setLocked(true)),
    vscode.commands.registerCommand('nixray.unlockValue', () => tree.setLocked(false)),
    vscode.commands.registerCommand('nixray.showMoreOfValue', (node: ValueNode) => tree.showMore(node)),
    vscode.commands.registerCommand('nixray.goToValueDefinition', (node?: ValueNode) =>
      actions.goToDefinition(node),
    ),
    vscode.commands.registerCommand('nixray.copyValue', (node?: ValueNode) => actions.copyValue(node)),
    vscode.commands.registerCommand('nixray.copyAttributePath', (node?: ValueNode) => actions.copyPath(node)),
    vscode.commands.registerCommand('nixray.evaluateDeeply', (node?: ValueNode) =>
      actions.evaluateDeeply(node),
    ),
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
