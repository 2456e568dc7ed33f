/** Lists, and sets with their bindings. */
import {
  breakable,
  group,
  GroupKind,
  hardLine,
  hardSpace,
  separated,
  space,
  type Document,
} from '../document';
import {
  isAlone,
  type AttributeName,
  type AttributeSet,
  type Binding,
  type Item,
  type List,
  type Selector,
} from '../elements';
import { StringPrinter } from './strings';

export abstract class CollectionPrinter extends StringPrinter {
  protected items<T>(items: readonly Item<T>[], separator: Document, print: (item: T) => Document): Document {
    const documents: Document[] = [];
    let annotation: Document = [];
    items.forEach((each, i) => {
      if (each.kind === 'item') {
        documents.push([...annotation, ...group(print(each.item))]);
        annotation = [];
        return;
      }
      const last = each.comments.at(-1);
      if (last?.kind === 'language' && items[i + 1]?.kind === 'item') {
        annotation = [...this.trivia(each.comments.slice(0, -1)), ...this.trivium(last), ...hardSpace];
      } else documents.push(this.trivia(each.comments));
    });
    return separated(separator, documents);
  }

  /** @param separator between the items */
  protected list({ open, items, close }: List, separator: Document): Document {
    const around =
      open.line !== close.line || hasOnlyComments(items) || (!isAlone(open) && items.length === 0)
        ? hardLine
        : items.length === 0
          ? hardSpace
          : space;
    return [
      ...this.opening(open),
      ...around,
      ...this.nest(() => [
        ...this.trailing(open.behind),
        ...this.items(items, separator, (item) => this.term(item)),
      ]),
      ...around,
      ...this.leaf(close),
    ];
  }

  /** @param isWide whether a set with bindings has a line for each of its braces */
  protected set({ keyword, open, bindings, close }: AttributeSet, isWide: boolean): Document {
    const start = keyword === undefined ? [] : [...this.leaf(keyword), ...hardSpace];
    const isBroken = open.line !== close.line;
    if (bindings.length === 0 && isAlone(open) && close.before.length === 0)
      return [...start, ...this.leaf(open), ...(isBroken ? hardLine : hardSpace), ...this.leaf(close)];
    const around = (isWide && bindings.length > 0) || isBroken ? hardLine : space;
    return [
      ...start,
      ...this.opening(open),
      ...around,
      ...this.nest(() => [...this.trailing(open.behind), ...this.bindings(bindings)]),
      ...around,
      ...this.leaf(close),
    ];
  }

  protected bindings(bindings: readonly Item<Binding>[]): Document {
    return this.items(bindings, hardLine, (binding) => this.binding(binding));
  }

  protected binding(binding: Binding): Document {
    if (binding.kind === 'inherit') return this.inherit(binding);
    const { names, equals, value, semicolon } = binding;
    const isShort = names.length <= 4 && names.every(({ name }) => name.kind === 'identifier');
    return group([
      ...this.path(names),
      ...this.nest(() => [
        ...hardSpace,
        ...this.leaf(equals),
        // Behind a short name a line break makes little room.
        ...(isShort ? this.value(value) : [...breakable, ...group(this.value(value), GroupKind.Priority)]),
      ]),
      ...this.leaf(semicolon),
    ]);
  }

  protected inherit({ inherit, source, names, semicolon }: Extract<Binding, { kind: 'inherit' }>): Document {
    const isShort = inherit.line === semicolon.line && names.length < 4;
    const between = isShort ? space : hardLine;
    const end = isShort ? breakable : hardLine;
    const printNames = (): Document =>
      separated(
        between,
        names.map((name) => this.name(name)),
      );
    if (source === undefined) {
      return group([
        ...this.leaf(inherit),
        ...between,
        ...this.nest(() => [...printNames(), ...end, ...this.leaf(semicolon)]),
      ]);
    }
    return group([
      ...this.leaf(inherit),
      ...this.nest(() => [
        ...group([...space, ...this.term(source)]),
        ...between,
        ...printNames(),
        ...end,
        ...this.leaf(semicolon),
      ]),
    ]);
  }

  protected path(names: readonly Selector[]): Document {
    return names.flatMap(({ dot, name }) => [
      ...(dot === undefined ? [] : this.leaf(dot)),
      ...this.name(name),
    ]);
  }

  protected name(name: AttributeName): Document {
    switch (name.kind) {
      case 'identifier':
        return this.leaf(name.leaf);
      case 'string':
        return this.leaf(name.leaf, () => this.quoted(name.lines));
      case 'interpolation':
        return this.leaf(name.leaf, () => this.part(name.part));
    }
  }
}

function hasOnlyComments(items: readonly Item<unknown>[]): boolean {
  return items.length > 0 && items.every(({ kind }) => kind === 'comments');
}
