/** What the server says it can do. */
import type { InitializeResult } from 'vscode-languageserver/node';
import { codeActionKinds } from '../features/code-actions/registry';
import { tokenModifiers, tokenTypes } from '../features/token-legend';
import { fetchNixpkgsServerCommand, showBytecodeCommand } from '../../../shared/src/protocol';

/** `TextDocumentSyncKind.Incremental`. */
const incremental = 2;

export const initializeResult: InitializeResult = {
  serverInfo: { name: 'nixray' },
  capabilities: {
    positionEncoding: 'utf-16',
    textDocumentSync: { openClose: true, change: incremental },
    hoverProvider: true,
    definitionProvider: true,
    declarationProvider: true,
    implementationProvider: true,
    // A quote opens what an option may be set to, and what an input may follow.
    completionProvider: { triggerCharacters: ['.', '/', '"'], resolveProvider: true },
    documentSymbolProvider: true,
    workspaceSymbolProvider: true,
    foldingRangeProvider: true,
    selectionRangeProvider: true,
    semanticTokensProvider: {
      legend: { tokenTypes: [...tokenTypes], tokenModifiers: [...tokenModifiers] },
      full: { delta: true },
      range: true,
    },
    documentHighlightProvider: true,
    referencesProvider: true,
    renameProvider: { prepareProvider: true },
    documentLinkProvider: { resolveProvider: true },
    documentFormattingProvider: true,
    documentRangeFormattingProvider: true,
    // A space follows every name in Nix, so signatures are shown only when asked for.
    signatureHelpProvider: {},
    callHierarchyProvider: true,
    inlayHintProvider: true,
    codeLensProvider: { resolveProvider: true },
    codeActionProvider: { codeActionKinds: [...codeActionKinds] },
    executeCommandProvider: { commands: [showBytecodeCommand, fetchNixpkgsServerCommand] },
    workspace: {
      workspaceFolders: { supported: true, changeNotifications: true },
      // Path literals may name files of any kind, such as patches.
      fileOperations: { willRename: { filters: [{ scheme: 'file', pattern: { glob: '**' } }] } },
    },
  },
};
