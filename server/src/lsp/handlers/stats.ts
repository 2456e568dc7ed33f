/** The request for counts: what was compiled and evaluated since the start. */
import type { DocumentStats, StatsResult } from '../../../../shared/src/protocol';
import type { CompilationCounters } from '../../features/bytecode';
import type { OpenDocument } from '../document';
import type { Parts } from '../parts';

const nothingEvaluated = { forced: 0, calls: 0, filesEvaluated: 0, filesKept: 0, cacheHits: 0, heapUsed: 0 };

/** `nixray/stats` */
export async function stats(parts: Parts): Promise<StatsResult> {
  const documents: Record<string, DocumentStats> = {};
  for (const document of parts.documents.all()) documents[document.uri] = documentStats(document);
  await parts.evaluation.ready;
  const outcome = await parts.evaluation.supervisor.ask('statistics').outcome;
  return { documents, evaluator: 'result' in outcome ? outcome.result : nothingEvaluated };
}

function documentStats(document: OpenDocument): DocumentStats {
  return {
    version: document.version,
    bytesTotal: document.bytes.length,
    bytesReparsed: document.bytesReparsed,
    ...compilationOf(document),
  };
}

/** A text with errors, or one that nests too deeply, has no byte code. */
function compilationOf(document: OpenDocument): CompilationCounters {
  try {
    return document.bytecode.counters(document.parsed);
  } catch {
    return { chunksCompiled: 0, chunksReused: 0, codeBytesTotal: 0, codeBytesEmitted: 0 };
  }
}
