/** The request for changes that can be made at a place. */
import type {
  CancellationToken,
  CodeAction,
  Command,
  Diagnostic,
  WorkspaceEdit,
} from 'vscode-languageserver/node';
import {
  diagnosticSource,
  fetchNixpkgsCommand,
  fetchNixpkgsServerCommand,
} from '../../../../shared/src/protocol';
import { decodeUtf8, encodeUtf8 } from '../../base/bytes';
import type { SimilarNames } from '../../base/suggestions';
import { isMissingNixpkgs } from '../../diagnostics/missing-nixpkgs';
import type { NewFile, OfferedAction, ShownProblem } from '../../features/code-action';
import { qualifiedNames } from '../../features/code-actions/qualified-names';
import { codeActionsAt } from '../../features/code-actions/registry';
import { directoryOf } from '../../host/path';
import type { OpenDocument } from '../document';
import { readDocumentUri, readFields, readList, readParams, readRange } from '../params';
import type { Parts } from '../parts';
import { filePath } from '../uris';
import { valueOf } from './pending-value';

const quickFix = 'quickfix';
/** `CodeActionTriggerKind.Automatic`. */
const automatic = 2;

/** `textDocument/codeAction` */
export async function codeAction(
  parts: Parts,
  params: unknown,
  token: CancellationToken,
): Promise<(CodeAction | Command)[] | null> {
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
    const isAutomatic = fields['triggerKind'] === automatic;
    const hasFile = makesFiles(parts, document) ? fileFinder(parts, document) : undefined;
    const ignored = parts.settings.current['diagnostics.ignored'];
    const request = { selection, problems, ignored, wants, isAutomatic, ...(hasFile && { hasFile }) };
    const offers = codeActionsAt(document.parsed, request);
    const qualified = wants(quickFix) ? await meantNames(parts, document, problems, token) : [];
    for (const offered of [...qualified, ...offers])
      actions.push(protocolAction(parts, document, offered, shown));
  }
  return actions.length === 0 ? null : actions;
}

/** The fixes by longer names that have a value. */
async function meantNames(
  parts: Parts,
  document: OpenDocument,
  problems: readonly ShownProblem[],
  token: CancellationToken,
): Promise<OfferedAction[]> {
  const names = qualifiedNames(document.parsed, problems);
  if (names.length === 0 || parts.evaluation.obstacle !== undefined) return [];
  const requests = names.map(({ condition, offset }) => {
    return { kind: 'expression', offset, expression: condition } as const;
  });
  const outcome = await valueOf(parts, document, token, (supervisor) =>
    supervisor.askAtOnce('values', document.path, requests),
  );
  if ('stopped' in outcome) return [];
  return names.filter((_, i) => outcome.result[i]?.text === 'true').map(({ action }) => action);
}

/**
 * Which kinds an editor asks for; those below `refactor` are `refactor`, too. Changes of the whole
 * file are nothing that a cursor asks for.
 */
function wantedKinds(only: unknown): (kind: string) => boolean {
  if (only === undefined || only === null) return (kind) => !kind.startsWith('source.');
  const kinds = readList(only, 'context.only');
  return (kind) => kinds.some((wanted) => wanted === '' || `${kind}.`.startsWith(`${String(wanted)}.`));
}

function isOurs(diagnostic: unknown): diagnostic is Diagnostic {
  return readFields(diagnostic, 'context.diagnostics')['source'] === diagnosticSource;
}

function problemOf({ code, range, data }: Diagnostic, { positions }: OpenDocument): ShownProblem {
  const { start, end } = readRange(range, 'context.diagnostics.range');
  const similar = similarNames(data);
  return {
    code: String(code),
    range: { start: positions.clampedOffsetAt(start), end: positions.clampedOffsetAt(end) },
    ...(similar && { similar }),
  };
}

/** What a diagnostic of ours has as its data, if the editor has kept it. */
function similarNames(data: unknown): SimilarNames | undefined {
  const { similar } = (data ?? {}) as { readonly similar?: SimilarNames };
  if (typeof similar?.name !== 'string' || !Array.isArray(similar.candidates)) return undefined;
  return {
    name: encodeUtf8(similar.name),
    candidates: similar.candidates.map((each) => encodeUtf8(String(each))),
  };
}

/** Whether the editor can make a file beside the document. */
function makesFiles({ editor }: Parts, document: OpenDocument): boolean {
  const { documentChanges, resourceOperations } = editor.capabilities.workspace?.workspaceEdit ?? {};
  const canCreate = documentChanges === true && resourceOperations?.includes('create') === true;
  return canCreate && filePath(document.uri) !== undefined;
}

/** Says whether a name is taken in the folder of a document. */
function fileFinder({ disk, documents }: Parts, document: OpenDocument): (name: string) => boolean {
  return (name) => {
    const path = `${directoryOf(document.path)}/${name}`;
    try {
      return documents.at(path) !== undefined || disk.fileType(path) !== undefined;
    } catch {
      // Where nobody may look, the editor will say why it makes no file.
      return false;
    }
  };
}

function protocolAction(
  parts: Parts,
  document: OpenDocument,
  offered: OfferedAction,
  shown: readonly Diagnostic[],
): CodeAction {
  const { title, kind, fixes, isPreferred } = offered;
  const diagnostics = shown.filter(({ code }) => fixes?.includes(String(code)) === true);
  return {
    title,
    kind,
    ...(diagnostics.length > 0 && { diagnostics }),
    ...(isPreferred === true && { isPreferred }),
    edit: workspaceEdit(parts, document, offered),
  };
}

function workspaceEdit({ editor }: Parts, document: OpenDocument, offered: OfferedAction): WorkspaceEdit {
  const { edits, newFile } = offered;
  const { uri, version } = document;
  const textEdits = edits.map(({ range, text }) => ({
    range: document.positions.rangeOf(range),
    newText: decodeUtf8(text),
  }));
  if (editor.capabilities.workspace?.workspaceEdit?.documentChanges !== true)
    return { changes: { [uri]: textEdits } };
  // With the version, an editor refuses what was made for another text.
  const change = { textDocument: { uri, version }, edits: textEdits };
  return { documentChanges: [...(newFile === undefined ? [] : creation(uri, newFile)), change] };
}

/** The changes that write a file beside a document. */
function creation(beside: string, { name, text }: NewFile): NonNullable<WorkspaceEdit['documentChanges']> {
  const uri = beside.slice(0, beside.lastIndexOf('/') + 1) + encodeURIComponent(name);
  const start = { line: 0, character: 0 };
  const edits = [{ range: { start, end: start }, newText: decodeUtf8(text) }];
  return [
    { kind: 'create', uri },
    { textDocument: { uri, version: null }, edits },
  ];
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
