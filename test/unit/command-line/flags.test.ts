// Flags in the manner of Nix's commands.
import assert from 'node:assert/strict';
import { parseFlags, UsageError } from '../../../server/src/command-line/flags';
import { parseInstantiateOptions } from '../../../server/src/command-line/instantiate-options';

function parsed(...args: string[]) {
  return parseInstantiateOptions(args, ['always-on']);
}

function usage(message: string): (error: unknown) => boolean {
  return (error) => error instanceof UsageError && error.message === message;
}

describe('parseFlags', () => {
  function collect(...args: string[]): string[] {
    const heard: string[] = [];
    const flag = (name: string, arity: number) =>
      [name, { arity, apply: (...given: string[]) => void heard.push([name, ...given].join(' ')) }] as const;
    parseFlags(args, {
      flags: new Map([flag('-v', 0), flag('-A', 1), flag('-j', 1), flag('--two', 2)]),
      positional: (argument) => heard.push(argument),
    });
    return heard;
  }

  it('takes joined short flags apart', () => {
    assert.deepEqual(collect('-vvA', 'x', '-j3', 'y'), ['-v', '-v', '-A x', '-j 3', 'y']);
  });

  it('takes everything after -- and a single dash as it is', () => {
    assert.deepEqual(collect('-', '--', '-v'), ['-', '-v']);
  });

  it('says what is wrong', () => {
    assert.throws(() => collect('--nope'), usage("unrecognised flag '--nope'"));
    assert.throws(
      () => collect('--two', 'a'),
      usage("flag '--two' requires 2 argument(s), but only 1 were given"),
    );
    assert.throws(() => parsed('-A'), usage("'-A' requires an argument"));
  });
});

describe('the flags of instantiate', () => {
  it('collect', () => {
    const options = parsed('--eval', '--strict', '-I', 'a=b', '-A', 'x', '--argstr', 'n', 'v', 'f.nix');
    assert.equal(options.evaluateOnly, true);
    assert.equal(options.strict, true);
    assert.deepEqual(options.includes, ['a=b']);
    assert.deepEqual(options.attributePaths, ['x']);
    assert.deepEqual([...options.autoArguments], [['n', { kind: 'string', text: 'v' }]]);
    assert.deepEqual(options.files, ['f.nix']);
  });

  it('set Nix’s settings', () => {
    const options = parsed(
      ...['--show-trace', '--max-call-depth', '7', '--extra-experimental-features', 'a b'],
      ...['--lint-url-literals', 'fatal', '--option', 'lint-short-path-literals', 'warn'],
    );
    assert.equal(options.showTrace, true);
    assert.equal(options.maxCallDepth, 7);
    assert.deepEqual([...options.features], ['always-on', 'a', 'b']);
    assert.equal(options.lintUrlLiterals, 'fatal');
    assert.equal(options.lintShortPathLiterals, 'warn');
    assert.equal(parsed('--show-trace', '--no-show-trace').showTrace, false);
    assert.deepEqual([...parsed('--experimental-features', 'x').features], ['x']);
  });

  it('accept what concerns stores and builds', () => {
    const stores = [
      '--store',
      'dummy://',
      '--readonly-mode',
      '-Q',
      '--option',
      'substitute',
      'false',
      '--cores',
    ];
    const options = parsed(...stores, '2', 'file.nix');
    assert.deepEqual(options.files, ['file.nix']);
    assert.deepEqual(options.warnings, []);
    const { files, warnings } = parsed(
      ...['--sandbox', 'a.nix', '--no-sandbox', '--relaxed-sandbox', '--option', 'sandbox', 'relaxed'],
      ...['--option', 'build-cores', '2', '--accept-flake-config', '--option', 'pure-eval', 'false'],
      ...['--extra-experimental-features', 'flakes pipe-operators', '--option', 'extra-substituters', 'x'],
    );
    assert.deepEqual([files, warnings], [['a.nix'], []]);
    assert.throws(() => parsed('--build-cores', '2'), usage("unrecognised flag '--build-cores'"));
  });

  it('warn of what has no effect', () => {
    assert.deepEqual(
      parsed('--option', 'no-such-setting', 'x', '--option', 'extra-cores', '2', '--pure-eval').warnings,
      [
        "unknown setting 'no-such-setting'",
        "unknown setting 'extra-cores'",
        "Nixray does not restrict what an evaluation can read, so 'pure-eval' changes nothing",
      ],
    );
    const { features, warnings } = parsed('--extra-experimental-features', 'pipe-operator');
    assert.deepEqual([...features], ['always-on', 'pipe-operator']);
    assert.deepEqual(warnings, ["unknown experimental feature 'pipe-operator'"]);
  });

  it('reject wrong values, but for --option, which warns', () => {
    const message =
      "option 'lint-url-literals' has invalid value 'x' (expected 'ignore', 'warn', or 'fatal')";
    assert.throws(() => parsed('--lint-url-literals', 'x'), usage(message));
    assert.deepEqual(parsed('--option', 'lint-url-literals', 'x').warnings, [message]);
    assert.throws(() => parsed('--timeout', '1Z'), usage("invalid unit specifier 'Z'"));
    const negative = (text: string) => usage(`'${text}' is negative, which a number of seconds must not be`);
    assert.throws(() => parsed('--timeout', '-1'), negative('-1'));
    assert.throws(() => parsed('--timeout', '-2M'), negative('-2M'));
    assert.throws(() => parsed('--timeout', '1.5'), usage("'1.5' is not an integer"));
    assert.throws(() => parsed('--max-call-depth', 'x'), UsageError);
  });
});
