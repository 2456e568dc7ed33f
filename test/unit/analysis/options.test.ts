// Options of modules: proposed where a module sets them, described on hover, and led to where they are declared.
import assert from 'node:assert/strict';
import type { Bytes } from '../../../server/src/base/bytes';
import { decodeUtf8 } from '../../../server/src/base/bytes';
import { chosenItems, completionAt } from '../../../server/src/features/completion';
import { memberItems } from '../../../server/src/features/completion/items';
import { definitionsIn } from '../../../server/src/analysis/option-definitions';
import type { Location } from '../../../server/src/evaluator/service';
import { optionAt } from '../../../server/src/features/implementation';
import { definitionAt } from '../../../server/src/features/definition';
import { parse } from '../../../server/src/syntax/parse';
import { LiveTest, shown, workspace } from '../../kit/live';

/** A module system in small: what the one of nixpkgs calls a module with, and types as it makes them. */
const callerWith = (check: boolean, result = 'load ./module.nix'): string => `
let
  check = ${check};
  file = ./declarations.nix;
  mkType = name: description: more: { _type = "option-type"; inherit name description; getSubOptions = p: { }; } // more;
  wrap = name: inner: mkType name "\${name} of \${inner.description}" { functor = { inherit name; wrapped = inner; }; };
  submodule = module: mkType "submodule" "submodule" { getSubOptions = prefix: module.options // { _module = { }; }; };
  types = {
    bool = mkType "bool" "boolean" { check = builtins.isBool; };
    nullOr = wrap "nullOr";
    attrsOf = wrap "attrsOf";
    listOf = wrap "listOf";
    either = left: right: mkType "either" "either" { nestedTypes = { inherit left right; }; };
    inherit submodule; enum = values: mkType "enum" "one of" { functor.payload = { inherit values; }; }; oldEnum = values: mkType "enum" "one of" { functor.payload = values; };
  };
  declared = import file { inherit types; mkOption = loc: o: o // { _type = "option"; declarations = [ (toString file) ]; inherit loc; }; };
  function = module:
    if builtins.isAttrs module then function (builtins.head module.imports)
    else if builtins.isFunction module then module
    else import module;
  load =
    module: function module {
  options = declared.options // { _module.check = { _type = "option"; value = check; }; };
  config = { services.web = { enable = true; hosts = { "a.org" = { limits.files = true; }; b = { limits = { "max mem" = true; files = true; }; rules = throw "no"; }; c = throw "c"; }; }; other = 1; };
  lib = {
    mkIf = condition: content: { _type = "if"; inherit condition content; };
    mkMerge = contents: { _type = "merge"; inherit contents; };
    optionalAttrs = condition: set: if condition then set else { };
    filterAttrs = keeps: set: removeAttrs set (builtins.filter (name: !keeps name set.\${name}) (builtins.attrNames set));
    mkForce = content: { _type = "override"; priority = 50; inherit content; };
  };
};
in ${result}
`;

const declarations = `
{ types, mkOption }:
{
  options.services.web = {
    enable = mkOption [ "services" "web" "enable" ] {
      type = types.bool;
      default = false;
      description = "Whether to enable {option}\`web\`, see <option>b</option>.";
    };
    enumerate = mkOption [ ] { };
    hosts = mkOption [ "services" "web" "hosts" ] {
      type = types.nullOr (types.attrsOf (types.submodule {
        options.root = mkOption [ "services" "web" "hosts" "<name>" "root" ] {
          type = types.bool;
          description = "The root.";
          defaultText = "long\\ntext";
          example = { _type = "literalExpression"; text = "pkgs.root"; };
        };
        options.rules = mkOption [ ] {
          type = types.listOf (types.either types.bool (types.submodule { options.allow = mkOption [ ] { description = "a"; }; }));
        };
        options.limits = mkOption [ "services" "web" "hosts" "<name>" "limits" ] { type = types.attrsOf types.bool; };
      }));
    };
  };
  options.services.mail = mkOption [ ] { };
  options.journal.level = mkOption [ ] { type = types.nullOr (types.enum [ "info" "warn" 3 "a\\"b" ]); };
  options.journal.kinds = mkOption [ ] { type = types.listOf (types.oldEnum [ "json" "text" ]); };
  options.journal.alias = mkOption [ "journal" "alias" ] { type = types.submodule { }; apply = x: 1; value = 1; };
  options.journal.doubled = mkOption [ "journal" "doubled" ] { type = types.bool; apply = x: [ x x ]; value = throw "no"; };
  options.written = mkOption [ "written" ] {
    type = types.attrsOf (types.attrsOf types.bool);
    definitions = [ { one.a = 1; "" = throw "not written yet"; } { two = { b = 1; }; } { _type = "if"; } ];
  };
  options.networking = { };
  options.shown = {
    ports = mkOption [ ] { default = [ ]; example = [ 22 80 ]; };
    set = mkOption [ ] { example = { a = 1; b = { c.d = "x"; }; }; };
    level = mkOption [ ] { type = types.enum [ "a" "b" ]; default = "b"; example = "a"; };
    name = mkOption [ ] { default = "x"; example = "y\\\${z}"; };
    package = mkOption [ ] {
      default = derivation { name = "p"; system = "s"; builder = "b"; };
      defaultText = { _type = "literalExpression"; text = "\n  pkgs.p\n"; };
      example = derivation { name = "q"; system = "s"; builder = "b"; };
    };
    text = mkOption [ ] {
      default = 1;
      defaultText = { _type = "literalMD"; text = "one"; };
      example = { _type = "literalExample"; text = "[ \\"${'a'.repeat(80)}\\"\\n  (f x) ]"; };
    };
    prose = mkOption [ ] { default = x: x; defaultText = "that of others"; example = { _type = "literalExpression"; text = "a, b"; }; };
    old = mkOption [ ] { default = x: x; defaultText = "pkgs.old"; example = throw "no"; };
    path = mkOption [ ] { default = "\${derivation { name = "p"; system = "s"; builder = "b"; }}"; example = y: y; };
  };
}
`;

/** A module of which the rest is in place. */
function opened(marked: string): { test: LiveTest; text: Bytes; cursor: number } {
  const test = withCaller();
  const { text, cursor } = test.open('module.nix', marked);
  return { test, text, cursor };
}

function withCaller(check = true): LiveTest {
  const test = new LiveTest({ reach: 'reachable' });
  test.open('main.nix', callerWith(check));
  test.open('declarations.nix', declarations);
  return test;
}

/** What is proposed at the cursor, without keywords. */
function proposed(marked: string): string[] {
  const { test, text, cursor } = opened(marked);
  const found = completionAt(parse(text), cursor)!;
  const members = test.service.members(test.path('module.nix'), found.questions);
  const items = members.flatMap((each, i) => memberItems(found.questions[i]!, each, found.askedRank));
  return chosenItems(found, items).items.map(({ label }) => label);
}

const web = ['enable', 'enumerate', 'hosts'];

describe('the default and the example of an option are proposed', () => {
  /** As `label | detail | inserted text`. */
  const values = (definition: string): string[] => {
    const { test, text, cursor } = opened(`{ lib, ... }: { shown.${definition}; }`);
    const found = completionAt(parse(text), cursor)!;
    const members = test.service.members(test.path('module.nix'), found.questions);
    return members
      .flatMap((each, i) => memberItems(found.questions[i]!, each, found.askedRank))
      .map(({ label, detail, insert }) => [label, detail ?? '', ...(insert ? [insert] : [])].join(' | '));
  };
  const long = `[ "${'a'.repeat(80)}"\n  (f x) ]`;
  const table: readonly (readonly [string, readonly string[]])[] = [
    ['ports = |', ['[ ] | default', '[ 22 80 ] | example']],
    ['set = |', ['{ a = 1; b = { c = { d = "x"; }; }; } | example']],
    ['level = |', ['"a" | example', '"b" | default']],
    ['level = "|"', ['a | example', 'b | default']],
    ['name = |', ['"x" | default', '"y\\${z}" | example']],
    ['name = "|"', ['x | default']],
    ['package = |', ['pkgs.p | default']],
    ['text = |', [`${long.replace(/\s+/g, ' ').slice(0, 59)}… | example | ${long}`]],
    ['prose = |', []],
    ['old = |', ['pkgs.old | default']],
    ['path = |', []],
    ['path = "|"', []],
  ];
  for (const [definition, expected] of table) {
    it(`in ${definition}`, () => {
      assert.deepEqual(values(definition), expected);
    });
  }
});

describe('values of options are proposed', () => {
  const inList = ['json', 'text'];
  const literals = ['null', '"info"', '"warn"', '3', '"a\\"b"'];
  const table: readonly (readonly [string, string, readonly string[]])[] = [
    ['in a string', '{ lib, ... }: { journal.level = "|"; }', ['info', 'warn']],
    ['in a string that has begun', '{ lib, ... }: { journal.level = "wa|"; }', ['warn']],
    ['in a string without an end', '{ lib, ... }: { journal.level = "|', ['info', 'warn']],
    ['in mkForce', '{ lib, ... }: { journal = { level = lib.mkForce "|"; }; }', ['info', 'warn']],
    ['as they are written', '{ lib, ... }: { journal.level = |; }', literals],
    ['as items of a list', '{ lib, ... }: { journal.kinds = [ "|" ]; }', inList],
    ['as further items of a list', '{ lib, ... }: { journal.kinds = [ "text" "|" ]; }', inList],
    ['of truth', '{ lib, ... }: { services.web.enable = |; }', ['true', 'false']],
  ];
  for (const [where, marked, expected] of table) {
    it(where, () => {
      assert.deepEqual(proposed(marked), expected);
    });
  }

  it('but not in other strings', () => {
    const others = [
      'level = "${|}"',
      'level = "in${x}|"',
      "level = ''|''",
      'level = "a" == "|"',
      'other = "|"',
    ];
    for (const text of others) {
      const { text: marked, cursor } = opened(`{ lib, ... }: { journal.${text}; }`);
      const found = completionAt(parse(marked), cursor);
      const isAsked = found?.questions.some(({ kind }) => kind === 'values') ?? false;
      assert.equal(isAsked && !text.startsWith('other'), false, text);
    }
    assert.deepEqual(proposed('{ lib, ... }: { journal.other = "|"; }'), []);
  });
});

describe('options are proposed', () => {
  const table: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'at the top',
      '{ config, ... }: { | }',
      ['journal', 'networking', 'services', 'shown', 'written', 'imports', 'options', 'config'],
    ],
    ['behind a dot', '{ config, ... }: { services.| }', ['mail', 'web']],
    ['behind two dots', '{ config, ... }: { services.web.| }', web],
    ['in a set', '{ config, ... }: { services = { | }; }', ['mail', 'web']],
    ['in a set, as a word', '{ config, ... }: { services.web = { en| }; }', ['enable', 'enumerate']],
    ['but not twice', '{ config, ... }: { services.web = { enable = true; en| }; }', ['enumerate']],
    [
      'again where only a part is set',
      '{ config, ... }: { services.web.enable = true; servi| }',
      ['services'],
    ],
    ['below config', '{ config, ... }: { imports = [ ]; config = { services.web.| }; }', web],
    ['in mkIf', '{ config, lib, ... }: { services = lib.mkIf config.services.web.enable { web.| }; }', web],
    ['in mkMerge of mkIf', '{ lib, ... }: with lib; { config = mkMerge [ { services.web.| } ]; }', web],
    [
      'behind let, with, assert and if',
      '{ lib, ... }: let a = 1; in with lib; assert true; if a == 1 then { services.| } else { }',
      ['mail', 'web'],
    ],
    ['in an update', '{ lib, ... }: { } // { services.| }', ['mail', 'web']],
    [
      'of a submodule of any name',
      '{ lib, ... }: { services.web.hosts.example.| }',
      ['limits', 'root', 'rules'],
    ],
    [
      'of a submodule of a computed name',
      '{ lib, ... }: { services.web.hosts.${toString 1} = { r| }; }',
      ['root', 'rules'],
    ],
    [
      'of a submodule of a quoted name',
      '{ lib, ... }: { services.web.hosts."a.b" = { r| }; }',
      ['root', 'rules'],
    ],
    ['of a submodule in a list', '{ lib, ... }: { services.web.hosts.a.rules = [ { | } ]; }', ['allow']],
    [
      'by the names that are in use where any may be',
      '{ lib, ... }: { services.web.hosts.| }',
      ['a.org', 'b', 'c'],
    ],
    [
      'by the names that other elements of a collection use',
      '{ lib, ... }: { services.web.hosts.new.limits.| }',
      ['files', 'max mem'],
    ],
    [
      'by those that are not set yet',
      '{ lib, ... }: { services.web.hosts.new.limits = { files = true; | }; }',
      ['max mem'],
    ],
    [
      'but not by the name that comes next',
      '{ lib, ... }: { services.web.hosts.|\n  b.limits = { }; }',
      ['a.org', 'c'],
    ],
    ['in quotes', '{ lib, ... }: { services.web.hosts."|" }', ['a.org', 'b', 'c']],
    ['in quotes that have begun', '{ lib, ... }: { services.web.hosts."a|".limits = { }; }', ['a.org']],
    ['but not by the name that is being written', '{ lib, ... }: { services.web.hosts."b|" = { }; }', []],
    ['of a submodule in quotes', '{ lib, ... }: { services.web.hosts.x."r|" = 1; }', ['root', 'rules']],
    ['but none in the value of one', '{ lib, ... }: { services.web.hosts = f { | }; }', []],
    ['but none in declarations', '{ lib, ... }: { options.services.| }', []],
    ['but none in what is no module', '{ lib }: { services.| }', []],
    ['but none of a name that there is not', '{ lib, ... }: { nothing.| }', []],
  ];
  for (const [where, marked, expected] of table) {
    it(where, () => {
      assert.deepEqual(proposed(marked), expected);
    });
  }

  it('with what they are for, when somebody looks at one', () => {
    const { test, text, cursor } = opened('{ lib, ... }: { services.web.en| }');
    const [question] = completionAt(parse(text), cursor)!.questions;
    assert.equal(question!.kind, 'options');
    const { module, names } = question!.of as { module: number; names: string[] };
    const report = test.service.describe(test.path('module.nix'), { module, names: [...names, 'enable'] }, 1);
    assert.match(report!.details!, /^Whether to enable `web`/);
    assert.equal(report!.value, undefined);
  });
});

describe('names in use are proposed', () => {
  it('also where what is being written lets their values fail', () => {
    assert.deepEqual(proposed('{ lib, ... }: { written.|; }'), ['one', 'two']);
    assert.deepEqual(proposed('{ lib, ... }: { written.on|'), ['one']);
    assert.deepEqual(proposed('{ lib, ... }: { written.two.|; }'), ['b']);
    assert.deepEqual(proposed('{ lib, ... }: { written.two.b.|; }'), []);
  });
});

describe('a hover on an option', () => {
  const details = (marked: string): string | undefined => {
    const { test } = opened(marked);
    return test.hover('module.nix')?.details;
  };
  const enable = 'Whether to enable `web`, see `b`.\n\n- type: boolean\n- default: `false`';

  it('says what it is for where a module sets it', () => {
    const { test } = opened('{ lib, ... }: { services.web = { ena|ble = true; }; }');
    const report = test.hover('module.nix');
    assert.equal(shown(report), 'true');
    assert.equal(report!.details, enable);
    const declaration = report!.option!.declaration!;
    assert.equal(decodeUtf8(declaration.path), `${workspace}/declarations.nix`);
    assert.equal(declaration.range.start.line, 4);
  });

  it('says what it is for where a module reads it, also by a shorter name', () => {
    assert.equal(details('{ config, ... }: { a = config.services.web.ena|ble; }'), enable);
    assert.equal(
      details('{ config, ... }: let c = config.services; w = c.web; in { a = w.ena|ble; }'),
      enable,
    );
    assert.equal(details('{ config, ... }: { inherit (config.services.web) ena|ble; }'), enable);
    assert.equal(
      details('{ config, ... }: let config = { services.web.enable = 1; }; in config.services.web.ena|ble'),
      undefined,
    );
  });

  it('shows texts of defaults and examples as their authors wrote them', () => {
    const text = details('{ lib, ... }: { services.web.hosts.a.ro|ot = true; }')!;
    assert.equal(
      text,
      'The root.\n\n- type: boolean\n- default: \n  ```nix\n  long\n  text\n  ```\n- example: `pkgs.root`',
    );
  });

  it('says nothing of sets of options, and of what is no option', () => {
    assert.equal(details('{ lib, ... }: { servi|ces.web.enable = true; }'), undefined);
    assert.equal(details('{ lib, ... }: { other.na|me = true; }'), undefined);
    assert.equal(details('{ lib, ... }: let na|me = true; in { }'), undefined);
    assert.equal(details('rec { na|me = true; }'), undefined);
  });
});

describe('what sets an option', () => {
  const others = {
    'mail.nix': '{ config, lib, ... }: {\n  services = lib.mkIf true {\n    web.enable = true; };\n}',
    'hosts.nix': '{ services.web.hosts."a" = { root = true; }; }',
    'made.nix': '{ lib, ... }: { services = builtins.listToAttrs [ ]; }',
    'elsewhere.nix': 'import ./hosts.nix',
    'many.nix': '{ ... }: { services.web = { enable = 1; }; services.web.enable = 2; }',
    'host/default.nix': '{ ... }: {\n  services.web.enable = true; }',
  };
  const path = (name: string): string => `"${workspace}/${name}"`;
  const asked = (marked: string, enableFiles: readonly string[], hostsFiles: readonly string[] = []) => {
    const { test, text, cursor } = opened(marked);
    for (const [name, other] of Object.entries(others)) test.open(name, other);
    test.open(
      'declarations.nix',
      declarations
        .replace('"enable" ] {', `"enable" ] { files = [ ${enableFiles.map(path).join(' ')} ];`)
        .replace('"hosts" ] {', `"hosts" ] { files = [ ${hostsFiles.map(path).join(' ')} ];`),
    );
    return { test, text, cursor };
  };
  const short = ({ path, range }: Location): string =>
    `${decodeUtf8(path).replace(`${workspace}/`, '')}:${range.start.line}:${range.start.character}`;
  const places = (
    marked: string,
    enableFiles: readonly string[],
    hostsFiles?: readonly string[],
  ): string[] => {
    const { test, text, cursor } = asked(marked, enableFiles, hostsFiles);
    return test.service.definitions(test.path('module.nix'), optionAt(parse(text), cursor)!).map(short);
  };
  const read = '{ config, ... }: { a = config.services.web.ena|ble; }';

  it('is found in the texts of the modules that are said to', () => {
    assert.deepEqual(places(read, ['mail.nix', 'module.nix']), ['mail.nix:2:4', 'module.nix:0:0']);
    const own = '{ config, ... }: {\n  services.web.ena|ble = true; }';
    assert.deepEqual(places(own, ['module.nix']), ['module.nix:1:2']);
    const declared = '{ lib, ... }: { options.services = { web.ena|ble = lib.mkOption { }; }; }';
    assert.deepEqual(places(declared, ['mail.nix']), ['mail.nix:2:4']);
  });

  it('is found in a module that is named by its folder', () => {
    assert.deepEqual(places(read, ['host', 'mail.nix']), ['host/default.nix:1:2', 'mail.nix:2:4']);
  });

  it('is the binding nearest to it where more is computed, or else the file', () => {
    assert.deepEqual(places(read, ['made.nix', 'elsewhere.nix']), ['made.nix:0:16', 'elsewhere.nix:0:0']);
  });

  it('is nothing where it has its default', () => {
    assert.deepEqual(places(read, ['declarations.nix']), []);
    assert.deepEqual(places(read, []), []);
  });

  it('is known of a part of its value', () => {
    const root = (name: string): string =>
      `{ config, ... }: { a = config.services.web.hosts.${name}.ro|ot; }`;
    assert.deepEqual(places(root('a'), [], ['hosts.nix', 'made.nix']), ['hosts.nix:0:29']);
    assert.deepEqual(places(root('b'), [], ['hosts.nix', 'made.nix']), []);
  });

  it('is shown by a hover, but not the place of the hover alone', () => {
    const shownAt = (marked: string, files: readonly string[]): unknown => {
      const { option } = asked(marked, files).test.hover('module.nix')!;
      return [option!.definitions.map(short), option!.isComplete];
    };
    assert.deepEqual(shownAt(read, ['mail.nix']), [['mail.nix:2:4'], true]);
    const own = '{ lib, ... }: { services.web.ena|ble = true; }';
    assert.deepEqual(shownAt(own, ['module.nix']), [[], true]);
    const isDefault = (files: readonly string[]): boolean =>
      asked(read, files).test.hover('module.nix')!.option!.isDefault === true;
    assert.ok(isDefault(['declarations.nix']));
    const part = '{ config, ... }: { a = config.services.web.hosts.b.ro|ot; }';
    assert.equal(
      asked(part, [], ['declarations.nix']).test.hover('module.nix')!.option!.isDefault,
      undefined,
    );
    assert.ok(!isDefault([]) && !isDefault(['mail.nix']) && !isDefault(['declarations.nix', 'mail.nix']));
    assert.deepEqual(shownAt(own, ['module.nix', 'mail.nix']), [['module.nix:0:16', 'mail.nix:2:4'], true]);
    assert.deepEqual(shownAt(read, ['many.nix', 'mail.nix', 'made.nix', 'hosts.nix']), [
      ['many.nix:0:28', 'many.nix:0:43', 'mail.nix:2:4', 'made.nix:0:16'],
      false,
    ]);
  });
});

describe('the text of a module', () => {
  const table: readonly (readonly [string, string])[] = [
    ['{ |a.b.c = 1; }', 'exact'],
    ['{ a = { b = { |c = 1; d = 2; }; }; }', 'exact'],
    [
      '{ lib, ... }: let x = { a.b.c = 2; }; in with lib; { config = mkIf x { a.b = { |c = 1; }; }; }',
      'exact',
    ],
    [
      '{ lib, ... }: { config = lib.mkMerge [ { |a.b.c = 1; } { a.b = lib.mkForce { |c = 2; }; } ]; }',
      'exact',
    ],
    ['{ |a.b.c.d = 1; |a.b.c.e = 2; a.b.other = 3; }', 'exact'],
    ['{ a.b = { inherit x |c; }; }', 'exact'],
    ['{ a.${x} = { |c = 1; }; }', 'exact'],
    ['x: if x then { |a.b.c = 1; } else { |a.b.c = 2; }', 'exact'],
    ['{ options.a.b.c = 1; imports = [ { a.b.c = 2; } ]; |a.b = f { c = 1; }; }', 'near'],
    ['{ a = 1; |a.b = 2; x.b.c = 3; }', 'near'],
    ['{ config = f 1; }', 'near'],
    ['import ./x.nix', 'near'],
    ['{ a = [ { b.c = 1; } ]; }'.replace('a =', '|a ='), 'near'],
  ];
  for (const [marked, kind] of table) {
    it(`defines an option at its marks: ${marked}`, () => {
      const expected = [...marked.matchAll(/\|/g)].map(({ index }, i) => index - i);
      const found = definitionsIn(parse(marked.replaceAll('|', '')), ['a', 'b', 'c']);
      assert.deepEqual(found, { places: expected, isExact: kind === 'exact' });
    });
  }
});

describe('a part of an option that a function gets', () => {
  /** A module that reads hosts in a function, whose hover is asked for, and where the attribute is said to be. */
  const read = (marked: string): { details: string | undefined; line: number | undefined } => {
    const test = withCaller();
    // A module system makes the sets of hosts, so that no text names their attributes.
    const caller = callerWith(true).replace(
      /("a\.org"|b) = \{/g,
      '$1 = builtins.mapAttrs (_: value: value) {',
    );
    test.open('main.nix', caller);
    const { text, cursor } = test.open('module.nix', marked);
    const definition = definitionAt(parse(text), test.path('module.nix'), cursor);
    assert.ok(definition?.kind === 'ask');
    const location = test.service.locate(test.path('module.nix'), definition.question);
    const isDeclaration = location?.path === test.path('declarations.nix');
    return {
      details: test.hover('module.nix')?.details,
      line: isDeclaration ? location.range.start.line : undefined,
    };
  };
  const line = declarations.split('\n').findIndex((each) => each.includes('options.limits'));

  it('is described, and leads to the declaration, as it does where the text shows the option', () => {
    const hosts = 'builtins.mapAttrs (_: host: host.|limits) config.services.web.hosts';
    const found = read(`{ config, ... }: { services.mail = ${hosts}; }`);
    assert.match(found.details!, /boolean/);
    assert.equal(found.line, line);
    const direct = read('{ config, ... }: { services.mail = config.services.web.hosts.b.|limits; }');
    assert.deepEqual(found, direct);
  });

  it('is an attribute of a set that is the value itself, and of no other one', () => {
    const listed = '(builtins.head (builtins.attrValues config.services.web.hosts)).|limits';
    assert.equal(read(`{ config, ... }: { services.mail = ${listed}; }`).line, line);
    const copied = '(config.services.web.hosts.b // { }).|limits';
    assert.equal(read(`{ config, ... }: { services.mail = ${copied}; }`).line, line, 'an update by nothing');
    const other = '(config.services.web.hosts.b // { root = 1; }).|limits';
    assert.equal(read(`{ config, ... }: { services.mail = ${other}; }`).line, undefined);
  });
});

describe('the definition of an option', () => {
  const place = (marked: string): string | undefined => {
    const { test, text, cursor } = opened(marked);
    const definition = definitionAt(parse(text), test.path('module.nix'), cursor);
    if (definition?.kind !== 'ask') return definition?.kind;
    const found = test.service.locate(test.path('module.nix'), definition.question);
    if (found === undefined) return definition.otherwise?.kind;
    return `${decodeUtf8(found.path).replace(`${workspace}/`, '')}:${found.range.start.line}`;
  };

  it('is its declaration', () => {
    assert.equal(place('{ lib, ... }: { services.web.ena|ble = true; }'), 'declarations.nix:4');
    assert.equal(place('{ lib, ... }: { services.web.hosts.a.ro|ot = true; }'), 'declarations.nix:12');
    assert.equal(place('{ config, ... }: { a = config.services.web.ena|ble; }'), 'declarations.nix:4');
  });

  it('is its description where the declaring file shows no binding of its name', () => {
    const marked = '{ lib, ... }: { services.web.hosts.a.rules = [ { all|ow = true; } ]; }';
    assert.equal(place(marked), 'declarations.nix:19');
  });

  it('is the text itself where there is no such option, and the attribute where it is none', () => {
    assert.equal(place('{ lib, ... }: { services.oth|er = true; }'), 'here');
    assert.equal(place('{ config, ... }: { a = config.services.web.ot|her; }'), undefined);
    assert.equal(place('{ config, ... }: { a = config.ot|her; }'), 'main.nix:23');
  });

  it('is that of all options of a set, where one file declares them', () => {
    assert.equal(place('{ config, ... }: { a = config.services.w|eb; }'), 'declarations.nix:3');
    assert.equal(place('{ lib, ... }: { services.w|eb = { }; }'), 'declarations.nix:3');
    assert.equal(place('{ lib, ... }: { serv|ices = { }; }'), 'declarations.nix:3');
  });

  it('is found through an inherit', () => {
    assert.equal(place('{ config, ... }: { inherit (config.services.web) ena|ble; }'), 'declarations.nix:4');
    const text = '{ config, ... }: let inherit (config.services) web; in { inherit (web) ena|ble; }';
    assert.equal(place(text), 'declarations.nix:4');
  });
});

describe('problems with options', () => {
  const problems = (text: string, check = true): string[] => {
    const test = withCaller(check);
    test.open('module.nix', text);
    return test.diagnostics('module.nix').filter((each) => each.includes('option'));
  };
  const unknown = (text: string, name: string, hint = ''): string[] => [
    `error \`${text}\` unknown-option: the option '${name}' does not exist${hint}`,
  ];
  const wrong = (text: string): string[] => [
    `error \`${text}\` option-type: the value of the option 'services.web.enable' is not of its type: boolean\nIt is ${text}.`,
  ];

  const table: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'none where all is well',
      '{ config, ... }: { imports = [ ]; services.web.enable = config.services.web.enable; }',
      [],
    ],
    [
      'an option that there is not',
      '{ lib, ... }: { services.web.enabel = true; }',
      unknown('enabel', 'services.web.enabel', '\nDid you mean enable?'),
    ],
    ['a set of options that there is not', '{ lib, ... }: { other.a.b = true; }', unknown('other', 'other')],
    [
      'in a set below config',
      '{ lib, ... }: { options = { }; config = { services = { no = 1; }; }; }',
      unknown('no', 'services.no'),
    ],
    [
      'in mkIf, mkMerge and with',
      '{ lib, ... }: with lib; mkMerge [ (mkIf false { services.no = 1; }) ]',
      unknown('no', 'services.no'),
    ],
    ['a value of another type', '{ lib, ... }: { services.web.enable = 1; }', wrong('1')],
    [
      'a value of another type, behind mkForce',
      '{ lib, ... }: { services.web.enable = lib.mkForce 1; }',
      [wrong('1')[0]!.replace('`1`', '`lib.mkForce 1`')],
    ],
    ['but none where another option takes what is defined', '{ lib, ... }: { journal.alias = "x"; }', []],
    [
      'a value of another type, also where something is made of it',
      '{ lib, ... }: { journal.doubled = 1; }',
      [
        "error `1` option-type: the value of the option 'journal.doubled' is not of its type: boolean\nIt is 1.",
      ],
    ],
    ['but none for what mkIf leaves out', '{ lib, ... }: { services.web.enable = lib.mkIf false 1; }', []],
    [
      'but none below an option, whose type may take any name',
      '{ lib, ... }: { services.web.hosts.a.no = 1; services.mail.x = 1; }',
      [],
    ],
    ['but none for computed names', '{ lib, ... }: { ${"a" + "b"}.c = 1; services.${toString 2} = 1; }', []],
    ['but none in what somebody declares', '{ lib, ... }: { options.a.b = 1; _module.args.c = 1; }', []],
    [
      'but none in what else a module has',
      '{ lib, ... }: { require = [ ]; freeformType = null; disabledModules = [ ]; }',
      [],
    ],
    [
      'in the branch that is taken',
      '{ options, ... }: if options ? other then { other.a = 1; } else { services.no = 1; }',
      unknown('no', 'services.no'),
    ],
    [
      'but none behind a condition that does not hold, or cannot be evaluated',
      '{ options, lib, ... }: lib.optionalAttrs (options ? other) { other.a = 1; } // (if throw "x" then { other.b = 1; } else { other.c = 1; })',
      [],
    ],
    [
      'in optionalAttrs whose condition holds',
      '{ options, lib, ... }: { config = lib.optionalAttrs (options ? services) { services.no = 1; }; }',
      unknown('no', 'services.no'),
    ],
    [
      'but none in arguments of functions that may make anything of them',
      '{ lib, ... }: let mkWeb = { name }: { services.web.enable = name == "a"; }; in mkWeb { name = "a"; }',
      [],
    ],
    [
      'but none in what a function filters',
      '{ lib, ... }: { services = lib.filterAttrs (name: value: name != "no") { no = 1; }; }',
      [],
    ],
    ['but none where the text does not parse', '{ lib, ... }: { services.no = 1; services', []],
    ['but none in what is no module', '{ lib }: { services.no = 1; }', []],
  ];
  for (const [what, text, expected] of table) {
    it(what, () => {
      assert.deepEqual(problems(text), expected);
    });
  }

  it('but none of options that there are not where the module system takes them', () => {
    assert.deepEqual(problems('{ lib, ... }: { services.no = 1; }', false), []);
  });

  it('but none in what a module imports for itself, and calls with what it was called with', () => {
    const test = withCaller();
    test.open('module.nix', 'args@{ lib, ... }: { services.web.enable = (import ./names.nix args).on; }');
    test.open('names.nix', '{ lib, ... }: { on = true; services = 1; }');
    assert.deepEqual(test.diagnostics('names.nix'), []);
  });

  it('for definitions that the module system refuses, where it names the option and the module', () => {
    const refusal = (option: string, module: string): string =>
      `The option \`${option}' in \`${workspace}/${module}' is of another type.`;
    const found = (message: string): string[] => {
      const test = withCaller();
      const ports = `options.networking.ports = mkOption [ "networking" "ports" ] { value = [ 1 (throw "${message}") ]; };`;
      test.open('declarations.nix', declarations.replace('options.networking = { };', ports));
      test.open('module.nix', '{ config, ... }: { networking.ports = [ 1 ]; }');
      return test.diagnostics('module.nix');
    };
    const inList = refusal('networking.ports.[entry 2]', 'module.nix');
    assert.deepEqual(found(inList), [`error \`[ 1 ]\` option-value: ${inList}`]);
    assert.deepEqual(found(refusal('networking', 'module.nix')), []);
    assert.deepEqual(found(refusal('networking.ports', 'other.nix')), []);
  });

  it('for definitions of a module that is imported as the folder it is in', () => {
    const test = new LiveTest({ reach: 'reachable' });
    const message = `The option \`written' in \`${workspace}/host' is of another type.`;
    test.open('main.nix', callerWith(true, 'load ./host'));
    const written = `mkOption [ "written" ] { value = throw "${message}";`;
    test.open('declarations.nix', declarations.replace('mkOption [ "written" ] {', written));
    test.open('host/default.nix', '{ config, ... }: { written = 1; }');
    assert.deepEqual(test.diagnostics('host/default.nix'), [`error \`1\` option-value: ${message}`]);
  });

  it('for an attribute beside its `config` or `options`, which the module system refuses', () => {
    const found = (text: string, refused: string, module = 'host'): string[] => {
      const message = `Module \`${workspace}/${module}' has an unsupported attribute \`${refused}'. It is beside \`config'.`;
      const test = new LiveTest({ reach: 'reachable' });
      test.open('main.nix', `(import ./host) { config = { }; options = throw "${message}"; lib = { }; }`);
      test.open('host/default.nix', text);
      return test.diagnostics('host/default.nix').map((each) => each.replace(message, '…'));
    };
    const beside = '{ config, ... }: let in { config = { }; web.port = 1; }';
    assert.deepEqual(found(beside, 'web'), ['error `web` module-attribute: …']);
    assert.deepEqual(found(beside, 'web', 'host/default.nix'), ['error `web` module-attribute: …']);
    assert.deepEqual(found(beside, 'web', 'other'), []);
    const computed = '{ config, ... }: builtins.removeAttrs { config = { }; web = 1; } [ ]';
    assert.deepEqual(found(computed, 'web'), [
      'error `builtins.removeAttrs { config = { }; web = 1; } [ ]` module-attribute: …',
    ]);
  });
});

describe('what a module says itself of a configuration', () => {
  /** The problems of a module for which an option has these definitions by these files. */
  const found = (option: string, definitions: string, body: string, files = '[ "/host" ]'): string[] => {
    const test = new LiveTest({ reach: 'reachable' });
    const paths = `map (file: "${workspace}" + file) ${files}`.replaceAll('${', '\\${');
    const options = `{ ${option} = { _type = "option"; definitions = ${definitions}; files = ${paths}; }; }`;
    test.open(
      'main.nix',
      `(import ./host) { config = { on = true; }; options = ${options}; lib.mkIf = a: b: b; }`,
    );
    test.open('host/default.nix', `{ config, lib, ... }: { ${body} }`);
    return test.diagnostics('host/default.nix');
  };
  const fails = '{ assertion = 1 > 2; message = "no"; }';
  const holds = '{ assertion = true; message = "yes"; }';

  it('is an error at each assertion that does not hold', () => {
    const list = `[ ${holds} ${fails} ]`;
    assert.deepEqual(found('assertions', `[ ${list} ]`, `assertions = lib.mkIf config.on ${list};`), [
      `error \`${fails}\` failed-assertion: no`,
    ]);
    assert.deepEqual(found('assertions', `[ [ ${holds} ] ]`, `assertions = ${list};`), []);
  });

  it('stands at the definition where the items are computed', () => {
    assert.deepEqual(found('assertions', `[ [ ${fails} ] ]`, `assertions = map (a: a) [ ${fails} ];`), [
      'error `assertions` failed-assertion: no',
    ]);
  });

  it('is a warning of its own, and no other module’s', () => {
    const warnings = '[ [ "a" ] [ "b" ] [ "c" "d" ] ]';
    const body = 'config.warnings = [ "b" ]; config.more = 1;';
    assert.deepEqual(found('warnings', warnings, body, '[ "/other.nix" "/host" "/lib" ]'), [
      'warning `"b"` option-warning: b',
    ]);
  });

  it('is nothing where its value fails', () => {
    assert.deepEqual(found('warnings', '[ [ (throw "x") ] ]', 'warnings = [ "a" ];'), []);
  });
});

describe('the default of an option', () => {
  const declared = (option: string, value: string, from = 'module.nix'): string[] => {
    const test = new LiveTest({ reach: 'reachable' });
    const file = `${workspace}/${from}`;
    const message = `The option value \`own.port' in \`${workspace}/module.nix' is not of type \`int'.`;
    const made = `{ _type = "option"; loc = [ "own" "port" ]; default = 1; files = [ "${file}" ]; declarations = [ "${workspace}/module.nix" ]; value = ${value.replace('…', message)}; }`;
    test.open(
      'main.nix',
      `(import ./module.nix) { config = { }; options.own.port = ${made}; lib.mkOption = a: a; }`,
    );
    test.open('module.nix', `{ config, lib, ... }: { options.own.port = ${option}; }`);
    return test.diagnostics('module.nix').map((each) => each.replace(message, '…'));
  };

  it('is wrong where the module system refuses it', () => {
    const option = 'lib.mkOption { type = "int"; default = "x"; }';
    assert.deepEqual(declared(option, 'throw "…"'), ['error `"x"` option-default: …']);
    assert.deepEqual(declared('lib.mkOption (config // { })', 'throw "…"'), [
      'error `options.own.port` option-default: …',
    ]);
  });

  it('is right where it has another value, or fails for another reason', () => {
    const option = 'lib.mkOption { default = "x"; }';
    assert.deepEqual(declared(option, '1'), []);
    assert.deepEqual(declared(option, 'throw "other"'), []);
    assert.deepEqual(declared(option, 'throw "…"', 'other.nix'), []);
  });
});

describe('a module that is a set', () => {
  /** The evaluator, where the module is in a configuration, and the module's text with its cursor. */
  const inConfiguration = (
    marked: string,
    configuration = '(all: map load all.modules) { modules = [ ./other.nix ./module.nix ]; }',
  ): { test: LiveTest; text: Bytes; cursor: number } => {
    const test = new LiveTest({ reach: 'reachable' });
    test.open('declarations.nix', declarations);
    test.open('other.nix', '{ lib, ... }: { imports = [ ./folder ]; }');
    test.open('main.nix', callerWith(true, configuration));
    return { test, ...test.open('module.nix', marked) };
  };
  const details = (marked: string, configuration?: string): string | undefined =>
    inConfiguration(marked, configuration).test.hover('module.nix')?.details;

  it('has the options of the modules beside it, or of the one that imports it', () => {
    const marked = '{ services.web.ena|ble = true; }';
    assert.match(details(marked)!, /^Whether to enable/);
    assert.match(details('let a = 1; in { config.services.web = { ena|ble = true; }; }')!, /^Whether/);
    assert.match(
      details(marked, '(all: map load all.modules) { modules = [ ./module.nix ({ lib, ... }: { }) ]; }')!,
      /^Whether/,
    );
    const { test } = inConfiguration(marked, 'load ./other.nix');
    assert.equal(test.hover('module.nix')!.details, undefined, 'nothing imports it yet');
    test.open('other.nix', '{ lib, ... }: { imports = [ ./set.nix ]; }');
    test.open('set.nix', '{ imports = [ (./module.nix) ]; }');
    assert.match(test.hover('module.nix')!.details!, /^Whether/, 'by way of another set');
  });

  it('stands in a list of modules, and in no other one', () => {
    const { test } = inConfiguration(
      '|1',
      '(all: map load all.modules) { modules = [ ./other.nix { services.web.enable = 1; } ]; }',
    );
    const at = (text: string, part: string): string | undefined =>
      test.service.hover(test.path('main.nix'), text.indexOf(part), 3)?.details;
    const caller = callerWith(
      true,
      '(all: map load all.modules) { modules = [ ./other.nix { services.web.enable = 1; } ]; others = [ ./other.nix { services.web.hosts = 1; } ]; }',
    );
    test.open('main.nix', caller);
    assert.match(at(caller, 'enable = 1')!, /^Whether/);
    assert.equal(at(caller, 'hosts = 1'), undefined);
    assert.equal(
      details('{ services.web.ena|ble = true; }', 'map load [ ./other.nix ./module.nix ]'),
      undefined,
    );
  });

  it('is completed, and leads to declarations', () => {
    const { test, text, cursor } = inConfiguration('{ services.web.|; }');
    const found = completionAt(parse(text), cursor)!;
    const members = test.service.members(test.path('module.nix'), found.questions);
    assert.deepEqual(
      members.flatMap((each) => each.members.map(({ name }) => name)),
      web,
    );
    const marked = inConfiguration('{ services.web.ena|ble = true; }');
    const definition = definitionAt(parse(marked.text), marked.test.path('module.nix'), marked.cursor);
    assert.ok(definition?.kind === 'ask');
    const location = marked.test.service.locate(marked.test.path('module.nix'), definition.question);
    assert.equal(location!.range.start.line, 4);
  });

  it('has problems with options where it stands in the list itself, as functions there have', () => {
    const { test } = inConfiguration('|1', '1');
    const lists =
      '(all: map load all.modules) { modules = [ ./other.nix { services.web.enabel = 1; } ({ lib, ... }: { services.web.enable = 1; }) ]; }';
    test.open('main.nix', callerWith(true, lists));
    assert.deepEqual(
      test.diagnostics('main.nix').filter((each) => each.includes('option')),
      [
        "error `enabel` unknown-option: the option 'services.web.enabel' does not exist\nDid you mean enable?",
        "error `1` option-type: the value of the option 'services.web.enable' is not of its type: boolean\nIt is 1.",
      ],
    );
  });

  it('has problems with options', () => {
    const { test } = inConfiguration('{ services.web = { |enabel = true; enable = 1; }; }');
    assert.deepEqual(test.diagnostics('module.nix'), [
      "error `enabel` unknown-option: the option 'services.web.enabel' does not exist\nDid you mean enable?",
      "error `1` option-type: the value of the option 'services.web.enable' is not of its type: boolean\nIt is 1.",
    ]);
    const other = inConfiguration(
      '{ |services.web.enabel = true; }',
      'map load [ ./other.nix ./module.nix ]',
    );
    assert.deepEqual(other.test.diagnostics('module.nix'), []);
  });
});

describe('problems inside of the value of an option', () => {
  /** The option `services.web.hosts` has a value whose host `a` refuses some of what is read of it. */
  const found = (definitions: string, host: string): string[] => {
    const test = withCaller();
    const hosts = `hosts = mkOption [ "services" "web" "hosts" ] { value.a = ${host};`;
    test.open(
      'declarations.nix',
      declarations.replace('hosts = mkOption [ "services" "web" "hosts" ] {', hosts),
    );
    test.open('module.nix', `{ lib, ... }: { ${definitions} }`);
    return test.diagnostics('module.nix');
  };
  const message = (part: string, module = 'module.nix'): string =>
    `The option \`services.web.hosts.a${part}' defined in \`${workspace}/${module}' is wrong.`;
  const failing = (part: string, module?: string): string =>
    `(throw "${message(part, module).replaceAll('${', '\\${')}")`;

  it('are told at the definition that the module system refuses', () => {
    const value = `{ root = ${failing('.root')}; rules.deep = true; }`;
    const at = (range: string): string[] => [`error \`${range}\` option-value: ${message('.root')}`];
    assert.deepEqual(found('services.web.hosts.a.root = 17;', value), at('17'));
    assert.deepEqual(found('services.web.hosts.a = { rules.deep = true; root = 17; };', value), at('17'));
    assert.deepEqual(found('services.web.hosts = { a = { root = 17; }; };', value), at('17'));
    assert.deepEqual(found('services.web.hosts.a.rules.deep = true;', value), []);
    assert.deepEqual(found('services.web.hosts.b.root = 17;', value), []);
    assert.deepEqual(found('services.web.hosts.${"a"}.root = 17;', value), at('17'));
  });

  it('are told of a submodule that has no such option, and of no other definition in it', () => {
    const at = [`error \`1\` option-value: ${message('.foo')}`];
    assert.deepEqual(found('services.web.hosts.a = { root = true; foo = 1; };', failing('.foo')), at);
    assert.deepEqual(
      found('services.web.hosts.a.foo = 1; services.web.hosts.a.root = true;', failing('.foo')),
      at,
    );
    assert.deepEqual(found('services.web.hosts.a = { root = true; };', failing('.foo')), [
      `error \`{ root = true; }\` option-value: ${message('.foo')}`,
    ]);
  });

  it('are told at a name that a submodule has no option for, with those that may be meant', () => {
    const none = `The option \`services.web.hosts.a.rot' defined in \`${workspace}/module.nix' does not exist.`;
    const value = `(throw "${none}")`;
    const at = [
      "error `rot` unknown-option: the option 'services.web.hosts.a.rot' does not exist\nDid you mean root?",
    ];
    assert.deepEqual(found('services.web.hosts.a.rot = true;', value), at);
    assert.deepEqual(found('services.web.hosts.a = { rot = true; root = true; };', value), at);
    assert.deepEqual(found('services.web.hosts = { a.rot.deep = true; };', value), at);
    assert.deepEqual(found('services.web.hosts.a = { root = true; };', value), [
      "error `{ root = true; }` unknown-option: the option 'services.web.hosts.a.rot' does not exist",
    ]);
  });

  it('are none of other modules', () => {
    assert.deepEqual(found('services.web.hosts.a.root = 17;', failing('.root', 'other.nix')), []);
  });
});

describe('the imports of a module', () => {
  const found = (text: string, ...files: string[]): string[] => {
    const test = new LiveTest({ reach: 'reachable' });
    for (const name of files) test.open(name, '{ }');
    test.open('module.nix', text);
    return test.diagnostics('module.nix');
  };
  const missing = (range: string, path: string): string =>
    `warning \`${range}\` file-error: path '${workspace}/${path}' does not exist`;

  it('have to be there', () => {
    const text = '{ lib, ... }: { imports = [ ./a.nix ./gone.nix ./folder ./empty ]; }';
    assert.deepEqual(found(text, 'a.nix', 'folder/default.nix', 'empty/other.nix'), [
      missing('./gone.nix', 'gone.nix'),
      missing('./empty', 'empty/default.nix'),
    ]);
    assert.deepEqual(found('{ imports = [ ../gone.nix ]; }'), [
      "warning `../gone.nix` file-error: path '/gone.nix' does not exist",
    ]);
  });

  it('are none of other lists, and no paths that are computed', () => {
    const text =
      '{ lib, ... }: { a = [ ./gone.nix ]; imports = [ (./. + "/gone.nix") "./gone.nix" ./${"gone"}.nix ]; }';
    assert.deepEqual(found(text), []);
  });
});

describe('problems with options in a call that is only supposed', () => {
  const problems = (text: string, files: Readonly<Record<string, string>> = {}): string[] => {
    const test = new LiveTest({ reach: 'reachable', searchPath: [`nixpkgs=${workspace}/nixpkgs`] });
    const nixos = callerWith(true, '{ config = load configuration; }');
    test.open('nixpkgs/nixos/default.nix', `{ configuration }: ${nixos}`);
    test.open('nixpkgs/nixos/declarations.nix', declarations);
    for (const [name, each] of Object.entries(files)) test.open(name, each);
    test.open('module.nix', text);
    return test.diagnostics('module.nix');
  };
  const definitions = (count: number): string =>
    Array.from({ length: count }, (_, i) => `services.web.hosts.host${i}.root = true;`).join(' ');
  const unknown = "warning `no` unknown-option: the option 'services.no' does not exist";

  it('are none where the module system refuses what may be no module', () => {
    const message = `Module \`${workspace}/module.nix' has an unsupported attribute \`web'.`;
    const caller = `{ configuration }: { config = import (builtins.head configuration.imports) { config = { }; options = throw "${message}"; }; }`;
    const text = '{ config, ... }: { config = { }; web = 1; }';
    assert.deepEqual(problems(text, { 'nixpkgs/nixos/default.nix': caller }), []);
  });

  it('are warnings where nearly all options that the module sets are there', () => {
    assert.deepEqual(problems(`{ lib, ... }: { ${definitions(4)} services.no = 1; }`), [unknown]);
    assert.deepEqual(problems('{ lib, ... }: { services.web.enable = 1; }'), [
      "warning `1` option-type: the value of the option 'services.web.enable' is not of its type: boolean\nIt is 1.",
    ]);
  });

  it('are none where too much is unknown', () => {
    assert.deepEqual(problems(`{ lib, ... }: { ${definitions(3)} services.no = 1; }`), []);
    assert.deepEqual(problems('{ lib, ... }: { services.web.enable = 1; other.a = 1; }'), []);
  });

  it('are of any number of options that are almost right, where their sets are', () => {
    assert.deepEqual(problems('{ lib, ... }: { services.web.enabel = true; }'), [
      "warning `enabel` unknown-option: the option 'services.web.enabel' does not exist\nDid you mean enable?",
    ]);
    assert.deepEqual(problems('{ lib, ... }: { services.wep.enable = true; }'), []);
    assert.deepEqual(problems('{ lib, ... }: { services.web.other = true; }'), []);
  });

  it('are none of any kind where the file is likely to be another kind of module', () => {
    const reads = (name: string): string => `{ config, ... }: { ${name}.a = config.none.b; }`;
    assert.deepEqual(problems(reads('other')), []);
    assert.deepEqual(problems(reads('services.mail')), [
      "warning `config.none` missing-attribute: attribute 'none' missing",
    ]);
  });

  it('are none of any kind where the file itself says that it is a module of home-manager', () => {
    const reads = (more: string): string =>
      `{ config, lib, ... }: { ${definitions(4)} services.mail = config.none.b; ${more} }`;
    assert.equal(problems(reads('')).length, 1);
    assert.deepEqual(problems(reads('home.packages = [ ];')), []);
    assert.deepEqual(problems(reads('services.mail.a = lib.hm.b;')), []);
    assert.deepEqual(problems(reads('xdg.configFile.a.text = "";')), []);
  });

  it('are the same where the call stands in a function whose call is supposed', () => {
    const text = `{ lib, ... }: { ${definitions(4)} services.no = 1; }`;
    assert.deepEqual(
      problems(text, {
        'outer.nix':
          'args@{ lib, ... }: let module = import ./module.nix; in { imports = [ (module args) ]; }',
      }),
      [unknown],
    );
  });

  it('are those of the modules that a flake has, too', () => {
    const inFlake = (output: string): string[] => {
      const test = new LiveTest({ reach: 'reachable', searchPath: [`nixpkgs=${workspace}/nixpkgs`] });
      const nixos = callerWith(true, '{ config = load configuration; }');
      test.open('nixpkgs/nixos/default.nix', `{ configuration }: ${nixos}`);
      test.open('nixpkgs/nixos/declarations.nix', declarations);
      test.open('flake.nix', `{ outputs = { self }: { ${output} }; }`);
      return test.diagnostics('flake.nix');
    };
    const module = `{ lib, ... }: { ${definitions(4)} services.no = 1; }`;
    assert.deepEqual(inFlake(`nixosModules.web = ${module};`), [unknown]);
    assert.deepEqual(inFlake(`nixosModules = { web = ${module}; };`), [unknown]);
    assert.deepEqual(inFlake(`nixosModule = ${module};`), [unknown]);
    assert.deepEqual(inFlake(`lib.web = ${module};`), []);
    assert.deepEqual(inFlake(`nixosModules.web = { lib, ... }: { other.a = 1; b.c = 1; };`), []);
  });
});
