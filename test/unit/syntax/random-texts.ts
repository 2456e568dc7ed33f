/**
 * Texts and edits for the property tests of this folder: real-looking Nix,
 * pieces that make and break it, and random bytes. The seed of each run is
 * printed, and `NIXRAY_TEST_SEED` repeats one.
 */
import fc from 'fast-check';

export { seeded } from '../../kit/seed';

/** Programs with every construct in them, some of them broken. */
export const programs: readonly string[] = [
  `{ lib, stdenv ? null, fetchurl, ... }@args:

# A package.
let
  inherit (lib) optional optionals;
  version = "1.\${toString 2}"; /* the version */
  f = x: { y ? 1, z }: x + y * z;
in
stdenv.mkDerivation rec {
  pname = "hello";
  inherit version;
  src = fetchurl {
    url = "mirror://gnu/hello/\${pname}-\${version}.tar.gz";
    sha256 = "0ssi1wpaf7plaswqqjwigppsg5fyh99vdlb9kzl7c9lng89ndq1i";
  };
  buildInputs = [ lib.a (f 1 { z = 2; }) ] ++ optional (args ? gtk && !stdenv.isDarwin) gtk;
  meta = with lib; { license = licenses.gpl3; maintainers = [ maintainers.a ]; };
  postInstall = ''
    echo \${pname}
      indented ''\${x} ''' ''\\n
  '';
}
`,
  `rec {
  a.b.c = 1;
  a.b.d = 2;
  "quoted \${a.b.c}" = x.y or z.\${w} or 3;
  \${"dynamic"} = if a then b else c -> d;
  e = assert a; let { body = 1; x = body; };
  g = ./path/\${a}/b + ~/home + <nixpkgs/lib> + http://example.org/x;
  h = -1 - 2 // 3 ++ [ ] == 4 || !5 && 6 < 7;
  i = { }: { }; j = { }; k = { a, b ? 2, }: a;
  or = f or g;
}
`,
  `let a = 1; b = let c = 2; in c; in { x = a; y = { z = b; }; }`,
  `{ a = ; b = lib.; c = [ 1 2; d = (3; e = "x\${ 4; f }"; g = 1 h = 2; i 5; j }`,
  `{ a b }: { \${x} = { y = 1; }; inherit \${x} "y" (z) w; }`,
  `let \${ { a = 1; b = 2; } } = 1; in { inherit "a\${ { q = 1; r = 2; } }"; }`,
  `with import <nixpkgs> { }; { a = 1 == 2 == 3; b = { c = ]; d = 2; }; } )`,
  `{\r\n  a = "x\r\ny";\r\n  b = ''\r\n  z\r\n'';\r\n}`,
  `{ a = 1; /* open  b = 2; }`,
  '',
];

/** What an edit puts in. */
const pieces: readonly string[] = [
  ...'{}[]()"\'`;:,.=?@!-+*/<>|&$#~ \n\t_a1\\\0\xe9',
  "''",
  '${',
  '/*',
  '*/',
  '# c\n',
  ' in ',
  ' let ',
  ' rec ',
  ' or ',
  ' x = 1; ',
  ' x.y = ',
  ' = 1;',
  '${x} = 1;',
  '"${x}".a = ',
  'inherit a;',
  '{ a = 1; }',
  '{ a }',
  '${ { a = 1; } }',
  '"s"',
  './p/${a}',
  ' if ',
  ' then ',
  ' else ',
  ' with a; ',
  ' assert ',
  '...',
  'a: ',
  '{ a, b ? 1 }: ',
  '==',
  ' |> ',
];

export const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...programs) },
  {
    weight: 2,
    arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((all) => all.join('')),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.nat(255), { maxLength: 60 })
      .map((bytes) => bytes.map((byte) => String.fromCharCode(byte)).join('')),
  },
);

/** An edit whose place is a part of the text's length, so that it fits every text. */
export interface RelativeEdit {
  readonly place: number;
  /** Whether it begins where the next word does, as most edits of people do. */
  readonly atWord: boolean;
  readonly removed: number;
  readonly text: string;
}

export const anyEdit: fc.Arbitrary<RelativeEdit> = fc.record({
  place: fc.double({ min: 0, max: 1, noNaN: true }),
  atWord: fc.boolean(),
  removed: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(3), fc.nat(30)),
  text: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...pieces) },
    { weight: 1, arbitrary: fc.constant('') },
    {
      weight: 1,
      arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((all) => all.join('')),
    },
  ),
});

/** The edit's range and text in `text`. */
export function placed(edit: RelativeEdit, text: string): { start: number; end: number; text: string } {
  const place = Math.floor(edit.place * text.length);
  const start = edit.atWord ? place + text.slice(place).search(/(?<=\s)\S|$/) : place;
  return { start, end: Math.min(text.length, start + edit.removed), text: edit.text };
}
