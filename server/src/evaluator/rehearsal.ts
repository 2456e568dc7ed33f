/**
 * A small program that is run for no value, so that V8 knows the machine before
 * a large evaluation depends on it.
 *
 * V8 compiles a hot function for what it has met so far, and takes what it has
 * not met for impossible. When it comes after all, such as the first instruction
 * of a kind, or the first chunk that was translated, all code that relied on that
 * is dropped: the dispatch loop again and again, which takes V8 sixty
 * milliseconds each time. So the program meets early what large evaluations meet
 * late: every instruction, sets and lists however they were made, wide operands,
 * derivations, functions that become JavaScript.
 */
import { encodeUtf8 } from '../base/bytes';
import { counting } from '../base/tally';
import { learning } from '../base/v8-flags';
import { EmptyHost } from '../host/empty-host';
import { MemoryHost } from '../host/memory-host';
import { unlimited } from '../vm/limits';
import type { CodeCache } from './code-cache';
import type { Evaluator, EvaluatorOptions } from './evaluator';

/** Calls of a function until it becomes JavaScript: as many as the program's loops make. */
const hotRuns = 40;

/** So few that every place that calls finds that it is time for a look at the limits. */
const callsBetweenChecks = 3;

/** Wide operands come from more than 63 captures, and from more than 31 slots. */
const manyNames = Array.from({ length: 70 }, (_, i) => `v${i}`);

/** More names than a byte of an operand can number, each for a value of its own. */
const wideNames = Array.from({ length: 140 }, (_, i) => `w${i}`);

/** Instructions with an operand that takes more than a byte, in one chunk behind so many variables and constants. */
const wideOperands = `
  wideOperands = n: s: let
    ${wideNames.map((name, i) => `${name} = functor ${wideNames[i + 1] ?? 'n'};`).join(' ')}
  in
    assert "a constant" != s; assert s ? a && s.a == 1 && (s.a or 0) == 1 && (s.none or 0) == 0;
    assert functor (x: x + w139) != w138; assert (with s; a) == 1; assert (let inherit (s) b; in b) == 2;
    assert (functor { a = w139; }) != { a = w139; \${"b" + toString n} = w0; }; assert ({ a, b, ... }: a) s == 1;
    assert "${'${s.t}'.repeat(140)}" != ""; assert <rehearsal> != null; assert s.\${s.t} == s.t;
    assert (({ ${wideNames.map((name) => `${name} ? 0`).join(', ')}, last ? w139, ... }: last + w139) { }) == 0;
    [ ${wideNames.join(' ')} ] ++ functor [ ${wideNames.join(' ')} ];
`;

const program = `
let
  inherit (builtins)
    attrNames attrValues concatLists concatMap concatStringsSep deepSeq elem elemAt filter foldl' genList head
    intersectAttrs isAttrs isFunction isList isString length listToAttrs mapAttrs removeAttrs split
    stringLength substring tail;

  each = functions: values: map (value: map (f: f value) functions) values;
  # A selection remembers where it found its name the last time.
  doubled = concatMap (value: [ value value ]);

  setsOf = n: rec {
    literal = { a = n; b = n + 1; };
    dynamic = { a = n; b.c = n; \${"d" + toString n} = n; };
    recursive = rec { a = b; b = n; };
    updated = literal // { b = n; e = { x = n; }; };
    nested = dynamic // updated // { a1 = 1; a2 = 2; a3 = 3; a4 = 4; a5 = 5; a6 = 6; a7 = 7; a8 = 8; };
    listed = listToAttrs [ { name = "a"; value = n; } { name = "b"; value = "b"; } ];
    mapped = mapAttrs (name: value: value) { a = 1; b = 2; };
    named = mapAttrs (name: value: name) mapped;
    removed = removeAttrs updated [ "e" "none" ];
    common = intersectAttrs mapped updated;
    package = { outPath = "/p"; type = "derivation"; a = literal; b = literal; };
    inherited = { inherit (literal) a; inherit (updated) b; };
  };

  # Names that the compiler does not know.
  computed = head [ "a" ];
  absent = head [ "none" ];

  ofSet = [
    (s: s.a) (s: s.b) (s: s.a or 0) (s: s.none or 0) (s: s.a.none or 0) (s: s.\${computed})
    (s: s.\${computed} or 0) (s: s.\${absent} or 0) (s: s.a.\${absent} or 0)
    (s: s ? a) (s: s ? none) (s: s ? a.none) (s: s ? \${computed}) (s: s.a ? \${computed})
    (s: with s; a) (s: with s; with { b = 1; }; [ a b ]) (s: attrNames (s // { z = 1; })) (s: attrNames ({ a = 0; } // s))
    (s: s == { a = 1; b = 2; }) (s: s == s) (s: length (attrValues s)) isAttrs isList (s: elem 1 [ s ])
    ({ a, b, ... }: a) ({ a, b ? 1, c ? a, d ? [ b c ], ... }@all: [ all.b c (head d) ]) (s: s.outPath or "")
  ];

  listsOf = n: [ [ ] [ n ] [ 1 2 3 ] [ n "s" { } ] (map (x: x) [ 1 2 ]) (genList (i: i) 2) (concatLists [ [ n ] [ 1 ] ]) ([ n ] ++ [ "s" ]) (filter isAttrs [ { } n ]) ];

  ofList = [
    length (l: l ++ [ 1 ]) (l: [ ] ++ l) (l: l ++ l) (elem 2) (map (x: [ x ])) (filter isString) (l: l == [ 1 2 3 ]) (l: l == l)
    (foldl' (count: x: count + 1) 0) (l: if l == [ ] then null else [ (head l) (elemAt l 0) (tail l) ])
  ];

  plainTexts = n: [ "text" "a\${toString n}" (substring 0 1 "text") ];
  texts = n: plainTexts n ++ [ (concatStringsSep "," [ "a" "\${package}" ]) "\${package}/bin" ];

  ofText = [
    stringLength (t: t == "text") (t: "x" + t) (t: t + "\${package}") (t: "\${t}-\${t}") (t: t < "u") (t: toString [ 1 t [ t ] true null ])
    (substring 0 2) (split "t")
  ];
  ofPlainText = [ (t: "\${{ __toString = self: t; }}") (t: { \${t} = 1; }.\${t}) (t: /folder + "/\${t}") (t: /folder/\${t}) (t: toString (/folder + t)) (t: [ <rehearsal> ]) ];

  package = derivation { name = "package"; system = "none"; builder = "/bin/sh"; args = [ "-c" "exit" ]; outputs = [ "out" "doc" ]; };
  dependent = n: derivation {
    name = "dependent"; system = "none"; builder = "\${package}/bin/sh"; inputs = [ package package.doc ];
    script = builtins.toFile "script" "text"; count = n; flag = true; nothing = null;
  };

  ofNumber = [
    (n: n + 1) (n: n - 1) (n: n * 2) (n: n / 2) (n: -n) (n: n + 0.5) (n: n < 2) (n: n <= 2) (n: n > 2) (n: n >= 2) (n: n < 1.5) (n: n == 1.5) (n: 1.5 == n) (n: n == 1) (n: n != 1)
    (n: n == 1 && n < 5 || !(n == 3)) (n: n == 1 -> n == 2) (n: assert n == n; n) (n: n == "1") (n: n.a or 1) (n: [ isAttrs isFunction n ])
  ];

  add = a: b: c: d: a + b + c + d;
  functor = { __functor = self: a: a; };
  calls = n: [ (add n 1 2 3) (map (add n 1 2) [ n 1 ]) (map (foldl' (a: b: a + b) n) [ [ 1 ] [ n ] ]) (functor n) (map functor [ n ]) ];

  wide = n: let ${manyNames.map((name, i) => `${name} = ${i < 40 ? 'n' : `functor ${i}`};`).join(' ')} in
    map (x: [ x ${manyNames.join(' ')} ]) [ n v0 ];

  ${wideOperands}
  down = n: if n == 0 then 0 else down (n - 1);
  sum = n: if n == 0 then 0 else n + sum (n - 1);
  both = a: b: if a == 0 then b else both (a - 1) (b + 1);
  twice = a: b: if a == 0 then b else twice (a - 1) (b + 2);
  within = s: if s.n == 0 then s else within { n = s.n - 1; };
  loops = n: [ (down n) (sum n) (both n 1) (twice n 1) (within { inherit n; }) ];

  rare = n: [ (rec { __overrides = { x = n; }; x = 1; y = x; }).y ];

  all = let n = 1; in [
    (each ofSet (doubled (attrValues (setsOf n)))) (each ofList (listsOf n)) (each ofText (texts n)) (each ofPlainText (plainTexts n)) (each ofNumber [ n 1 ])
    (calls n) (rare n) (wide n) (wideOperands n { a = 1; b = 2; t = "t"; }) (dependent n).drvPath package.doc.outPath
  ];
in
deepSeq (all ++ map loops [ ${hotRuns + 1} 1 2 ]) null
`;

const path = '/rehearsal.nix';

/** What an evaluator needs to run the program. */
export function rehearsalOptions(): EvaluatorOptions {
  const host = new MemoryHost(new EmptyHost());
  host.set(path, encodeUtf8(program));
  const limits = { ...unlimited(), callsBetweenChecks };
  return { host, searchPath: [`rehearsal=${path}`], hotRuns, limits };
}

/** Kept, since V8 drops code that relied on what is gone. */
let rehearsed: Pick<Evaluator, 'importFile'> | undefined;

/** Runs the program, once in a process. `codeCache` may know its code. */
export function rehearse(
  create: (options: EvaluatorOptions) => Pick<Evaluator, 'importFile'>,
  codeCache: CodeCache | undefined,
): void {
  // What counts everything would count the program, too.
  if (rehearsed !== undefined || counting) return;
  rehearsed = create({ ...rehearsalOptions(), ...(codeCache && { codeCache }) });
  try {
    learning(() => rehearsed!.importFile(path));
  } catch {
    // Where little of the stack is left the program may not end; no evaluation fails by what is only for speed.
  }
}
