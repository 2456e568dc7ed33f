// What one can do with a value in the tree: go to where it was defined, copy it or
// its path, evaluate all of it.
import * as vscode from 'vscode';
import { locateValueMethod, type LocateValueParams, type LocateValueResult } from '../../shared/src/protocol';
import { fileName } from './file-name';
import { say } from './say';
import type { Server } from './server';
import type { ValueDocuments } from './value-documents';
import { attributePath, type ValueNode } from './value-node';
import type { ValueTree } from './value-tree';

export class ValueActions {
  constructor(
    private readonly server: Server,
    private readonly tree: ValueTree,
    private readonly documents: ValueDocuments,
  ) {}

  async goToDefinition(node: ValueNode | undefined): Promise<void> {
    if (node === undefined) return;
    const reply = await this.server.request<LocateValueParams, LocateValueResult>(locateValueMethod, {
      textDocument: { uri: node.uri },
      path: [...node.path],
    });
    if (!('result' in reply))
      return void (reply.superseded ?? vscode.window.showWarningMessage(reply.problem));
    if (reply.result === null) return say('nobody knows where this value was defined');
    const { uri, range } = reply.result;
    const { start, end } = range;
    const target = vscode.Uri.parse(uri);
    this.tree.visit(target);
    const selection = new vscode.Range(start.line, start.character, end.line, end.character);
    try {
      await vscode.window.showTextDocument(target, { selection, preserveFocus: true, preview: true });
    } catch {
      void vscode.window.showWarningMessage(`The file ${target.fsPath} cannot be opened.`);
    }
  }

  async copyValue(node: ValueNode | undefined): Promise<void> {
    const result = node && (await this.describeAll(node, 'copying the value'));
    if (result === undefined) return;
    if (result.error !== undefined)
      return void vscode.window.showWarningMessage(`There is no value to copy: ${result.error.message}`);
    await vscode.env.clipboard.writeText(result.value);
    // What has no text of its own, such as a function, is named between these marks.
    say(result.value.includes('«') ? 'copied; what has no Nix text stands in « »' : 'the value is copied');
  }

  async copyPath(node: ValueNode | undefined): Promise<void> {
    if (node === undefined) return;
    await vscode.env.clipboard.writeText(attributePath(node));
    say('the attribute path is copied');
  }

  /** Evaluates all of a value and shows it in a document; its parts in the tree then have their values, too. */
  async evaluateDeeply(node: ValueNode | undefined): Promise<void> {
    const result = node && (await this.describeAll(node, 'evaluating'));
    if (result === undefined) return;
    const path = attributePath(node!);
    const source = vscode.Uri.parse(node!.uri);
    const file = fileName(source);
    await this.documents.show(path === '' ? `All of ${file}` : `All of ${path} in ${file}`, source, result);
    this.tree.refresh();
  }

  private async describeAll(node: ValueNode, what: string) {
    const result = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: `Nixray: ${what}` },
      () => this.tree.describe(node, true),
    );
    if (result === undefined) say('the value is not there any more');
    return result;
  }
}
