/** Tokens, and the comments before and behind them. */
import type { Bytes } from '../../base/bytes';
import { emptyLine, hardLine, hardSpace, Nesting, TextKind, type Document } from '../document';
import type { Expression, Leaf, Term, Trivium } from '../elements';

export abstract class TokenPrinter {
  /** Any expression. */
  abstract expression(expression: Expression): Document;

  /** The same; a list is a group. */
  protected abstract term(term: Term): Document;

  /** A term that is no group, so that it breaks with what is around it. */
  protected abstract openTerm(term: Term): Document;

  /** A set that may not be on one line, if it is one. */
  protected abstract wideTerm(term: Term): Document;

  /** What is in parentheses, or alone in an interpolation. */
  protected abstract inside(inner: Expression): Document;

  /** What is bound, or a default: behind the sign, or on lines of its own. */
  protected abstract value(value: Expression): Document;

  /** Something with brackets of its own, which begins on the line. @param isWide whether a set may not be on one line */
  protected abstract absorbed(expression: Expression, isWide: boolean): Document;

  protected readonly nesting = new Nesting();

  protected text(text: Bytes, kind = TextKind.Plain): Document {
    return this.nesting.text(text, kind);
  }

  protected nest(make: () => Document): Document {
    return this.nesting.nest(make);
  }

  trivia(all: readonly Trivium[]): Document {
    if (all.length === 0) return [];
    const [only] = all;
    // The name of a language stays before its string.
    if (all.length === 1 && only!.kind === 'language') return this.trivium(only!);
    return [...hardLine, ...all.flatMap((each) => this.trivium(each))];
  }

  protected trivium(trivium: Trivium): Document {
    const comment = (text: Bytes): Document => this.text(text, TextKind.Comment);
    switch (trivium.kind) {
      case 'empty-line':
        return emptyLine;
      case 'line':
        return [...comment(`#${trivium.text}`), ...hardLine];
      case 'language':
        return [...comment(`/* ${trivium.text} */`), ...hardSpace];
      case 'disable':
        return this.text('', TextKind.Disabled);
      case 'disabled-rest':
        return this.text(trivium.lines, TextKind.VerbatimRest);
      case 'enable':
        return trivium.lines === undefined
          ? [...comment('/*nixfmt:enable*/'), ...hardLine]
          : [...this.text(trivium.lines, TextKind.Verbatim), ...hardLine];
      case 'block': {
        const start = comment(trivium.isDoc ? '/**' : '/*');
        const inner = this.nesting.offsetBy(2, () =>
          trivium.lines.flatMap((line) => (line === '' ? emptyLine : [...comment(line), ...hardLine])),
        );
        return [...start, ...hardLine, ...inner, ...comment('*/'), ...hardLine];
      }
    }
  }

  protected trailing(text: Bytes | undefined): Document {
    if (text === undefined) return [];
    return [...hardSpace, ...this.text(`# ${text}`, TextKind.TrailingComment), ...hardLine];
  }

  /** A token, or in its place a document that has its text. */
  protected leaf(leaf: Leaf, inner: () => Document = () => this.text(leaf.text)): Document {
    return [...this.trivia(leaf.before), ...inner(), ...this.trailing(leaf.behind)];
  }

  protected bare({ text }: Leaf): Document {
    return this.text(text);
  }

  /** Without the comment that ends the line. */
  protected opening(leaf: Leaf): Document {
    return [...this.trivia(leaf.before), ...this.bare(leaf)];
  }

  protected closing(leaf: Leaf): Document {
    return [...this.bare(leaf), ...this.trailing(leaf.behind)];
  }
}

/** A comment that ends its line comes before the token. */
export function moveUp(leaf: Leaf): void {
  if (leaf.behind === undefined) return;
  leaf.before = [...leaf.before, lineComment(leaf.behind)];
  leaf.behind = undefined;
}

export function lineComment(text: Bytes): Trivium {
  return { kind: 'line', text: ` ${text}` };
}
