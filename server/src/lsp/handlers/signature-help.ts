/** The request for the signature of the call around the cursor. */
import type { CancellationToken, SignatureHelp } from 'vscode-languageserver/node';
import { decodeUtf8 } from '../../base/bytes';
import { callAt, signatureText } from '../../features/signature-help';
import type { Parts } from '../parts';
import { documentPlace } from './document-place';
import { valueOf } from './pending-value';

/** A function that is longer than this has no name worth showing. */
const maxName = 60;

/** `textDocument/signatureHelp` */
export async function signatureHelp(
  parts: Parts,
  params: unknown,
  token: CancellationToken,
): Promise<SignatureHelp | null> {
  const place = documentPlace(parts, params);
  if (place === undefined) return null;
  const { document, offset } = place;
  const call = callAt(document.parsed, offset);
  if (call === undefined) return null;
  const outcome = await valueOf(parts, document, token, (supervisor) =>
    supervisor.ask('signature', document.path, call.of),
  );
  const signature = 'result' in outcome ? outcome.result : undefined;
  const { start, end } = call.of.target;
  const written = decodeUtf8(document.bytes.slice(start, end));
  const name = written.length > maxName || written.includes('\n') ? '…' : written;
  const text = signature && signatureText(name, signature, call.argument);
  if (text === undefined) return null;
  const { label, parameters, documentation, active } = text;
  return {
    activeSignature: 0,
    activeParameter: active,
    signatures: [
      {
        label,
        parameters: parameters.map(([from, to]) => ({ label: [from, to] })),
        ...(documentation !== undefined && { documentation: { kind: 'markdown', value: documentation } }),
      },
    ],
  };
}
