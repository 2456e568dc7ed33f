// Tokenises text with the extension's grammars, by the engine of VS Code itself.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as oniguruma from 'vscode-oniguruma';
import * as textmate from 'vscode-textmate';

export interface Token {
  readonly text: string;
  /** From the outside in, without the grammar's own root scope. */
  readonly scopes: readonly string[];
}

const root = join(__dirname, '..', '..', '..');
const syntaxes = join(root, 'client', 'syntaxes');

/** A Markdown grammar with nothing but its root, for the injection to attach to. */
const plainMarkdown = { scopeName: 'text.html.markdown', patterns: [], repository: {} };

const files: { readonly [scope: string]: string } = {
  'source.nix': 'nix.tmLanguage.json',
  'markdown.nix.codeblock': 'nix.markdown.tmLanguage.json',
  'source.nixray-bytecode': 'bytecode.tmLanguage.json',
};

let registry: textmate.Registry | undefined;

async function grammar(scope: string): Promise<textmate.IGrammar> {
  if (registry === undefined) {
    const wasm = createRequire(__filename).resolve('vscode-oniguruma/release/onig.wasm');
    await oniguruma.loadWASM(readFileSync(wasm));
    registry = new textmate.Registry({
      onigLib: Promise.resolve({
        createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
        createOnigString: (text) => new oniguruma.OnigString(text),
      }),
      loadGrammar: async (name) => {
        if (name === plainMarkdown.scopeName) return plainMarkdown as unknown as textmate.IRawGrammar;
        const file = files[name];
        if (file === undefined) return null;
        return textmate.parseRawGrammar(readFileSync(join(syntaxes, file), 'utf8'), file);
      },
      getInjections: (name) => (name === plainMarkdown.scopeName ? ['markdown.nix.codeblock'] : []),
    });
  }
  const loaded = await registry.loadGrammar(scope);
  if (loaded === null) throw new Error(`there is no grammar ${scope}`);
  return loaded;
}

/** The tokens of a text, without those that are white space alone. */
export async function tokenize(text: string, scope = 'source.nix'): Promise<Token[]> {
  const loaded = await grammar(scope);
  const tokens: Token[] = [];
  let state = textmate.INITIAL;
  for (const line of text.split('\n')) {
    const result = loaded.tokenizeLine(line, state);
    state = result.ruleStack;
    for (const { startIndex, endIndex, scopes } of result.tokens) {
      const part = line.slice(startIndex, endIndex);
      if (part.trim() !== '') tokens.push({ text: part, scopes: scopes.slice(1) });
    }
  }
  return tokens;
}
