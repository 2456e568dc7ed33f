// The answer of an evaluation as Markdown, for hovers and tooltips.
import * as vscode from 'vscode';
import { languageId, type EvaluateResult, type Location } from '../../shared/src/protocol';
import { frameText } from './value-text';

/** The value with its type, or the error with links to the places of its trace. */
export function valueMarkdown(result: EvaluateResult): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString();
  if (result.error === undefined) {
    markdown.appendCodeblock(result.value, languageId).appendText(result.type);
  } else {
    markdown.appendCodeblock(`error: ${result.error.message}`, languageId);
    for (const frame of result.error.trace) {
      markdown.appendMarkdown('\n- ').appendText(frameText(frame));
      if (frame.location === undefined) continue;
      markdown.appendMarkdown(` ([open](${linkTo(frame.location).toString()}))`);
    }
  }
  if (result.source !== undefined) appendSource(markdown.appendText('\n'), result);
  return markdown;
}

function appendSource(markdown: vscode.MarkdownString, { source = '', call }: EvaluateResult): void {
  const at = call === undefined ? -1 : source.indexOf(call.text);
  if (at < 0) return void markdown.appendText(source);
  markdown.appendText(source.slice(0, at)).appendMarkdown('[');
  markdown.appendText(call!.text).appendMarkdown(`](${linkTo(call!.location).toString()})`);
  markdown.appendText(source.slice(at + call!.text.length));
}

/** The address of a place, as the editor follows it. */
export function linkTo({ uri, range }: Location): vscode.Uri {
  const fragment = `L${range.start.line + 1},${range.start.character + 1}`;
  return vscode.Uri.parse(uri).with({ fragment });
}
