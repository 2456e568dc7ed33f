/** What the server says it can do. */
import type { InitializeResult } from 'vscode-languageserver/node';
import { showBytecodeCommand } from '../../../shared/src/protocol';

/** `TextDocumentSyncKind.Incremental`. */
const incremental = 2;

export const initializeResult: InitializeResult = {
  serverInfo: { name: 'nixray' },
  capabilities: {
    positionEncoding: 'utf-16',
    textDocumentSync: { openClose: true, change: incremental, save: { includeText: false } },
    hoverProvider: true,
    definitionProvider: true,
    completionProvider: { triggerCharacters: ['.', '/'], resolveProvider: true },
    documentSymbolProvider: true,
    foldingRangeProvider: true,
    selectionRangeProvider: true,
    documentHighlightProvider: true,
    referencesProvider: true,
    renameProvider: { prepareProvider: true },
    documentLinkProvider: { resolveProvider: true },
    signatureHelpProvider: { triggerCharacters: [' '] },
    inlayHintProvider: true,
    codeLensProvider: { resolveProvider: true },
    executeCommandProvider: { commands: [showBytecodeCommand] },
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  },
};
