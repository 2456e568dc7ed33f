/** The request for what is known of the expression under the cursor. */
import type { CancellationToken, Hover } from 'vscode-languageserver/node';
import { chooseCallCommand } from '../../../../shared/src/protocol';
import { baseNameOf, isFlake } from '../../host/path';
import { decodeUtf8 } from '../../base/bytes';
import { describeDerivationName } from '../../features/derivation-names';
import { describeFlakeName } from '../../features/flake-names';
import { hoverText, plainText } from '../../features/hover';
import { LibraryFiles } from '../../features/library-files';
import type { Location, ValueReport } from '../../evaluator/service';
import type { Stop } from '../../evaluator/job';
import { protocolLocation } from '../conversions';
import type { OpenDocument } from '../document';
import type { Editor } from '../editor';
import type { Parts } from '../parts';
import { documentPlace } from './document-place';
import { valueOf } from './pending-value';

/** `textDocument/hover` */
export async function hover(parts: Parts, params: unknown, token: CancellationToken): Promise<Hover | null> {
  const place = documentPlace(parts, params);
  if (place === undefined) return null;
  const { document, offset } = place;
  const depth = parts.settings.current['hover.depth'];
  const outcome = await valueOf(parts, document, token, (supervisor) =>
    supervisor.ask('hover', document.path, offset, depth),
  );
  if ('stopped' in outcome && outcome.stopped.reason === 'disabled') return null;
  const found = 'result' in outcome ? outcome.result : stoppedReport(outcome.stopped, offset);
  if (found === undefined) return null;
  const report = withMeaning(found, document, offset);
  // Where an expression is missing there is nothing to point at.
  if ('result' in outcome && report.range.start === report.range.end) return null;
  const link = (location: Location): Link => linkTo(location, parts);
  const libraries = new LibraryFiles(parts.disk, parts.folders.paths, document.path);
  const range = document.positions.rangeOf(report.range);
  if (showsMarkdown(parts.editor)) {
    const chooseCall = chooseCallTarget(report, document, parts);
    const value = hoverText(report, link, { chooseCall, libraries });
    return { contents: { kind: 'markdown', value }, range };
  }
  const value = hoverText(report, link, { markup: plainText, libraries });
  return { contents: { kind: 'plaintext', value }, range };
}

/** With what the name under the cursor is to Nix in a `flake.nix`, or to a builder of nixpkgs. */
function withMeaning(report: ValueReport, { path, parsed }: OpenDocument, offset: number): ValueReport {
  const ofFlake = isFlake(path) ? describeFlakeName(parsed, offset) : undefined;
  const meaning = ofFlake ?? describeDerivationName(parsed, offset);
  if (meaning === undefined) return report;
  const { details } = report;
  return { ...report, details: details === undefined ? meaning : `${meaning}\n\n${details}` };
}

/** An editor that says nothing about it is taken for one that does. */
function showsMarkdown({ capabilities }: Editor): boolean {
  const formats = capabilities.textDocument?.hover?.contentFormat ?? [];
  return formats.length === 0 || formats.includes('markdown');
}

/** A link that runs the client's command for the function whose argument is shown. */
function chooseCallTarget(
  { calledAt }: ValueReport,
  { uri, positions }: OpenDocument,
  { clientCommands, editor }: Parts,
): string | undefined {
  if (calledAt === undefined || !editor.followsCommandLinks || !clientCommands.has(chooseCallCommand))
    return undefined;
  const given = JSON.stringify([uri, positions.positionAt(calledAt)]);
  return `command:${chooseCallCommand}?${encodeURIComponent(given)}`;
}

interface Link {
  readonly target: string;
  readonly text: string;
}

function stoppedReport({ reason, message }: Stop, offset: number): ValueReport {
  return { error: { message, code: reason, trace: [] }, range: { start: offset, end: offset } };
}

function linkTo(location: Location, { documents }: Parts): Link {
  const { uri, range } = protocolLocation(location, documents);
  const line = range.start.line + 1;
  return {
    target: `${uri}#L${line},${range.start.character + 1}`,
    text: `${decodeUtf8(baseNameOf(location.path))}:${line}`,
  };
}
