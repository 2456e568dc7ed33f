/** Strings and paths, and the interpolations in them. */
import type { Bytes } from '../../base/bytes';
import { breakable, group, newline, onOneLine, separated, TextKind, type Document } from '../document';
import { isTerm, type StringLine, type TextLiteral, type TextOrInterpolation } from '../elements';
import { isAbsorbable, isSimple } from '../shapes';
import { TokenPrinter } from './tokens';

/** In an interpolation this much stays on one line, whatever is around it. */
const interpolationWidth = 30;

export abstract class StringPrinter extends TokenPrinter {
  protected quoted(lines: readonly StringLine[]): Document {
    return group([
      ...this.text('"'),
      ...lines.flatMap((line, i) => [...(i === 0 ? [] : this.text('\n')), ...this.line(line)]),
      ...this.text('"'),
    ]);
  }

  protected indented({ lines, indentation }: TextLiteral): Document {
    const print = (line: StringLine): Document =>
      indentation === undefined ? this.line(line) : this.rawLine(line, indentation);
    return group([
      ...this.text("''"),
      ...(lines.length > 1 ? breakable : []),
      ...this.nest(() => separated(newline, lines.map(print))),
      ...this.text("''"),
    ]);
  }

  /** A line whose start stays as it is written. */
  protected rawLine(line: StringLine, indentation: Bytes): Document {
    const [head, ...others] = line;
    if (head === undefined) return [];
    if (head.kind !== 'text') return [...this.text(indentation, TextKind.Raw), ...this.line(line)];
    const blanks = blanksOf(head.text);
    const text = head.text.slice(blanks.length);
    return [
      ...this.text(indentation + blanks, TextKind.Raw),
      ...this.nesting.offsetBy(blanks.length, () => this.line([{ kind: 'text', text }, ...others])),
    ];
  }

  protected line(line: StringLine): Document {
    const [head, next, ...others] = line;
    if (head?.kind === 'interpolation' && next === undefined) return this.onlyInterpolation('', head);
    const isSpace = head?.kind === 'text' && /^ *$/.test(head.text);
    if (isSpace && next?.kind === 'interpolation' && others.length === 0)
      return this.onlyInterpolation(head.text, next);
    if (head?.kind !== 'text') return line.flatMap((part) => this.part(part));
    return [
      ...this.text(head.text),
      ...this.nesting.offsetBy(blanksOf(head.text).length, () =>
        line.slice(1).flatMap((part) => this.part(part)),
      ),
    ];
  }

  /** An interpolation that has a line of a string to itself. */
  protected onlyInterpolation(
    before: Bytes,
    part: Extract<TextOrInterpolation, { kind: 'interpolation' }>,
  ): Document {
    const { expression, comments } = part;
    if (comments.length > 0) {
      if (before !== '')
        return [...this.text(before), ...this.nesting.offsetBy(before.length, () => this.part(part))];
      return group([
        ...this.text('${'),
        ...breakable,
        ...this.nest(() => group([...this.expression(expression), ...this.trivia(comments)])),
        ...breakable,
        ...this.text('}'),
      ]);
    }
    return [
      ...this.text(before),
      ...this.nesting.offsetBy(before.length, () =>
        group([...this.text('${'), ...this.nest(() => this.inside(expression)), ...this.text('}')]),
      ),
    ];
  }

  protected part(part: TextOrInterpolation): Document {
    if (part.kind === 'text') return this.text(part.text);
    const { expression, comments } = part;
    const around = (inner: Document): Document => [...this.text('${'), ...inner, ...this.text('}')];
    if (comments.length === 0 && isTerm(expression) && isAbsorbable(expression))
      return group(around(this.openTerm(expression)));
    const print = (): Document => group([...this.expression(expression), ...this.trivia(comments)]);
    if (comments.length === 0 && isSimple(expression)) {
      const written = this.expression(expression);
      return around(onOneLine(written) ?? written);
    }
    // It is printed as it is nested if it has lines of its own.
    const written = this.nest(print);
    const line = onOneLine(written, interpolationWidth);
    return group(around(line ?? [...breakable, ...written, ...breakable]));
  }
}

function blanksOf(text: Bytes): Bytes {
  return /^[ \t\v\f\r]*/.exec(text)![0];
}
