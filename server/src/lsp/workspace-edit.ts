/** Edits of several files as an editor takes them. */
import type { AnnotatedTextEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver/node';
import { decodeUtf8 } from '../base/bytes';
import type { TextEdit as Edit } from '../features/text-edit';
import type { Parts } from './parts';
import type { SourceFile } from './source-files';

/** The edits of a document or a file. */
export interface FileChange {
  readonly file: SourceFile;
  readonly edits: readonly Edit[];
  /** Edits that the user is asked about, one by one. */
  readonly doubtful?: readonly Edit[];
}

/** What the user is told of edits that need a decision. */
export interface Doubt {
  readonly label: string;
  readonly description: string;
}

/** Whether the editor asks about edits that are in doubt. */
export function asksAboutEdits({ editor }: Parts): boolean {
  const support = editor.capabilities.workspace?.workspaceEdit;
  return support?.documentChanges === true && support.changeAnnotationSupport !== undefined;
}

/** Edits in doubt are left out where the editor does not ask about them. */
export function workspaceEdit(parts: Parts, changes: readonly FileChange[], doubt?: Doubt): WorkspaceEdit {
  const protocolEdits = ({ positions }: SourceFile, edits: readonly Edit[]): TextEdit[] =>
    edits.map(({ range, text }) => ({ range: positions.rangeOf(range), newText: decodeUtf8(text) }));
  if (parts.editor.capabilities.workspace?.workspaceEdit?.documentChanges !== true)
    return {
      changes: Object.fromEntries(changes.map(({ file, edits }) => [file.uri, protocolEdits(file, edits)])),
    };
  const asks =
    doubt !== undefined && asksAboutEdits(parts) && changes.some(({ doubtful = [] }) => doubtful.length > 0);
  const inDoubt = (file: SourceFile, edits: readonly Edit[]): AnnotatedTextEdit[] =>
    protocolEdits(file, edits).map((edit) => ({ ...edit, annotationId: 'doubt' }));
  return {
    // With the version, an editor refuses what was made for another text.
    documentChanges: changes.map(({ file, edits, doubtful = [] }) => ({
      textDocument: { uri: file.uri, version: parts.documents.get(file.uri)?.version ?? null },
      edits: [...protocolEdits(file, edits), ...(asks ? inDoubt(file, doubtful) : [])],
    })),
    ...(asks && { changeAnnotations: { doubt: { ...doubt, needsConfirmation: true } } }),
  };
}
