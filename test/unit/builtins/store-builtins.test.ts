// Builtins that make store paths or read files: what C++ Nix gives for the same.
import assert from 'node:assert/strict';
import { createWorld, evaluate, messageOf } from './support';

const a = '(derivation { name = "a"; builder = "b"; system = "c"; })';

describe('derivations', () => {
  it('have structured attributes as a text of JSON, which is read and printed anew', () => {
    const made = (json: string): string =>
      `(derivation { name = "a"; builder = "b"; system = "c"; __json = ${JSON.stringify(json)}; })`;
    for (const [json, canonical] of [
      ['{ "b": 1, "a": {}, "b": 2 }', '{"a":{},"b":2}'],
      [
        '{"outPath":"x","d":{"__toString":"y"},"type":"derivation"}',
        '{"d":{"__toString":"y"},"outPath":"x","type":"derivation"}',
      ],
      [
        '{"a":[18446744073709551615,9223372036854775808,-0,1.50,1e2]}',
        '{"a":[18446744073709551615,9223372036854775808,0,1.5,100.0]}',
      ],
      ['{"\\u0000":1,"a\\u0000b":2,"\\u00e4":"\\u001f\\/"}', '{"\\u0000":1,"a\\u0000b":2,"ä":"\\u001f/"}'],
    ] as const)
      assert.equal(evaluate(`${made(json)}.drvPath`), evaluate(`${made(canonical)}.drvPath`), json);
    assert.notEqual(evaluate(`${made('{"a":1}')}.drvPath`), evaluate(`${made('{"a":1.0}')}.drvPath`));
  });

  it('have no structured attributes that are no object of JSON', () => {
    const message = (json: string): string =>
      messageOf(`(derivation { name = "a"; builder = "b"; system = "c"; __json = ${json}; }).drvPath`);
    const problem = 'cannot process __json attribute: [json.exception.';
    assert.equal(
      message('"x"'),
      `${problem}parse_error.101] parse error at line 1, column 1: syntax error while parsing value - invalid literal; last read: 'x'`,
    );
    for (const [json, type] of Object.entries({
      '"[]"': 'array',
      1: 'number',
      '"null"': 'null',
      '"1.5"': 'number',
      '"true"': 'boolean',
      '"\\"\\""': 'string',
    }))
      assert.equal(message(json), `${problem}type_error.302] type must be object, but is ${type}`);
  });

  it('have the paths that C++ Nix gives them', () => {
    const expected: readonly (readonly [string, string])[] = [
      [`${a}.drvPath`, '/nix/store/arhvjaf6zmlyn8vh8fgn55rpwnxq0n7l-a.drv'],
      [`${a}.outPath`, '/nix/store/s6glliw064sgl7vix22p91cxsx7ml1rf-a'],
      [
        '(derivation { name = "f"; builder = "b"; system = "c"; outputHashAlgo = "sha256"; outputHash = builtins.hashString "sha256" "x"; }).outPath',
        '/nix/store/01h6b15ys4wgsaivd4z7g3n220csz5d4-f',
      ],
      [
        '(derivation { name = "m"; builder = "b"; system = "c"; outputs = [ "out" "dev" ]; __structuredAttrs = true; x.y = [ 1 2.5 null ]; }).dev.outPath',
        '/nix/store/chf8rpk9rrwg61nygpha8f87ll2yzf9y-m-dev',
      ],
    ];
    for (const [expression, path] of expected) assert.equal(evaluate(expression), `"${path}"`);
  });

  it('have attributes of a file of C++ Nix’s own, where it has them', () => {
    const places = [
      ['all', 42, 7],
      ['drvAttrs', 43, 15],
      ['outPath', 49, 7],
      ['drvPath', 50, 7],
      ['type', 51, 7],
    ];
    const file = '/derivation-internal.nix';
    for (const [name, line, column] of places) {
      const expected = `{ column = ${column}; file = "${file}"; line = ${line}; }`;
      assert.equal(evaluate(`builtins.unsafeGetAttrPos "${name}" ${a}`), expected);
    }
  });

  it('can be named as store paths, if they are such', () => {
    const path = `/nix/store/${'0'.repeat(32)}-a`;
    const context = (of: string): string =>
      evaluate(`builtins.attrNames (builtins.getContext (builtins.storePath ${of}))`);
    assert.equal(context(path), `[ "${path}" ]`);
    assert.equal(context(`"${path}/b"`), `[ "${path}" ]`);
    const bad: readonly (readonly [string, RegExp])[] = [
      ['/nix/store/abc', /'abc' is too short to be a valid store path/],
      ['/nix/store/abc/def', /'abc' is too short to be a valid store path/],
      [`/nix/store/${'0'.repeat(33)}`, /the hash part is not followed by a '-'/],
      [`/nix/store/${'e'.repeat(32)}-a`, /contains illegal base-32 character 'e'/],
      ['/tmp', /path '\/tmp' is not in the Nix store/],
    ];
    for (const [of, message] of bad) assert.match(messageOf(`builtins.storePath ${of}`), message);
  });

  it('are read back from the store', () => {
    assert.equal(evaluate(`builtins.substring 0 7 (builtins.readFile ${a}.drvPath)`), '"Derive("');
    assert.equal(evaluate(`(import ${a}.drvPath).outPath == ${a}.outPath`), 'true');
  });

  it('leave out nulls when asked', () => {
    const drv = (extra: string): string =>
      `(derivation { name = "a"; builder = "b"; system = "c"; ${extra} })`;
    assert.equal(evaluate(`${drv('__ignoreNulls = true; x = null;')}.drvPath == ${drv('')}.drvPath`), 'true');
  });

  it('depend on everything behind a deep context', () => {
    const deep = `(derivation { name = "d"; builder = "b"; system = "c"; dep = ${a}.drvPath; })`;
    const text = evaluate(`builtins.readFile ${deep}.drvPath`);
    assert.match(text, /-a\.drv\\",\[\\"out\\"\]/);
  });

  it('cannot be read before they are built', () => {
    assert.match(messageOf(`builtins.readFile ${a}`), /has to be|build it first/);
  });

  it('can be imported from once their output is in the store', () => {
    const world = createWorld();
    const output = evaluate(`${a}.outPath`).slice(1, -1);
    world.host.set(`${output}/default.nix`, '{ x = 1; }');
    assert.equal(evaluate(`(import ${a}).x`, world), '1');
    assert.equal(evaluate(`builtins.readFile (${a} + "/default.nix")`, world), '"{ x = 1; }"');
    assert.equal(evaluate(`builtins.attrNames (builtins.readDir ${a})`, world), '[ "default.nix" ]');
    const other = '(derivation { name = "other"; builder = "b"; system = "c"; })';
    assert.match(messageOf(`import ${other}`, world), /'out' of '.*-other\.drv' is needed .* build it first/);
  });

  it('say which attribute is wrong', () => {
    assert.equal(messageOf('derivationStrict { name = "x"; }'), "required attribute 'builder' missing");
    assert.equal(
      messageOf('derivationStrict { name = "~"; }'),
      "invalid derivation name: name '~' contains illegal character '~'. Please pass a different 'name'.",
    );
    assert.equal(
      messageOf('derivationStrict { name = "x"; outputs = [ "a" "a" ]; }'),
      "duplicate derivation output 'a'",
    );
  });
});

describe('files', () => {
  const world = createWorld();
  world.host.set('/src/a.nix', '1 + x');
  world.host.set('/src/b.nix', '{ y = 2; }');
  world.host.set('/src/zero', 'a\0b');

  it('are read and listed', () => {
    assert.equal(evaluate('builtins.readFile /src/b.nix', world), '"{ y = 2; }"');
    assert.equal(
      evaluate('builtins.readDir /src', world),
      '{ "a.nix" = "regular"; "b.nix" = "regular"; zero = "regular"; }',
    );
    assert.equal(
      evaluate('map builtins.pathExists [ /src "/src/" /src/a.nix "/src/a.nix/" /no ]', world),
      '[ true true true false false ]',
    );
    assert.match(messageOf('builtins.readFile /src/zero', world), /cannot be represented as a Nix string/);
    assert.equal(messageOf('builtins.readFile /no', world), "path '/no' does not exist");
  });

  it('are imported, also with a scope', () => {
    assert.equal(evaluate('(import /src/b.nix).y', world), '2');
    assert.equal(evaluate('scopedImport { x = 41; } /src/a.nix', world), '42');
    assert.equal(evaluate('import (builtins.toFile "t.nix" "6 * 7")', world), '42');
    assert.equal(evaluate('import "${/src}/b.nix"', world), '{ y = 2; }');
  });

  it('are found in a search path', () => {
    assert.equal(
      evaluate('builtins.findFile [ { prefix = "s"; path = "/src"; } ] "s/b.nix"', world),
      '/src/b.nix',
    );
    assert.equal(evaluate('(builtins.tryEval (builtins.findFile [ ] "x")).success', world), 'false');
    assert.match(
      evaluate(
        '(import <nix/fetchurl.nix> { url = "https://x/y"; sha256 = builtins.hashString "sha256" ""; }).name',
        world,
      ),
      /"y"/,
    );
  });

  it('are filtered', () => {
    const filtered = 'builtins.filterSource (p: t: baseNameOf p == "b.nix") /src';
    assert.equal(evaluate(`builtins.readDir (${filtered})`, world), '{ "b.nix" = "regular"; }');
    assert.equal(
      evaluate(
        `builtins.path { path = /src; name = "src"; filter = p: t: baseNameOf p == "b.nix"; } == ${filtered}`,
        world,
      ),
      'true',
    );
    assert.match(
      messageOf('builtins.path { path = /src; sha256 = builtins.hashString "sha256" ""; }', world),
      /store path mismatch/,
    );
  });

  it('made of text refer to what is in it', () => {
    assert.equal(
      evaluate(
        'builtins.length (builtins.attrNames (builtins.getContext (builtins.readFile (builtins.toFile "x" "${/src/b.nix}"))))',
        world,
      ),
      '1',
    );
    assert.match(messageOf(`builtins.toFile "x" "\${${a}}"`, world), /may not reference derivations/);
  });
});

describe('fetchers', () => {
  it('say what to run', () => {
    assert.match(messageOf('fetchTarball "https://x/y.tar.gz"'), /nix-prefetch-url --unpack/);
    assert.match(
      messageOf('fetchGit { url = "https://x/y"; rev = "0000000000000000000000000000000000000000"; }'),
      /nix flake prefetch/,
    );
  });

  it('call a flake on this disk', () => {
    const world = createWorld();
    world.host.set(
      '/flake/flake.nix',
      '{ inputs.d.url = "path:/dep"; outputs = { self, d }: { v = d.v + 1; p = self.outPath; }; }',
    );
    world.host.set('/dep/flake.nix', '{ outputs = _: { v = 1; }; }');
    assert.equal(evaluate('(builtins.getFlake "path:/flake").v', world), '2');
    assert.match(evaluate('(builtins.getFlake "path:/flake").p', world), /-source"$/);
  });

  it('take inputs from a lock file', () => {
    const world = createWorld();
    const lock = {
      version: 7,
      root: 'root',
      nodes: {
        root: { inputs: { d: 'd', e: ['d'] } },
        d: {
          flake: false,
          locked: { type: 'path', path: '/dep', lastModified: 1 },
          original: { type: 'path', path: '/dep' },
        },
      },
    };
    world.host.set(
      '/flake/flake.nix',
      '{ inputs = { d = { url = "path:/dep"; flake = false; }; e.follows = "d"; }; outputs = { self, d, e }: { v = d.outPath == e.outPath; t = d.lastModifiedDate; }; }',
    );
    world.host.set('/flake/flake.lock', JSON.stringify(lock));
    world.host.set('/dep/x', '');
    assert.equal(evaluate('(builtins.getFlake "path:/flake").v', world), 'true');
    assert.equal(evaluate('(builtins.getFlake "path:/flake").t', world), '"19700101000001"');
  });

  it('print and read references', () => {
    for (const text of [
      'flake:nixpkgs/unstable',
      'git+https://x/y?ref=main&shallow=1',
      'path:/a',
      'github:a/b?host=c.d',
      'path:/x?lastModified=9007199254740993',
      'https://a/b.tar.gz?narHash=sha256-47DEQpj8HBSa%2B/TImW%2B5JCeuQeRkm5NMpJWZG3hSuFU%3D',
    ])
      assert.equal(evaluate(`builtins.flakeRefToString (builtins.parseFlakeRef "${text}")`), `"${text}"`);
  });

  const hash = 'aAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
  const printed: Readonly<Record<string, string>> = {
    '{ type = "tarball"; url = "https://a"; }': 'https://a',
    '{ type = "file"; url = "https://a/b.zip"; }': 'https://a/b.zip',
    '{ type = "git"; url = "/x y"; }': 'git+file:///x%20y',
    '{ type = "git"; url = "git@github.com:a/b"; }': 'git+ssh://git@github.com/a/b',
    '{ type = "git"; url = "git+https://a/b"; allRefs = true; submodules = true; }':
      'git+https://a/b?submodules=1',
    '{ type = "github"; owner = "a"; repo = "b"; ref = "c/d+e"; dir = "f"; }': 'github:a/b/c%2Fd%2Be?dir=f',
    '{ type = "gitlab"; owner = "a/c"; repo = "b"; }': 'gitlab:a%2Fc/b',
    [`{ type = "github"; owner = "a"; repo = "b"; rev = "${hash}"; }`]: `github:a/b/${hash.toLowerCase()}`,
    '{ type = "path"; path = "/a+b"; revCount = 3; }': 'path:/a%2Bb?revCount=3',
    '{ type = "indirect"; id = "a"; ref = "x/y"; }': 'flake:a/x%2Fy',
  };
  for (const [attributes, text] of Object.entries(printed))
    it(`print ${attributes}`, () => {
      assert.equal(evaluate(`builtins.flakeRefToString ${attributes}`), `"${text}"`);
    });

  const refused: Readonly<Record<string, string>> = {
    '{ }': "'type' attribute to specify input scheme is required but not provided",
    '{ type = "github"; owner = "a"; }': "input attribute 'repo' is missing",
    [`{ type = "github"; owner = "a"; repo = "b"; ref = "c"; rev = "${hash}"; }`]: `input {"owner":"a","ref":"c","repo":"b","rev":"${hash}","type":"github"} contains both a commit hash ('${hash}') and a branch/tag name ('c')`,
    '{ type = "github"; owner = "a"; repo = "b"; foo = "c"; }':
      "input attribute 'foo' not supported by scheme 'github'",
    '{ type = "github"; owner = "a"; repo = "b"; rev = "zz"; }':
      "hash 'zz' has wrong length for hash algorithm 'sha1'",
    '{ type = "git"; url = "https://a"; rev = "zz"; }':
      "hash 'zz' has wrong length for hash algorithm 'sha1'",
    '{ type = "git"; url = "https://a"; ref = "a..b"; }': "invalid Git branch/tag name 'a..b'",
    '{ type = "git"; url = "https://a"; shallow = "x"; }': "input attribute 'shallow' is not a Boolean",
    '{ type = "git"; url = 1; }': `input attribute 'url' is not a string {"type":"git","url":1}`,
    '{ type = "indirect"; id = "1a"; }': "'1a' is not a valid flake ID",
  };
  for (const [attributes, message] of Object.entries(refused))
    it(`do not print ${attributes}`, () => {
      assert.equal(messageOf(`builtins.flakeRefToString ${attributes}`), message);
    });

  // What is no URL of its kind is read as a path.
  for (const text of [
    'github:a',
    'github:a/b?foo=x',
    'github:a/b/c?ref=d',
    `github:a/b?ref=x&rev=${hash}`,
    'github:a/b/a..b',
    'github:a/b?host=a_b/',
    'github:a%2/b',
    'git+https://a/b?ref=a..b',
    'flake:1a',
    'flake:a/b/c',
    'flake:a/b..c',
    'https://a/b c',
  ])
    it(`do not read ${text}`, () => {
      assert.equal(
        messageOf(`builtins.parseFlakeRef "${text}"`),
        `flake reference '${text}' is not an absolute path`,
      );
    });

  it('say what is wrong with numbers, kinds and fragments', () => {
    const message = (text: string): string => messageOf(`builtins.parseFlakeRef "${text}"`);
    const tooLong = '99999999999999999999';
    assert.equal(
      message(`path:/x?lastModified=${tooLong}`),
      `path URL 'path:/x?lastModified=${tooLong}' has invalid parameter 'lastModified'`,
    );
    assert.equal(message('hg+ftp://a/b'), "input 'hg+ftp://a/b' is unsupported");
    assert.equal(message('github:a/b?rev=zz'), "hash 'zz' has wrong length for hash algorithm 'sha1'");
    assert.match(message('file+git:///a'), /did you mean 'git\+file'/);
    assert.equal(message('github:a/b#c'), "unexpected fragment 'c' in flake reference 'github:a/b#c'");
  });

  it('of repositories are checked where they are fetched', () => {
    assert.match(messageOf('fetchGit { url = 1; }'), /^input attribute 'url' is not a string \{/);
    assert.match(
      messageOf('fetchGit { url = "https://a/b"; submodules = "x"; }'),
      /^input attribute 'submodules' is not a Boolean/,
    );
  });
});
