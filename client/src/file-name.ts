// The name of the file that a URI leads to.
import type * as vscode from 'vscode';

export function fileName({ path }: vscode.Uri): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
