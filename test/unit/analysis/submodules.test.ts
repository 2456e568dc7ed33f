// What the functions of submodules are called with: the values of the options whose types hold them.
import assert from 'node:assert/strict';
import { LiveTest, shown } from '../../kit/live';

/** The types of the module system in small, and a configuration that sets two of three options. */
const caller = `
let
  submodule = function:
    let call = name: config: function { inherit name config; };
    in {
      name = "submodule";
      getSubOptions = prefix: (call "<name>" { }).options;
      merge = loc: definitions:
        let
          value = (builtins.head definitions).value;
          config = (result.config or { }) // value;
          result = call (builtins.elemAt loc (builtins.length loc - 1)) config;
        in config;
    };
  attrsOf = inner: {
    name = "attrsOf";
    functor.wrapped = inner;
    merge = loc: definitions:
      builtins.mapAttrs (name: value: inner.merge (loc ++ [ name ]) [ { file = "main.nix"; inherit value; } ])
        (builtins.head definitions).value;
  };
  definitions = { sites.a.port = 80; nested.b.c.port = 81; };
  mkOption = name: option: option // {
    _type = "option";
    loc = [ name ];
    definitions = if definitions ? \${name} then [ definitions.\${name} ] else [ ];
    files = if definitions ? \${name} then [ "main.nix" ] else [ ];
  };
  lib = { inherit submodule attrsOf mkOption; };
  module = import ./module.nix { inherit lib; inherit (module) options; config = { }; };
in module
`;

const module = (declaration: string): string => `{ config, lib, options, ... }: with lib; ${declaration}`;
const inline = (option: string, type: string): string =>
  module(`{ options.${option} = mkOption "${option}" { type = ${type}; }; }`);

function hover(text: string): { value: string; source: string | undefined } {
  const test = new LiveTest({ reach: 'reachable' });
  test.open('main.nix', caller);
  test.open('module.nix', text);
  const report = test.hover('module.nix');
  return { value: shown(report), source: report?.source };
}

describe('the function of a submodule', () => {
  it('is called with the definitions of the option whose type it is in', () => {
    const type = (body: string): string =>
      `attrsOf (submodule ({ name, config, ... }: { options = ${body}; }))`;
    const source = "in a value of the option 'sites'";
    assert.deepEqual(hover(inline('sites', type('na|me'))), { value: '"a"', source });
    assert.deepEqual(hover(inline('sites', type('config.po|rt'))), { value: '80', source });
  });

  it('is found in collections of collections', () => {
    const type = 'attrsOf (attrsOf (submodule ({ name, ... }: { options = na|me; })))';
    const source = "in a value of the option 'nested'";
    assert.deepEqual(hover(inline('nested', type)), { value: '"c"', source });
  });

  it('may have a name, by which it is mentioned', () => {
    const text = (mentioned: string): string =>
      module(
        `let site = { name, ... }: { options = na|me; }; other = site; in { options.sites = mkOption "sites" { type = attrsOf (submodule ${mentioned}); }; }`,
      );
    assert.equal(hover(text('site')).value, '"a"');
    assert.match(hover(text("(site'2: { })")).value, /^unknown/);
  });

  it('is asked for its options where the option has no definition', () => {
    const type = 'attrsOf (submodule ({ name, ... }: { options = na|me; }))';
    const source = "in any value of the option 'none'";
    assert.deepEqual(hover(inline('none', type)), { value: '"<name>"', source });
  });

  it('is none that is in no declaration', () => {
    assert.match(hover(module('{ options = { }; config.f = { name, ... }: na|me; }')).value, /^unknown/);
  });
});
