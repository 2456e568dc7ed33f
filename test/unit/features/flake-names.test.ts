import { strictEqual } from 'node:assert/strict';
import { describeFlakeName } from '../../../server/src/features/flake-names';
import { parse } from '../../../server/src/syntax/parse';
import { fixture } from '../../kit/fixture';

function described(marked: string): string | undefined {
  const { text, cursor } = fixture(marked);
  return describeFlakeName(parse(text), cursor);
}

describe('the names of a flake', () => {
  it('are explained where Nix gives them a meaning', () => {
    const expected = {
      '{ in|puts = { }; }': '`inputs`: the flakes that this one depends on.',
      '{ |inputs.a.url = ""; }': '`inputs`: the flakes that this one depends on.',
      '{ inputs.a.u|rl = ""; }': '`url`: where it is, such as "github:NixOS/nixpkgs/nixos-25.11".',
      '{ inputs = { a.inputs.b.foll|ows = "c"; }; }':
        '`follows`: the input of this flake that stands for it.',
      '{ nixConfig.bash-prompt| = ""; }': '`bash-prompt`: the prompt in `nix develop`.',
      '{ outputs = { self }: { packages|.x.y = 1; }; }': '`packages`: derivations, by system and name.',
      '{ ${"inputs|"} = { }; }': '`inputs`: the flakes that this one depends on.',
      '{ outputs = { self }: { "packages|" = 1; }; }': '`packages`: derivations, by system and name.',
    };
    for (const [text, sentence] of Object.entries(expected)) strictEqual(described(text), sentence, text);
  });

  it("are not, where they are the user's own", () => {
    const own = [
      '{ inputs.a|.url = ""; }',
      '{ inputs.inputs|.url = ""; outputs = { inputs }: { }; }',
      '{ toString| = 1; }',
      '{ other.inputs| = 1; }',
      '{ outputs = { self }: { packages.inputs| = 1; }; }',
      '{ outputs = { self }: let packages| = 1; in { }; }',
      '{ inputs.a.url = "url|"; }',
      '|{ }',
    ];
    for (const text of own) strictEqual(described(text), undefined, text);
  });
});
