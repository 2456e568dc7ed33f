// The address of the document that shows another document's byte code. The
// path ends in the source's name, for the tab's title; the query is the
// source's own address.
import * as vscode from 'vscode';

export const bytecodeScheme = 'nixray-bytecode';

/** The language of these documents; its grammar is the extension's own. */
export const bytecodeLanguage = 'nixray-bytecode';

/** By this ending the manifest gives the documents their language; a new file may lack `.nix`. */
export function bytecodeUri(source: vscode.Uri): vscode.Uri {
  const path = `${source.path.replace(/\.nix$/, '')}.nix.bytecode`;
  return vscode.Uri.from({ scheme: bytecodeScheme, path, query: source.toString() });
}

/** The document that a byte code document shows. */
export function sourceUri(bytecode: vscode.Uri): vscode.Uri {
  return vscode.Uri.parse(bytecode.query, true);
}
