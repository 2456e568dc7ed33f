/** Bindings and `inherit`, and the attribute paths of bindings and selections. */
import { Frame } from './frames';
import {
  type AttributeName,
  AttributePathNode,
  AttributeSetNode,
  type BindingLike,
  BindingNode,
  DynamicNameNode,
  type Expression,
  HasAttributeNode,
  IdentifierNode,
  InheritNode,
  Kind,
  LegacyLetNode,
  SelectNode,
  staticName,
} from '../tree';
import { Token, startsSimple } from '../tokens';
import { startsExpression } from './recovery';
import { Step } from './step';
import { LiteralParser } from './literals';

/** What messages say is expected where names are. */
const expectedName = `identifier or 'or' or '\${' or '"'`;

/** The layer of what stands between the braces of a set, and of paths of names anywhere. */
export abstract class BindingParser extends LiteralParser {
  /** Among bindings, before one or before what closes them. */
  protected bindings(): Step {
    const lexer = this.lexer;
    const frame = this.frames[this.height]!;
    switch (lexer.kind) {
      case Token.Identifier:
      case Token.Or:
      case Token.Quote:
      case Token.DollarCurly:
        this.push(Frame.BindingPath, lexer.start, 0);
        return Step.Name;
      case Token.Inherit:
        return this.inherit();
      case Token.BraceClose:
        if (frame === Frame.Let) break;
        lexer.next();
        return this.bindingsDone(frame);
      case Token.In:
        if (frame !== Frame.Let) break;
        lexer.next();
        return this.bindingsDone(frame);
    }
    this.unexpected(this.expectedAmongBindings(frame));
    if (lexer.kind !== Token.Semicolon && this.isTaken()) return this.bindingsDone(frame);
    this.skipToBinding();
    return Step.Bindings;
  }

  protected expectedAmongBindings(frame: Frame): string {
    if (frame === Frame.Let) return `'in' or 'inherit'`;
    // Only a set that is not `rec` has come to this point by way of a rule for at least one binding.
    const plain = frame === Frame.AttributeSet && this.data[this.height] === 0;
    return plain ? `'inherit'` : `'inherit' or '}'`;
  }

  /** The bindings of a set are closed, or what follows belongs to an outer frame. */
  protected bindingsDone(frame: Frame): Step {
    const base = this.bases[this.height]!;
    const start = this.frameStarts[this.height]!;
    if (frame === Frame.Let) {
      this.frames[this.height] = Frame.LetBody;
      return Step.Expression;
    }
    const bindings = this.takeNodes<BindingLike>(base);
    const bindingsAt = this.takeStarts(base, start);
    const width = this.lexer.previousEnd - start;
    this.complete(
      frame === Frame.LegacyLet
        ? new LegacyLetNode(width, bindings, bindingsAt)
        : new AttributeSetNode(width, this.data[this.height] === 1, bindings, bindingsAt),
    );
    return Step.SimpleDone;
  }

  /** Skips what is no binding, up to the next one or to what ends bindings. */
  protected skipToBinding(): void {
    const lexer = this.lexer;
    do {
      const semicolon = lexer.kind === Token.Semicolon;
      this.skipToken();
      if (semicolon) return;
      if (lexer.kind === Token.Inherit) return;
      if (lexer.kind === Token.Identifier && lexer.assignmentBehind() >= 0) return;
    } while (lexer.kind === Token.Semicolon || !this.isTaken());
  }

  /** The value of a binding is complete. */
  protected binding(): Step {
    const base = this.bases[this.height]!;
    const start = this.frameStarts[this.height]!;
    const path = this.values[base] as AttributePathNode;
    const value = this.node;
    const valueAt = this.nodeStart - start;
    this.closeWith(Token.Semicolon);
    this.top = base;
    this.height--;
    const width = Math.max(this.lexer.previousEnd - start, valueAt + value.width);
    this.pushValue(new BindingNode(width, path, value, valueAt), start);
    return Step.Bindings;
  }

  protected inherit(): Step {
    const lexer = this.lexer;
    this.push(Frame.Inherit, lexer.start, 0);
    lexer.next();
    if (lexer.kind !== Token.ParenOpen) return Step.InheritedNames;
    this.data[this.height] = 1;
    this.push(Frame.InheritSource, lexer.start, 0);
    lexer.next();
    return Step.Expression;
  }

  protected inheritSource(): Step {
    const node = this.node;
    const start = this.nodeStart;
    this.closeWith(Token.ParenClose);
    this.height--;
    this.pushValue(node, start);
    return Step.InheritedNames;
  }

  protected inheritedNames(): Step {
    const lexer = this.lexer;
    switch (lexer.kind) {
      case Token.Identifier:
        if (lexer.assignmentBehind() < 0) return Step.Name;
        this.reportNextBinding();
        this.inheritDone();
        return Step.Bindings;
      case Token.Or:
      case Token.Quote:
      case Token.DollarCurly:
        return Step.Name;
      case Token.Semicolon:
        lexer.next();
        this.inheritDone();
        return Step.Bindings;
    }
    this.unexpected('');
    if (!this.isTaken()) {
      this.skipToken();
      return Step.InheritedNames;
    }
    this.inheritDone();
    return Step.Bindings;
  }

  protected inheritDone(): void {
    const base = this.bases[this.height]!;
    const start = this.frameStarts[this.height]!;
    const hasSource = this.data[this.height] === 1;
    const namesBase = hasSource ? base + 1 : base;
    const names = this.takeNodes<AttributeName>(namesBase);
    const namesAt = this.takeStarts(namesBase, start);
    const source = hasSource ? (this.values[base] as Expression) : undefined;
    const sourceAt = hasSource ? this.starts[base]! - start : 0;
    this.top = base;
    this.height--;
    const width = this.lexer.previousEnd - start;
    this.pushValue(new InheritNode(width, source, sourceAt, names, namesAt), start);
  }

  protected attributeName(): Step {
    const lexer = this.lexer;
    const start = lexer.start;
    switch (lexer.kind) {
      case Token.Identifier:
      case Token.Or:
        this.pushValue(new IdentifierNode(lexer.name.length, lexer.name), start);
        lexer.next();
        return this.nameDone();
      case Token.Quote:
        this.push(Frame.QuotedString, start, 1);
        return Step.QuotedText;
      case Token.DollarCurly:
        this.push(Frame.DynamicName, start, 0);
        lexer.next();
        return Step.Expression;
      default:
        this.unexpected(expectedName);
        this.pushValue(new IdentifierNode(0, ''), lexer.previousEnd);
        return Step.NameDone;
    }
  }

  protected dynamicName(): Step {
    const start = this.frameStarts[this.height]!;
    const inner = this.node;
    const innerAt = this.nodeStart - start;
    this.closeWith(Token.BraceClose);
    this.height--;
    this.pushValue(new DynamicNameNode(this.lexer.previousEnd - start, inner, innerAt), start);
    return Step.NameDone;
  }

  /** A name of a path, or of an `inherit`, is the last value. */
  protected nameDone(): Step {
    const lexer = this.lexer;
    const frame = this.frames[this.height];
    if (frame === Frame.Inherit) {
      this.checkInherited();
      return Step.InheritedNames;
    }
    if (lexer.kind === Token.Dot) {
      lexer.next();
      return Step.Name;
    }
    if (frame === Frame.BindingPath) return this.bindingPath();
    return frame === Frame.SelectPath ? this.selectPath() : this.hasAttributePath();
  }

  protected checkInherited(): void {
    const name = this.values[this.top - 1] as AttributeName;
    if (name.kind === Kind.Identifier || staticName(name) !== undefined) return;
    const start = this.starts[this.top - 1]!;
    this.report(start, start + name.width, 'dynamic attributes not allowed in inherit', 'dynamic-attribute');
  }

  /** Makes a path of the names from `base` on, and puts it in their place. Gives how many they are. */
  protected closePath(base: number): number {
    const start = this.starts[base]!;
    const names = this.takeNodes<AttributeName>(base);
    const namesAt = this.takeStarts(base, start);
    this.top = base;
    this.pushValue(new AttributePathNode(this.lexer.previousEnd - start, names, namesAt), start);
    return names.length;
  }

  protected bindingPath(): Step {
    const lexer = this.lexer;
    const names = this.closePath(this.bases[this.height]!);
    // All names but the last make a set.
    this.reach(this.height + this.outerDepth + names);
    this.frames[this.height] = Frame.BindingValue;
    if (lexer.kind === Token.Assign) {
      lexer.next();
      return Step.Expression;
    }
    if (lexer.kind === Token.Identifier && this.startsNextBinding()) {
      this.unexpected(`'.' or '='`);
      return this.missingHere();
    }
    this.unexpected(`'.' or '='`);
    // Other languages have `:` or `==` there; what follows is the value.
    if (lexer.kind === Token.Colon || lexer.kind === Token.Equal) this.skipToken();
    return startsSimple(lexer.kind) || startsExpression(lexer.kind) ? Step.Expression : this.missingHere();
  }

  protected selectPath(): Step {
    const lexer = this.lexer;
    const base = this.bases[this.height]!;
    this.closePath(base + 1);
    if (lexer.kind === Token.Or) {
      this.frames[this.height] = Frame.Fallback;
      lexer.next();
      if (lexer.is(Token.Identifier) && this.startsNextBinding()) return this.cutOffBinding();
      return Step.Argument;
    }
    const start = this.frameStarts[this.height]!;
    this.complete(
      new SelectNode(
        lexer.previousEnd - start,
        this.values[base] as Expression,
        this.values[base + 1] as AttributePathNode,
        this.starts[base + 1]! - start,
        undefined,
        0,
      ),
    );
    return Step.ArgumentDone;
  }

  protected hasAttributePath(): Step {
    const base = this.bases[this.height]!;
    const start = this.frameStarts[this.height]!;
    const depth = this.depths[this.height]! + 1;
    this.closePath(base + 1);
    this.complete(
      new HasAttributeNode(
        this.lexer.previousEnd - start,
        this.values[base] as Expression,
        this.values[base + 1] as AttributePathNode,
        this.starts[base + 1]! - start,
      ),
    );
    this.deepen(depth);
    return Step.OperandDone;
  }
}
