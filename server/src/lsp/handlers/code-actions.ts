import type { CodeAction, Command, Diagnostic, WorkspaceEdit } from 'vscode-languageserver/node';
import {
  diagnosticSource,
  fetchNixpkgsCommand,
  fetchNixpkgsServerCommand,
} from '../../../../shared/src/protocol';
import { decodeUtf8 } from '../../base/bytes';
import { isMissingNixpkgs } from '../../diagnostics/missing-nixpkgs';
import type { OfferedAction, ShownProblem } from '../../features/code-action';
import { codeActionsAt } from '../../features/code-actions/registry';
import type { OpenDocument } from '../document';
import { readDocumentUri, readFields, readList, readParams, readRange } from '../params';
import type { Parts } from '../parts';

const quickFix = 'quickfix';

/** `textDocument/codeAction` */
export function codeAction(parts: Parts, params: unknown): (CodeAction | Command)[] | null {
  const { range, context } = readParams(params);
  const fields = readFields(context, 'context');
  const wants = wantedKinds(fields['only']);
  const shown = readList(fields['diagnostics'] ?? [], 'context.diagnostics').filter(isOurs);
  const literals = parts.editor.capabilities.textDocument?.codeAction?.codeActionLiteralSupport;
  const actions: (CodeAction | Command)[] = wants(quickFix) ? fetchNixpkgs(parts, shown) : [];
  const document = parts.documents.get(readDocumentUri(params));
  // An editor without literals knows commands only, which change no text.
  if (document !== undefined && literals !== undefined) {
    const { start, end } = readRange(range, 'range');
    const { positions } = document;
    const selection = { start: positions.clampedOffsetAt(start), end: positions.clampedOffsetAt(end) };
    const problems = shown.map((diagnostic) => problemOf(diagnostic, document));
    for (const offered of codeActionsAt(document.parsed, { selection, problems, wants }))
      actions.push(protocolAction(parts, document, offered, shown));
  }
  return actions.length === 0 ? null : actions;
}

/** Which kinds an editor asks for; those below `refactor` are `refactor`, too. */
function wantedKinds(only: unknown): (kind: string) => boolean {
  if (only === undefined || only === null) return () => true;
  const kinds = readList(only, 'context.only');
  return (kind) => kinds.some((wanted) => wanted === '' || `${kind}.`.startsWith(`${String(wanted)}.`));
}

function isOurs(diagnostic: unknown): diagnostic is Diagnostic {
  return readFields(diagnostic, 'context.diagnostics')['source'] === diagnosticSource;
}

function problemOf({ code, range }: Diagnostic, { positions }: OpenDocument): ShownProblem {
  const { start, end } = readRange(range, 'context.diagnostics.range');
  return {
    code: String(code),
    range: { start: positions.clampedOffsetAt(start), end: positions.clampedOffsetAt(end) },
  };
}

function protocolAction(
  { editor }: Parts,
  document: OpenDocument,
  { title, kind, edits, fixes, isPreferred }: OfferedAction,
  shown: readonly Diagnostic[],
): CodeAction {
  const diagnostics = shown.filter(({ code }) => fixes?.includes(String(code)) === true);
  const textEdits = edits.map(({ range, text }) => ({
    range: document.positions.rangeOf(range),
    newText: decodeUtf8(text),
  }));
  const { uri, version } = document;
  // With the version, an editor refuses what was made for another text.
  const edit: WorkspaceEdit =
    editor.capabilities.workspace?.workspaceEdit?.documentChanges === true
      ? { documentChanges: [{ textDocument: { uri, version }, edits: textEdits }] }
      : { changes: { [uri]: textEdits } };
  return {
    title,
    kind,
    ...(diagnostics.length > 0 && { diagnostics }),
    ...(isPreferred === true && { isPreferred }),
    edit,
  };
}

/** The offer to fetch nixpkgs, where it is missing. */
function fetchNixpkgs(parts: Parts, shown: readonly Diagnostic[]): (CodeAction | Command)[] {
  const missing = shown.filter(({ code, message }) => isMissingNixpkgs(String(code), String(message)));
  if (!parts.evaluation.trusted || missing.length === 0) return [];
  const command: Command = {
    title: 'Fetch nixpkgs…',
    command: parts.clientCommands.has(fetchNixpkgsCommand) ? fetchNixpkgsCommand : fetchNixpkgsServerCommand,
  };
  const literals = parts.editor.capabilities.textDocument?.codeAction?.codeActionLiteralSupport;
  if (literals === undefined) return [command];
  return [{ title: command.title, kind: quickFix, diagnostics: missing, command }];
}
