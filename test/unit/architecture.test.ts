// The one direction of dependencies: which folder may import which, who may know
// the protocol, and that no files import each other in a circle.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

const root = join(__dirname, '../..');

interface Import {
  /** The file that imports, from the root of the repository. */
  readonly from: string;
  /** The file that is imported, from the root, or the name of a package. */
  readonly to: string;
  readonly typeOnly: boolean;
}

/**
 * Which folders of server/src a folder may import, besides itself. `types` are
 * those of which it may name nothing but types. What a folder may import, those
 * above it in the list never import back.
 */
const allowed: Readonly<Record<string, { readonly all: string; readonly types?: string }>> = {
  base: { all: '' },
  syntax: { all: 'base' },
  names: { all: 'base syntax' },
  formatter: { all: 'base syntax' },
  // Byte code names values by type only; it knows neither syntax nor machine.
  bytecode: { all: 'base', types: 'values' },
  values: { all: 'base', types: 'bytecode' },
  host: { all: 'base' },
  git: { all: 'base host' },
  compiler: { all: 'base syntax names bytecode values host' },
  vm: { all: 'base bytecode values host' },
  profile: { all: 'base host', types: 'bytecode values vm' },
  store: { all: 'base values host', types: 'vm' },
  builtins: { all: 'base bytecode values host git vm store' },
  // What uses the network: evaluation, which never does, cannot reach it.
  download: { all: 'base values host store' },
  evaluator: { all: 'base syntax names bytecode values host compiler vm store builtins' },
  analysis: { all: 'base syntax names bytecode values host compiler vm store builtins evaluator' },
  service: {
    all: 'base syntax host values vm evaluator analysis',
  },
  diagnostics: {
    all: 'base syntax names bytecode values host compiler vm store builtins evaluator analysis',
  },
  features: {
    all: 'base syntax names bytecode values host compiler vm store builtins evaluator analysis diagnostics',
  },
  lsp: {
    all: 'base syntax names formatter host download evaluator analysis diagnostics features',
  },
  'command-line': {
    all: 'base syntax names formatter bytecode values host compiler vm profile store builtins evaluator analysis service diagnostics features download',
  },
};

/** Files beside the folders: each starts a program, and nothing imports it. */
const entries = new Set(['server/src/main.ts', 'server/src/cli.ts', 'server/src/thread.ts']);

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => join(folder, file).replaceAll('\\', '/'));
}

/** The imports, exports from and dynamic imports of a file. */
function importsOf(file: string, files: ReadonlySet<string>): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const found: Import[] = [];
  const add = (specifier: ts.Expression | ts.TypeNode, typeOnly: boolean): void => {
    const literal = ts.isLiteralTypeNode(specifier) ? specifier.literal : specifier;
    if (!ts.isStringLiteral(literal)) return;
    const to = literal.text.startsWith('.') ? resolved(file, literal.text, files) : literal.text;
    found.push({ from: file, to, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node.importClause));
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node)) add(node.argument, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0]!, false);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** `import type …`, or an import of which each name is marked as a type. */
function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const { name, namedBindings } = clause;
  if (name !== undefined || namedBindings === undefined || ts.isNamespaceImport(namedBindings)) return false;
  return namedBindings.elements.every((element) => element.isTypeOnly);
}

function resolved(from: string, specifier: string, files: ReadonlySet<string>): string {
  const path = join(dirname(from), specifier).replaceAll('\\', '/');
  const found = [path, `${path}.ts`, `${path}/index.ts`].find((candidate) => files.has(candidate));
  return found ?? path;
}

const serverFiles = sources('server/src');
const clientFiles = sources('client/src');
const sharedFiles = sources('shared/src');
const files = new Set([...serverFiles, ...clientFiles, ...sharedFiles]);
const imports = [...files].flatMap((file) => importsOf(file, files));

const shown = ({ from, to, typeOnly }: Import): string =>
  `${from} imports ${typeOnly ? 'types of ' : ''}${to}`;

/** The folder of server/src that a file is in, or undefined for others. */
function folderOf(file: string): string | undefined {
  return /^server\/src\/([^/]+)\//.exec(file)?.[1];
}

const isPackage = (to: string): boolean => !files.has(to) && !to.includes('/src/');

describe('the architecture', () => {
  it('is about all folders there are', () => {
    const folders = new Set(serverFiles.map((file) => folderOf(file) ?? file));
    const unknown = [...folders].filter((folder) => !(folder in allowed) && !entries.has(folder));
    assert.deepEqual(unknown, []);
  });

  it('finds every file that is imported', () => {
    const broken = imports.filter(({ to }) => /^(server|client|shared)\/src\//.test(to) && !files.has(to));
    assert.deepEqual(broken.map(shown), []);
  });

  it('imports in one direction', () => {
    const wrong = imports.filter(({ from, to, typeOnly }) => {
      const folder = folderOf(from);
      const other = folderOf(to);
      if (folder === undefined || other === undefined || folder === other) return false;
      const { all, types = '' } = allowed[folder] ?? { all: '' };
      return !all.split(' ').includes(other) && !(typeOnly && types.split(' ').includes(other));
    });
    assert.deepEqual(wrong.map(shown), []);
  });

  it('is told in the order of these rules', () => {
    const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
    const told = [...text.matchAll(/^- `server\/src\/([^/`]+)\/`/gm)].map((match) => match[1]);
    assert.deepEqual(told, Object.keys(allowed));
  });

  it('has rules that themselves go in one direction', () => {
    const order = Object.keys(allowed);
    const back = Object.entries(allowed).flatMap(([folder, { all }]) =>
      all
        .split(' ')
        .filter((other) => other !== '' && order.indexOf(other) >= order.indexOf(folder))
        .map((other) => `${folder} may import ${other}`),
    );
    assert.deepEqual(back, []);
  });

  // Types may go in circles: a machine and its operations, a value and its context, name each other.
  it('has no file that imports itself over others, but for types', () => {
    const graph = new Map<string, string[]>();
    for (const { from, to, typeOnly } of imports) {
      if (typeOnly || !files.has(to)) continue;
      graph.set(from, [...(graph.get(from) ?? []), to]);
    }
    assert.deepEqual(circles(graph), []);
  });

  it('keeps compiler and machine apart', () => {
    const between = imports.filter(
      ({ from, to }) =>
        (folderOf(from) === 'compiler' && folderOf(to) === 'vm') ||
        (folderOf(from) === 'vm' && folderOf(to) === 'compiler'),
    );
    assert.deepEqual(between.map(shown), []);
  });

  it('lets only lsp/ and main.ts know the protocol library', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        /^vscode-(languageserver|jsonrpc)/.test(to) &&
        from.startsWith('server/') &&
        folderOf(from) !== 'lsp' &&
        from !== 'server/src/main.ts',
    );
    assert.deepEqual(wrong.map(shown), []);
  });

  it('lets the server import no editor, and the client shared/ alone', () => {
    const wrong = imports.filter(({ from, to }) => {
      if (from.startsWith('server/'))
        return to === 'vscode' || /^vscode-languageclient/.test(to) || to.startsWith('client/');
      if (!from.startsWith('client/')) return false;
      if (isPackage(to)) return !/^(vscode|vscode-languageclient(\/.*)?|node:.*)$/.test(to);
      return !to.startsWith('client/') && !to.startsWith('shared/');
    });
    assert.deepEqual(wrong.map(shown), []);
  });

  it('lets only what talks to people and editors know shared/', () => {
    const known = ['lsp', 'command-line', 'download'];
    const wrong = imports.filter(
      ({ from, to }) =>
        from.startsWith('server/src/') &&
        to.startsWith('shared/') &&
        !known.includes(folderOf(from) ?? '') &&
        !entries.has(from),
    );
    assert.deepEqual(wrong.map(shown), []);
  });

  it('has nothing that shared/ imports', () => {
    const outside = imports.filter(({ from, to }) => from.startsWith('shared/') && !to.startsWith('shared/'));
    assert.deepEqual(outside.map(shown), []);
  });

  it('lets nothing import what starts a program', () => {
    const wrong = imports.filter(({ to }) => entries.has(to));
    assert.deepEqual(wrong.map(shown), []);
  });

  it('says at the top of each file what it is for', () => {
    const silent = [...files].filter(
      (file) => !/^(?:\/\*\*|\/\/)/.test(readFileSync(join(root, file), 'utf8')),
    );
    assert.deepEqual(silent, []);
  });

  it('has no barrels', () => {
    const barrels = [...files].filter((file) => /(^|\/)index\.ts$/.test(file));
    assert.deepEqual(barrels, []);
  });

  it('names files in kebab case', () => {
    const wrong = [...files].filter(
      (file) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.d)?\.ts$/.test(file.split('/').at(-1)!),
    );
    assert.deepEqual(wrong, []);
    assert.deepEqual(
      [...files].filter((file) => /\b(utils?|helpers?|misc|common)\b/.test(relative('server/src', file))),
      [],
    );
  });
});

/** The strongly connected components of more than one file, sorted. */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): void => {
    index.set(file, index.size);
    low.set(file, index.get(file)!);
    stack.push(file);
    for (const next of graph.get(file) ?? []) {
      if (!index.has(next)) {
        visit(next);
        low.set(file, Math.min(low.get(file)!, low.get(next)!));
      } else if (stack.includes(next)) low.set(file, Math.min(low.get(file)!, index.get(next)!));
    }
    if (low.get(file) !== index.get(file)) return;
    const component = stack.splice(stack.indexOf(file));
    if (component.length > 1) found.push(component.sort());
  };
  for (const file of graph.keys()) if (!index.has(file)) visit(file);
  return found.sort((a, b) => (a[0]! < b[0]! ? -1 : 1));
}
