/**
 * Packages of a nixpkgs that is itself in the workspace. A line such as
 * `hello = callPackage ../applications/misc/hello { };` stands in a function that
 * is called once for each stage of the bootstrap, so what it calls is best seen
 * from outside: `(import <nixpkgs> { }).hello`.
 */
import { encodeUtf8, type Bytes } from '../base/bytes';
import type { Evaluator } from '../evaluator/evaluator';
import { selectPath } from '../evaluator/select-path';
import type { Host } from '../host/host';
import { nixpkgsAround } from '../host/nixpkgs-folder';
import { pathWithin } from '../host/path';
import { Kind, staticName } from '../syntax/tree';
import { nodesAt, type PlacedNode } from '../syntax/walk';
import { lazily } from '../values/thunk';
import type { Value } from '../values/value';
import { applicationAround, type CallPlace } from './call-places';
import type { CallSubject } from './calls';
import type { PathReference, PathReferences } from './path-references';

/** An attribute of the package set, and the place that binds it where one does. */
export interface PackageAttribute {
  readonly names: readonly string[];
  readonly call: { readonly subject: CallSubject; readonly place: CallPlace } | undefined;
}

/** How many files lie between a package and the top of the package set. */
const maxSets = 3;

/** Files whose sets are bound elsewhere than they are imported, and under which names. */
const knownSets: readonly (readonly [file: string, names: readonly string[]])[] = [
  ['pkgs/top-level/all-packages.nix', ['']],
  ['pkgs/top-level/python-packages.nix', ['pythonPackages', 'python3Packages']],
  ['pkgs/top-level/perl-packages.nix', ['perlPackages']],
  ['pkgs/top-level/ocaml-packages.nix', ['ocamlPackages']],
];

/** A package that the name of its folder binds, as nixpkgs does it since 23.11. */
const packageByName = /^pkgs\/by-name\/[^/]+\/([^/]+)\/package\.nix$/;

/** Functions that make a set of packages, and the attribute that has such a set. */
const setFunctions = new Map([['linuxPackagesFor', 'linuxPackages']]);

type ReferencesTo = (path: Bytes) => readonly PathReference[];

export class PackageSet {
  private constructor(
    private readonly root: Bytes,
    private readonly references: PathReferences,
    private readonly subject: (path: Bytes) => CallSubject | undefined,
  ) {}

  /** The package set that a file is part of; undefined where no folder above is a nixpkgs. */
  static around(
    host: Host,
    path: Bytes,
    references: PathReferences,
    subject: (path: Bytes) => CallSubject | undefined,
  ): PackageSet | undefined {
    const root = nixpkgsAround(host, path);
    return root === undefined ? undefined : new PackageSet(root, references, subject);
  }

  /** The attributes that may call the function of a file, those at the top first. */
  attributesOf(path: Bytes): PackageAttribute[] {
    return this.attributesBy((each) => this.references.to(each), path);
  }

  /**
   * The attributes that the files at the top of nixpkgs bind, which almost all packages have.
   * They are found without reading all of nixpkgs first.
   */
  attributesAtTop(path: Bytes): PackageAttribute[] {
    this.references.prepareFolder(`${this.root}/pkgs/top-level`);
    return this.attributesBy((each) => this.references.knownTo(each), path);
  }

  private attributesBy(referencesTo: ReferencesTo, path: Bytes): PackageAttribute[] {
    const name = packageByName.exec(pathWithin(path, this.root) ?? '')?.[1];
    const byName: PackageAttribute[] = name === undefined ? [] : [{ names: [name], call: undefined }];
    const found = [...this.attributes(referencesTo, path, maxSets), ...byName];
    return found.sort((a, b) => a.names.length - b.names.length);
  }

  /**
   * An attribute of the package set.
   * @param fresh whether the set is to be evaluated anew, since a package that is known already calls nothing
   */
  value(evaluator: Evaluator, names: readonly string[], fresh: boolean): Value {
    const { vm } = evaluator;
    return lazily(() => {
      const set = fresh
        ? this.evaluate(evaluator)
        : evaluator.shared(this.root, () => this.evaluate(evaluator));
      return selectPath(vm, set, names, 'while selecting a package');
    });
  }

  private evaluate(evaluator: Evaluator): Value {
    return lazily(() => evaluator.evaluateText('import ./. { }', this.root, encodeUtf8('«convention»')));
  }

  private attributes(referencesTo: ReferencesTo, path: Bytes, depth: number): PackageAttribute[] {
    const found: PackageAttribute[] = [];
    for (const { path: from, offset } of referencesTo(path)) {
      if (from === path || !from.startsWith(`${this.root}/pkgs/`)) continue;
      const subject = this.subject(from);
      if (subject === undefined) continue;
      const around = nodesAt(subject.parsed, offset).reverse();
      const place = applicationAround(around);
      if (place === undefined) continue;
      for (const names of this.namesOf(around))
        for (const set of this.setsOf(referencesTo, from, depth))
          found.push({ names: [...set, ...names], call: { subject, place } });
    }
    return found;
  }

  /** The attribute paths of the sets that a file makes. */
  private setsOf(referencesTo: ReferencesTo, path: Bytes, depth: number): (readonly string[])[] {
    const known = knownSets.find(([file]) => path === `${this.root}/${file}`);
    if (known !== undefined) return known[1].map((name) => (name === '' ? [] : [name]));
    return depth === 0 ? [] : this.attributes(referencesTo, path, depth - 1).map(({ names }) => names);
  }

  /**
   * What a place may be bound to in the set of its file, the innermost first: an
   * attribute, or one of several that are inherited.
   */
  private namesOf(around: readonly PlacedNode[]): string[][] {
    const found: string[][] = [];
    for (const { node } of around.toReversed()) {
      const names =
        node.kind === Kind.Binding
          ? node.path.names
          : node.kind === Kind.Inherit
            ? node.names.slice(0, 1)
            : [];
      const texts = names.map(staticName);
      if (texts.length === 0 || texts.includes(undefined)) continue;
      const path = texts as string[];
      // The attributes of a set that a function makes are found in the set that nixpkgs makes with it.
      const set = path.length === 1 ? setFunctions.get(path[0]!) : undefined;
      if (set === undefined) found.push(path);
      else found.unshift(...found.map((inner) => [set, ...inner]));
    }
    return found;
  }
}
