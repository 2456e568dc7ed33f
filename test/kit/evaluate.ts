/**
 * Evaluating Nix text in tests: an evaluator over files in memory, on a host
 * with nothing else in it, and results as `nix-instantiate --eval` prints them.
 */
import assert from 'node:assert/strict';
import { decodeUtf8, encodeUtf8 } from '../../server/src/base/bytes';
import type { CodeCache } from '../../server/src/evaluator/code-cache';
import { Evaluator } from '../../server/src/evaluator/evaluator';
import { MemoryHost } from '../../server/src/host/memory-host';
import { EmptyHost } from '../../server/src/host/empty-host';
import { EvalError } from '../../server/src/values/error';
import { printAmbiguous } from '../../server/src/values/printer';
import type { Forced } from '../../server/src/values/value';
import { unlimited, type Limits } from '../../server/src/vm/limits';

export interface EvaluationOptions {
  /** Texts by absolute path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Entries as for `-I`. */
  readonly searchPath?: readonly string[];
  readonly limits?: Partial<Limits>;
  readonly pipeOperators?: boolean;
  /** The experimental features that are on. */
  readonly features?: readonly string[];
  readonly codeCache?: CodeCache;
  readonly hotRuns?: number;
}

class HostWithFeatures extends EmptyHost {
  override readonly features: ReadonlySet<string>;
  constructor(features: readonly string[]) {
    super();
    this.features = new Set(features);
  }
}

/** An evaluator with what a test asks of it. */
export class TestEvaluator {
  readonly host: MemoryHost;
  readonly limits: Limits;
  readonly evaluator: Evaluator;
  /** What `trace` and `warn` said, in order. */
  readonly messages: string[] = [];

  constructor(options: EvaluationOptions = {}) {
    this.host = new MemoryHost(new HostWithFeatures(options.features ?? []));
    for (const [path, text] of Object.entries(options.files ?? {})) {
      this.host.set(encodeUtf8(path), encodeUtf8(text));
    }
    this.limits = { ...unlimited(), ...options.limits };
    this.evaluator = new Evaluator({
      host: this.host,
      searchPath: (options.searchPath ?? []).map(encodeUtf8),
      limits: this.limits,
      pipeOperators: options.pipeOperators ?? false,
      ...(options.codeCache && { codeCache: options.codeCache }),
      ...(options.hotRuns !== undefined && { hotRuns: options.hotRuns }),
      report: (_kind, message) => this.messages.push(decodeUtf8(message)),
    });
  }

  /** The value of a text whose relative paths start from `/`. @throws EvalError, Interruption */
  value(text: string): Forced {
    return this.evaluator.evaluateText(encodeUtf8(text), '/');
  }

  /** The value of a text with all its parts, printed as `nix-instantiate --eval --strict` does. */
  strict(text: string): string {
    return this.print(this.value(text));
  }

  print(value: Forced): string {
    this.evaluator.vm.forceDeep(value);
    return decodeUtf8(printAmbiguous(value));
  }

  /** The value as it is printed without forcing its parts. */
  lazy(text: string): string {
    return decodeUtf8(printAmbiguous(this.value(text)));
  }

  /** The error that evaluating a text with all its parts ends with. */
  error(text: string): EvalError {
    try {
      const value = this.strict(text);
      return assert.fail(`it has the value ${value}`);
    } catch (error) {
      if (error instanceof EvalError) return error;
      throw error;
    }
  }
}

/** The value of a text with all its parts, printed. */
export function evaluated(text: string, options?: EvaluationOptions): string {
  return new TestEvaluator(options).strict(text);
}

/** The error that evaluating a text ends with. */
export function errorOf(text: string, options?: EvaluationOptions): EvalError {
  return new TestEvaluator(options).error(text);
}

/** The message of that error, as text. */
export function messageOf(text: string, options?: EvaluationOptions): string {
  return decodeUtf8(errorOf(text, options).message);
}
