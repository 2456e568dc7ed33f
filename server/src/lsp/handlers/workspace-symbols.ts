/** The request for the symbols of all files in the workspace. */
import type { CancellationToken, SymbolInformation } from 'vscode-languageserver/node';
import { inPortions } from '../../base/portions';
import type { Bytes } from '../../base/bytes';
import type { FoundSymbol } from '../../features/workspace-symbols';
import { symbolKinds } from '../conversions';
import { readParams, readString } from '../params';
import type { Parts } from '../parts';
import { Positions } from '../positions';
import { fileUri } from '../uris';
import { checkNotCancelled } from './still-wanted';

/** `workspace/symbol` */
export async function workspaceSymbol(
  parts: Parts,
  params: unknown,
  token: CancellationToken,
): Promise<SymbolInformation[]> {
  const query = readString(readParams(params).query, 'query');
  const { symbols, documents, folders } = parts;
  symbols.cover(folders.paths);
  const found = await inPortions(symbols.search(query, [...documents.all()]), checkNotCancelled(token));
  return protocolSymbols(parts, found);
}

function protocolSymbols({ documents }: Parts, found: readonly FoundSymbol[]): SymbolInformation[] {
  const positions = new Map<Bytes, Positions>();
  return found.map(({ path, text, symbol }) => {
    const { name, kind, container, at, width } = symbol;
    let ofFile = positions.get(path);
    if (ofFile === undefined) positions.set(path, (ofFile = new Positions(text)));
    const uri = documents.at(path)?.uri ?? fileUri(path);
    const range = ofFile.rangeOf({ start: at, end: at + width });
    return {
      name,
      kind: symbolKinds[kind],
      location: { uri, range },
      ...(container !== '' && { containerName: container }),
    };
  });
}
