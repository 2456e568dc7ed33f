/**
 * The names that the builders of nixpkgs know in the set they are called with, and in its `meta`.
 * Nixpkgs manual: "The Standard Environment", "Meta-attributes", "Languages and frameworks".
 */
import type { Bytes } from '../base/bytes';
import type { ParsedFile } from '../syntax/parse';
import { BinaryOperator, Kind, staticName, type AttributeName } from '../syntax/tree';
import { nodesAt, type PlacedNode } from '../syntax/walk';
import { calleeName } from '../analysis/option-path';

/** Names, and a few words about each. */
type Names = Readonly<Record<string, string>>;

/** What happens in a phase, for the hooks around it. */
const phases = {
  Unpack: 'the sources are unpacked',
  Patch: 'the patches are applied',
  Configure: 'the build is configured',
  Build: 'the package is built',
  Check: 'the tests are run',
  Install: 'what was built is installed',
  Fixup: 'what was installed is mended for the store',
  InstallCheck: 'what was installed is tested',
};

const ofDerivation: Names = {
  pname: 'the name of the package without its version',
  version: 'the version of the package',
  name: 'the name with the version, where there is no `pname`',
  src: 'the source: a path or what a fetcher gives',
  srcs: 'several sources',
  sourceRoot: 'the folder of the unpacked source to build in',
  patches: 'patches that are applied in their order',
  patchFlags: 'flags of `patch`, instead of `-p1`',
  nativeBuildInputs: 'tools that run while it is built',
  buildInputs: 'libraries that it is built with and needs when it runs',
  propagatedBuildInputs: 'libraries that whatever is built with this one needs as well',
  propagatedNativeBuildInputs: 'tools that whatever is built with this one needs as well',
  nativeCheckInputs: 'tools that the tests run',
  checkInputs: 'libraries that the tests need',
  nativeInstallCheckInputs: 'tools that the tests of what was installed run',
  depsBuildBuild: 'compilers and libraries for programs that run while it is built',
  strictDeps: 'whether tools and libraries are kept apart',
  configureFlags: 'flags of the configure script',
  configureScript: 'the configure script, instead of `./configure`',
  cmakeFlags: 'flags of CMake',
  mesonFlags: 'flags of Meson',
  ninjaFlags: 'flags of Ninja',
  makeFlags: 'flags of Make in all phases',
  makefile: 'the makefile, instead of `Makefile`',
  buildFlags: 'flags and targets of Make in the build phase',
  checkFlags: 'flags of Make in the check phase',
  checkTarget: 'the target of Make that runs the tests',
  installFlags: 'flags of Make in the install phase',
  installTargets: 'the targets of Make in the install phase, instead of `install`',
  enableParallelBuilding: 'whether Make runs several jobs at a time',
  env: 'variables of the environment, each a string',
  outputs: 'the outputs, such as `out`, `dev` and `man`',
  passthru: 'attributes of the package that are no part of its build',
  meta: 'what users should know of the package',
  doCheck: 'whether the tests are run',
  doInstallCheck: 'whether what was installed is tested',
  dontUnpack: 'whether nothing is unpacked',
  dontPatch: 'whether no patch is applied',
  dontConfigure: 'whether nothing is configured',
  dontBuild: 'whether nothing is built',
  dontInstall: 'whether nothing is installed',
  dontFixup: 'whether nothing is mended for the store',
  dontStrip: 'whether debug symbols stay in the files',
  dontPatchELF: 'whether the paths of libraries stay as they are',
  dontPatchShebangs: 'whether the interpreters of scripts stay as they are',
  separateDebugInfo: 'whether debug symbols get an output of their own',
  hardeningDisable: 'what the compiler should not do for safety',
  hardeningEnable: 'what the compiler should do for safety besides',
  allowedReferences: 'the only store paths that the output may refer to',
  disallowedReferences: 'store paths that the output may not refer to',
  preferLocalBuild: 'whether to build it here rather than on another machine',
  allowSubstitutes: 'whether it may come from a cache',
  outputHash: 'the hash of an output that is known beforehand',
  outputHashAlgo: 'the algorithm of that hash',
  outputHashMode: 'whether that hash is of a file or of a whole tree',
  shellHook: 'what a shell for the package runs first',
  __structuredAttrs: 'whether the builder gets the attributes as JSON',
  ...Object.fromEntries(
    Object.entries(phases).flatMap(([phase, what]) => {
      const name = `${phase[0]!.toLowerCase()}${phase.slice(1)}Phase`;
      return [
        [name, `how ${what}, instead of the usual way`],
        [`pre${phase}`, `runs before ${what}`],
        [`post${phase}`, `runs after ${what}`],
      ];
    }),
  ),
};

const ofShell: Names = {
  packages: 'programs and libraries that the shell has',
  inputsFrom: 'packages whose dependencies the shell has',
};

const ofPython: Names = {
  pyproject: 'whether it is built as `pyproject.toml` says',
  'build-system': 'packages that build it',
  dependencies: 'packages that it needs when it runs',
  'optional-dependencies': 'packages for each of its extras',
  pythonImportsCheck: 'modules that have to be importable',
  pythonRelaxDeps: 'dependencies whose versions do not matter',
  pythonRemoveDeps: 'dependencies that it does without',
  disabled: 'whether the version of Python is a wrong one',
  disabledTests: 'names of tests that are not run',
  disabledTestPaths: 'files of tests that are not run',
  format: 'how it is built, such as `setuptools`',
};

const ofGo: Names = {
  vendorHash: 'the hash of its dependencies, or null where they are in the source',
  proxyVendor: 'whether dependencies are fetched by a proxy',
  subPackages: 'the packages to build',
  modRoot: 'the folder of the module',
  ldflags: 'flags of the linker',
  tags: 'build tags',
};

const ofRust: Names = {
  cargoHash: 'the hash of its dependencies',
  cargoLock: 'where its lock file is, instead of the hash',
  cargoBuildFlags: 'flags of `cargo build`',
  cargoTestFlags: 'flags of `cargo test`',
  buildFeatures: 'features to build',
  buildNoDefaultFeatures: 'whether the default features are left out',
  buildType: '`release` or `debug`',
  buildAndTestSubdir: 'the folder of the crate',
};

const ofNpm: Names = {
  npmDepsHash: 'the hash of its dependencies',
  npmBuildScript: 'the script that builds it, instead of `build`',
  npmBuildFlags: 'flags of that script',
  npmFlags: 'flags of all commands of npm',
  npmInstallFlags: 'flags of `npm install`',
  dontNpmBuild: 'whether there is nothing to build',
  makeCacheWritable: 'whether the cache may be written',
};

const ofMeta: Names = {
  description: 'what it is, in a few words',
  longDescription: 'what it is, in some paragraphs',
  homepage: 'the page of the project',
  downloadPage: 'the page with its releases',
  changelog: 'the page with its changes',
  license: 'a license of `lib.licenses`, or a list of them',
  sourceProvenance: 'whether it is built from source, a list of `lib.sourceTypes`',
  maintainers: 'who looks after it, a list of `lib.maintainers`',
  teams: 'the teams that look after it',
  mainProgram: 'the program that `nix run` starts',
  platforms: 'the systems that it is for, such as `lib.platforms.linux`',
  badPlatforms: 'systems that it is not for',
  hydraPlatforms: 'the systems that it is built for in the caches',
  priority: 'whose files win where those of two packages are in conflict, the lower one',
  outputsToInstall: 'the outputs that are installed',
  broken: 'whether it does not work',
  knownVulnerabilities: 'why it is not safe',
};

/** By what the function is called that makes a package of the set. */
const builders: readonly (readonly [RegExp, Names])[] = [
  [/^(?:mkDerivation|overrideAttrs|overrideDerivation)$/, ofDerivation],
  [/^mkShell(?:NoCC)?$/, { ...ofShell, ...ofDerivation }],
  [/^buildPython(?:Package|Application)$/, { ...ofPython, ...ofDerivation }],
  [/^buildGo\d*Module$/, { ...ofGo, ...ofDerivation }],
  [/^buildRustPackage$/, { ...ofRust, ...ofDerivation }],
  [/^buildNpmPackage$/, { ...ofNpm, ...ofDerivation }],
];

/**
 * The names that a set which becomes a package may bind, behind the first ones of a path; none for other sets.
 * @param around the nodes around the binding, the root first, the set last
 */
export function derivationNames(around: readonly PlacedNode[], names: readonly AttributeName[]): Names {
  const path = names.map(staticName);
  for (let i = around.length - 1; i > 0; i--) {
    const { node } = around[i]!;
    const outer = around[i - 1]!.node;
    if (outer.kind === Kind.Call) {
      if (node === outer.callee) return {};
      const builder = calleeName(outer) ?? '';
      const known = builders.find(([pattern]) => pattern.test(builder))?.[1];
      if (known !== undefined && outer.args.length === 1) return below(known, path);
      // What a function for conditions gives is part of the set around.
      if (!/^optionalAttrs$|^recursiveUpdate$/.test(builder) || node !== outer.args.at(-1)) return {};
    } else if (outer.kind === Kind.Binding) path.unshift(...outer.path.names.map(staticName));
    else if (!isTransparent(outer, node)) return {};
  }
  return {};
}

function below(names: Names, path: readonly (Bytes | undefined)[]): Names {
  if (path.length === 0) return names;
  return path.length === 1 && path[0] === 'meta' ? ofMeta : {};
}

/** Whether a node's value is that of a child, or a set that the child's binding is in. */
function isTransparent(node: PlacedNode['node'], child: PlacedNode['node']): boolean {
  switch (node.kind) {
    case Kind.AttributeSet:
    case Kind.Parenthesised:
      return true;
    case Kind.Lambda:
    case Kind.Let:
    case Kind.With:
    case Kind.Assert:
      return node.body === child;
    case Kind.Binary:
      return node.operator === BinaryOperator.Update;
    default:
      return false;
  }
}

/** A sentence in Markdown about the name at an offset, if a builder of nixpkgs knows it there. */
export function describeDerivationName(parsed: ParsedFile, offset: number): string | undefined {
  const around = nodesAt(parsed, offset).reverse();
  const index = around.findLastIndex(({ node }) => node.kind === Kind.AttributePath);
  const binding = around[index - 1]?.node;
  if (binding?.kind !== Kind.Binding) return undefined;
  const { names } = binding.path;
  const place = names.findIndex((name) => name === around[index + 1]?.node);
  const name = place < 0 ? undefined : staticName(names[place]!);
  if (name === undefined) return undefined;
  const known = derivationNames(around.slice(0, index - 1), names.slice(0, place));
  return Object.hasOwn(known, name) ? `\`${name}\`: ${known[name]!}.` : undefined;
}
