/**
 * `nixray instantiate`: what `nix-instantiate` does, with its output, messages
 * and exit codes. Nothing is built and no store is written to.
 */
import { encodeUtf8, type Bytes } from '../base/bytes';
import { printJson } from '../builtins/json-writer';
import { printXml } from '../builtins/xml';
import { CoercionFlag } from '../bytecode/opcode';
import { showExpression } from '../compiler/show-expression';
import { CodeCache } from '../evaluator/code-cache';
import { Evaluator, type LoadedFile } from '../evaluator/evaluator';
import { renderError } from '../evaluator/render-error';
import { channelEntries, parseNixPath } from '../evaluator/search-path';
import { defaultFeatures } from '../host/disk-host';
import { HostError, type Host } from '../host/host';
import { nixPathFrom } from '../host/host-path';
import { directoryOf } from '../host/path';
import { lintsSomething } from '../syntax/lint';
import { attrsFromEntries, type Attrs } from '../values/attrs';
import { textOf } from '../values/context';
import { EvalError, Interruption } from '../values/error';
import { printAmbiguous } from '../values/printer';
import { lazily } from '../values/thunk';
import type { Forced, Value } from '../values/value';
import { unlimited } from '../vm/limits';
import type { ReportKind, ReportPlace } from '../vm/loader';
import { placeAt } from '../vm/unwind';
import { selectAttributePath } from './attribute-path';
import { callAutomatically } from './automatic-call';
import { findDerivations } from './derivations';
import { UsageError } from './flags';
import { instantiateHelp } from './help';
import { parseInstantiateOptions, type AutoArgument, type InstantiateOptions } from './instantiate-options';
import { measured } from './measuring';
import { nixVersion } from './version';
import type { World } from './world';

/** Scripts know the words of this one, whose place `nixray instantiate` takes. */
const originalName = 'nix-instantiate';

/** Runs the command and gives its exit code. @param name what the command is called where it points to its help */
export function instantiate(args: readonly string[], world: World, name = originalName): number {
  let showTrace = false;
  try {
    const options = parseInstantiateOptions(args, defaultFeatures);
    ({ showTrace } = options);
    for (const warning of options.warnings) world.writeError(`warning: ${encodeUtf8(warning)}\n`);
    if (options.information === 'help') world.write(instantiateHelp);
    else if (options.information === 'version') world.write(`nix-instantiate (Nixray) ${nixVersion}\n`);
    else new Instantiation(options, world).run();
    return 0;
  } catch (error) {
    reportFailure(error, world, { showTrace, name });
    return 1;
  }
}

interface ReportOptions {
  readonly showTrace: boolean;
  readonly name: string;
}

/** Writes what a command ended with to standard error. Rethrows what is a failure of our own. */
function reportFailure(error: unknown, world: World, { showTrace, name }: ReportOptions): void {
  const tryHelp = `Try '${name} --help' for more information.\n`;
  if (error instanceof EvalError) {
    placeAt(error, undefined);
    world.writeError(`${renderError(error, { showTrace })}\n`);
    if (error.kind === 'usage-error') world.writeError(tryHelp);
  } else if (error instanceof HostError || (error instanceof Interruption && isFinal(error, world))) {
    world.writeError(`error: ${error.message}\n`);
  } else if (error instanceof UsageError) {
    const message = encodeUtf8(error.message);
    world.writeError(`error: ${message}\n${tryHelp}`);
  } else throw error;
}

/** Whether the same would come of it anywhere. */
function isFinal({ reason }: Interruption, { canStartAgain = false }: World): boolean {
  return reason === 'timeout' || !canStartAgain;
}

class Instantiation {
  private readonly host: Host;
  private readonly evaluator: Evaluator;
  /** The derivations whose texts were written. */
  private readonly dumped = new Set<Bytes>();

  constructor(
    private readonly options: InstantiateOptions,
    private readonly world: World,
  ) {
    const { features, system } = options;
    const codeCache = world.codeStorage && new CodeCache(world.codeStorage);
    if (codeCache) world.afterwards(() => codeCache.save());
    this.host = world.createHost({ features, system });
    this.evaluator = new Evaluator({
      host: this.host,
      searchPath: this.searchPath(),
      limits: {
        ...unlimited(),
        maxCallDepth: options.maxCallDepth,
        deadline: this.deadline(),
        heapLimit: world.heapLimit ?? Infinity,
      },
      pipeOperators: features.has('pipe-operators'),
      ...(lintsSomething(options) && { lints: options }),
      ...(codeCache && { codeCache }),
      report: (kind, message, place) => this.report(kind, message, place),
      becomesLarge: () => world.becomesLarge?.(),
      keepsMuch: () => world.keepsMuch?.(),
    });
    this.evaluator.vm.sharesErrors = true;
  }

  /** A clock is asked only where it matters: Node loads it when it is first asked for. */
  private deadline(): number {
    const { timeout } = this.options;
    if (timeout === Infinity) return Infinity;
    const before = Date.now() - (this.world.started ?? Date.now());
    return performance.now() + timeout * 1000 - before;
  }

  private searchPath(): Bytes[] {
    const { includes, nixPath } = this.options;
    const entries = nixPath?.map(encodeUtf8) ?? parseNixPath(this.host.getEnvironment('NIX_PATH') ?? '');
    return [...includes, ...entries, ...channelEntries(this.host)];
  }

  private report(kind: ReportKind, message: Bytes, place: ReportPlace): void {
    const { showTrace, abortOnWarn } = this.options;
    if (kind === 'trace') return this.world.writeError(`trace: ${message}\n`);
    const own = kind === 'evaluation-warning';
    const text = renderError(
      { message, position: place.position, trace: place.trace },
      {
        showTrace,
        prefix: own ? 'evaluation warning' : 'warning',
        // A message of the program that starts on a line of its own lays itself out.
        indent: !(own && message.startsWith('\n')),
      },
    );
    this.world.writeError(`${text}\n`);
    if (own && abortOnWarn) {
      const reason = 'aborting to reveal stack trace of warning, as abort-on-warn is set';
      throw new EvalError('abort', reason);
    }
  }

  run(): void {
    const { evaluator, host, world } = this;
    measured(this.options, { vm: evaluator.vm, host, world }, () => this.processAll());
  }

  private processAll(): void {
    const { options, host } = this;
    const automatic = this.automaticArguments();
    if (options.findFile) {
      for (const name of options.files) this.world.write(`${this.findFile(name)}\n`);
      return;
    }
    const files = [...options.files];
    if (options.readInput) {
      const text = this.world.readInput();
      const source = { kind: 'stdin', path: encodeUtf8('«stdin»'), text } as const;
      this.process(this.evaluator.load(source, host.workingDirectory), automatic);
    } else if (files.length === 0 && !options.fromArguments) {
      files.push('./default.nix');
    }
    for (const file of files) {
      this.process(options.fromArguments ? this.loadExpression(file) : this.loadFile(file), automatic);
    }
  }

  /** The values of `--arg` and its like. */
  private automaticArguments(): Attrs {
    const entries = [...this.options.autoArguments].map(([name, argument]): [string, Value] => [
      name,
      this.automaticArgument(argument),
    ]);
    return attrsFromEntries(entries);
  }

  private automaticArgument(argument: AutoArgument): Value {
    switch (argument.kind) {
      case 'string':
        return argument.text;
      case 'input':
        return this.world.readInput();
      case 'file':
        return this.host.readFile(this.absolute(argument.path));
      case 'expression': {
        const loaded = this.loadExpression(argument.text);
        return lazily(() => this.evaluator.run(loaded));
      }
    }
  }

  private loadExpression(text: Bytes): LoadedFile {
    const source = { kind: 'string', path: encodeUtf8('«string»'), text } as const;
    return this.evaluator.load(source, this.host.workingDirectory);
  }

  /** A file as the command line names it: a path, or `<…>` from the search path. */
  private loadFile(name: Bytes): LoadedFile {
    if (/^(https?|file|channel|flake):/.test(name)) {
      throw new EvalError(
        'unsupported',
        `cannot fetch '${name}': only files on this machine can be evaluated`,
      );
    }
    const path =
      name.length > 2 && name.startsWith('<') && name.endsWith('>')
        ? this.findFile(name.slice(1, -1))
        : this.absolute(name);
    const resolved = this.evaluator.resolveImport(path);
    return this.evaluator.load(this.evaluator.readSource(resolved), directoryOf(resolved));
  }

  private findFile(name: Bytes): Bytes {
    return this.evaluator.findFile(this.evaluator.nixPath, name);
  }

  private absolute(path: Bytes): Bytes {
    return nixPathFrom(this.host.workingDirectory, path);
  }

  /** Writes what is asked for of one expression. */
  private process(file: LoadedFile, automatic: Attrs): void {
    if (this.options.parseOnly) {
      const places = { directory: file.blueprint.unit.directory, home: this.host.home };
      this.world.write(`${showExpression(file.parsed.root, places)}\n`);
      return;
    }
    const { vm } = this.evaluator;
    const root = this.evaluator.run(file);
    const paths = this.options.attributePaths.length === 0 ? [''] : this.options.attributePaths;
    for (const path of paths) {
      const value = vm.force(selectAttributePath(vm, root, path, automatic));
      if (this.options.dumpDerivations) {
        this.dumpDerivations(value, automatic);
      } else if (this.options.evaluateOnly) {
        const called = automatic.size === 0 ? value : callAutomatically(vm, value, automatic);
        this.world.write(this.print(called));
      } else {
        this.writeDerivations(value, automatic);
      }
      this.world.flush?.();
    }
  }

  private print(value: Forced): Bytes {
    const { vm } = this.evaluator;
    switch (this.options.output) {
      case 'raw':
        return textOf(
          vm.coerceToString(value, CoercionFlag.CopyToStore, 'while generating the nix-instantiate output'),
        );
      case 'json':
        return `${printJson(vm, value, true, this.options.strict).text}\n`;
      case 'xml':
        return printXml(vm, value, { strict: this.options.strict, location: this.options.locations }).text;
      case 'plain':
        if (this.options.strict) vm.forceDeep(value);
        return `${printAmbiguous(value, this.options.maxCallDepth)}\n`;
    }
  }

  private writeDerivations(value: Value, automatic: Attrs): void {
    for (const { drvPath, outputName } of findDerivations(this.evaluator.vm, value, automatic)) {
      this.world.write(`${drvPath}${outputName === 'out' ? '' : `!${outputName}`}\n`);
    }
  }

  /** Writes the texts that the `.drv` files have, to the byte; a new line stands between two of them. */
  private dumpDerivations(value: Value, automatic: Attrs): void {
    for (const { drvPath } of findDerivations(this.evaluator.vm, value, automatic)) {
      if (this.dumped.has(drvPath)) continue;
      if (this.dumped.size > 0) this.world.write('\n');
      this.dumped.add(drvPath);
      this.world.write(this.evaluator.host.readFile(drvPath));
    }
  }
}
