/** Programs that fail, each in another way; they stand beside a file `other.nix` with `{ a = 1; }`. */
export const failingPrograms: Readonly<Record<string, string>> = {
  'a missing attribute': '{ a = { b = 1; }; c = (import ./other.nix).b; }',
  'an assertion': 'let f = { x, y ? 2 }: assert x == y; x; in f { x = 1; }',
  'a throw in a nested path': '{ a.b.c = throw "no"; a.d = 1; }',
  'an unknown argument': '({ a }: a) { a = 1; b = 2; }',
  'an inherited name': 'let "a b" = throw "x"; in { inherit "a b"; }',
  'infinite recursion': 'let x = { y = x.y; }; in x',
  'a wrong type in a default': '({ a ? 1 + "x" }: a) { }',
  'an unknown name behind with': 'with { }; missing',
};
