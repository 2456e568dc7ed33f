import type { CodeAction, Command, Diagnostic } from 'vscode-languageserver/node';
import {
  diagnosticSource,
  fetchNixpkgsCommand,
  fetchNixpkgsServerCommand,
} from '../../../../shared/src/protocol';
import { isMissingNixpkgs } from '../../diagnostics/missing-nixpkgs';
import { readFields, readList, readParams } from '../params';
import type { Parts } from '../parts';

const quickFix = 'quickfix';

/** `textDocument/codeAction` */
export function codeAction(parts: Parts, params: unknown): (CodeAction | Command)[] | null {
  const { diagnostics, only } = readFields(readParams(params).context, 'context');
  if (!parts.evaluation.trusted || !isWanted(only)) return null;
  const missing = readList(diagnostics ?? [], 'context.diagnostics').filter(isMissing);
  if (missing.length === 0) return null;
  const command: Command = {
    title: 'Fetch nixpkgs…',
    command: parts.clientCommands.has(fetchNixpkgsCommand) ? fetchNixpkgsCommand : fetchNixpkgsServerCommand,
  };
  const literals = parts.editor.capabilities.textDocument?.codeAction?.codeActionLiteralSupport;
  if (literals === undefined) return [command];
  return [{ title: command.title, kind: quickFix, diagnostics: missing, command }];
}

/** Whether an editor that asks for some kinds only asks for quick fixes. */
function isWanted(only: unknown): boolean {
  if (only === undefined || only === null) return true;
  return readList(only, 'context.only').some((kind) => kind === quickFix || kind === '');
}

function isMissing(diagnostic: unknown): diagnostic is Diagnostic {
  const { source, code, message } = readFields(diagnostic, 'context.diagnostics');
  return source === diagnosticSource && isMissingNixpkgs(String(code), String(message));
}
