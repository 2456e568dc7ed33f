/**
 * Which handler answers what. A handler reads the parameters, converts them,
 * calls, and converts the result; it knows no other handler.
 */
import type { CancellationToken } from 'vscode-languageserver/node';
import {
  bytecodeMethod,
  callsMethod,
  chooseCallMethod,
  describeValueMethod,
  didChangeTrustMethod,
  evaluateMethod,
  locateValueMethod,
  statsMethod,
  valueTreeMethod,
} from '../../../shared/src/protocol';
import { executeCommand } from './commands';
import { codeLens, codeLensResolve, inlayHint } from './handlers/beside-source';
import { bytecode } from './handlers/bytecode';
import { incomingCalls, outgoingCalls, prepareCallHierarchy } from './handlers/call-hierarchy';
import { calls, chooseCall } from './handlers/calls';
import { codeAction } from './handlers/code-actions';
import { completion, completionResolve } from './handlers/completion';
import { declaration, definition, implementation } from './handlers/definition';
import { documentHighlight } from './handlers/document-highlight';
import { documentLink, documentLinkResolve } from './handlers/document-links';
import { evaluate } from './handlers/evaluate';
import { formatting, rangeFormatting } from './handlers/formatting';
import { hover } from './handlers/hover';
import { willRenameFiles } from './handlers/moved-files';
import { prepareRename, rename } from './handlers/rename';
import { semanticTokensDelta, semanticTokensFull, semanticTokensRange } from './handlers/semantic-tokens';
import { signatureHelp } from './handlers/signature-help';
import { stats } from './handlers/stats';
import { documentSymbol, foldingRange, selectionRange } from './handlers/structure';
import { didChange, didClose, didOpen } from './handlers/text-sync';
import { describeValue, locateValue, valueTree } from './handlers/value-tree';
import {
  didChangeConfiguration,
  didChangeTrust,
  didChangeWatchedFiles,
  didChangeWorkspaceFolders,
} from './handlers/workspace';
import { references } from './handlers/references';
import { workspaceSymbol } from './handlers/workspace-symbols';
import type { Parts } from './parts';

type RequestHandler = (parts: Parts, params: unknown, token: CancellationToken) => unknown;
type NotificationHandler = (parts: Parts, params: unknown) => void | Promise<void>;

export const requests: { readonly [method: string]: RequestHandler } = {
  'textDocument/hover': hover,
  'textDocument/definition': definition,
  'textDocument/declaration': declaration,
  'textDocument/implementation': implementation,
  'textDocument/completion': completion,
  'completionItem/resolve': completionResolve,
  'textDocument/documentSymbol': documentSymbol,
  'textDocument/foldingRange': foldingRange,
  'textDocument/selectionRange': selectionRange,
  'textDocument/semanticTokens/full': semanticTokensFull,
  'textDocument/semanticTokens/full/delta': semanticTokensDelta,
  'textDocument/semanticTokens/range': semanticTokensRange,
  'textDocument/documentHighlight': documentHighlight,
  'textDocument/references': references,
  'textDocument/prepareRename': prepareRename,
  'textDocument/rename': rename,
  'textDocument/documentLink': documentLink,
  'documentLink/resolve': documentLinkResolve,
  'textDocument/signatureHelp': signatureHelp,
  'textDocument/formatting': formatting,
  'textDocument/rangeFormatting': rangeFormatting,
  'textDocument/inlayHint': inlayHint,
  'textDocument/codeLens': codeLens,
  'codeLens/resolve': codeLensResolve,
  'textDocument/codeAction': codeAction,
  'textDocument/prepareCallHierarchy': prepareCallHierarchy,
  'callHierarchy/incomingCalls': incomingCalls,
  'callHierarchy/outgoingCalls': outgoingCalls,
  [callsMethod]: calls,
  [chooseCallMethod]: chooseCall,
  [evaluateMethod]: evaluate,
  [valueTreeMethod]: valueTree,
  [describeValueMethod]: describeValue,
  [locateValueMethod]: locateValue,
  [statsMethod]: stats,
  [bytecodeMethod]: bytecode,
  'workspace/symbol': workspaceSymbol,
  'workspace/willRenameFiles': willRenameFiles,
  'workspace/executeCommand': executeCommand,
};

export const notifications: { readonly [method: string]: NotificationHandler } = {
  'textDocument/didOpen': didOpen,
  'textDocument/didChange': didChange,
  'textDocument/didClose': didClose,
  'workspace/didChangeConfiguration': didChangeConfiguration,
  'workspace/didChangeWorkspaceFolders': didChangeWorkspaceFolders,
  'workspace/didChangeWatchedFiles': didChangeWatchedFiles,
  [didChangeTrustMethod]: didChangeTrust,
};
