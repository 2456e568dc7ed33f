// A word in the status bar.
import * as vscode from 'vscode';

/** How long it stays, in milliseconds. */
const moment = 4000;

/** Says something that needs no answer, such as that there is nothing to do. */
export function say(what: string): void {
  vscode.window.setStatusBarMessage(`Nixray: ${what}`, moment);
}
