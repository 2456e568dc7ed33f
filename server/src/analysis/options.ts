/**
 * The options of a module, as the module system of nixpkgs declares them: a module is
 * called with `options`, sets of sets whose leaves are options, each with a type. Below
 * an option its type says what options there are. Nixpkgs: `lib/modules.nix`, `lib/types.nix`.
 */
import { decodeUtf8, type Bytes } from '../base/bytes';
import type { Member } from '../evaluator/service';
import { Attrs } from '../values/attrs';
import { elementAt, isList } from '../values/list';
import { Path, type Forced, type Value } from '../values/value';
import type { Vm } from '../vm/vm';
import { anyName } from './option-path';
import { attributeOf, bytesOf, tryForce } from './told-values';

/** Types of collections, whose elements have any name. */
const collections = new Set(['attrsOf', 'lazyAttrsOf', 'loaOf', 'attrsWith']);

/** Of the module that switches the check for unknown options off in calls that are only supposed. */
export const uncheckingFile = '«supposed call»';

/** A type within types is none of the user's making past this depth. */
const maxWrappers = 20;

/** A set of options, an option, or what an element of an option's value is. */
export type OptionNode =
  | { readonly kind: 'set'; readonly set: Attrs }
  | { readonly kind: 'option'; readonly option: Attrs; readonly type: Value | undefined }
  | { readonly kind: 'element'; readonly type: Value };

/** The names of a set, but for one that is not written yet. */
function namesOfSet(value: Forced | undefined): Bytes[] {
  return value instanceof Attrs ? value.shape.names.filter((name) => name !== '') : [];
}

export class Options {
  /** The options of submodules, each of which is a module system of its own. */
  private readonly submodules = new Map<Attrs, Attrs | undefined>();

  constructor(private readonly vm: Vm) {}

  /** What names mean among the options that a module is called with; undefined if it is no module, or has no such option. @throws EvalError, Interruption */
  find(argument: Value, names: readonly Bytes[]): OptionNode | undefined {
    const set = this.attribute(this.vm.force(argument), 'options');
    let node: OptionNode | undefined = set instanceof Attrs ? { kind: 'set', set } : undefined;
    for (const name of names) node = node && this.step(node, name);
    return node;
  }

  /** The names that a definition may have there. @throws EvalError, Interruption */
  members(node: OptionNode): Map<Bytes, Member> {
    const members = new Map<Bytes, Member>();
    for (const set of this.setsOf(node)) {
      // What begins with an underscore is the module system's own.
      for (const name of set.shape.names) if (!name.startsWith('_')) members.set(name, { name });
    }
    return members;
  }

  /** The values that a type allows by name, where it is an enumeration, truth values, or may be one of these. */
  values(node: OptionNode): Forced[] {
    if (node.kind === 'set' || node.type === undefined) return [];
    const found: Forced[] = [];
    for (const each of this.alternatives(node.type)) {
      const kind = this.text(each.get('name'));
      if (kind === 'bool') found.push(true, false);
      else if (kind === 'nullOr') found.push(null);
      else if (kind === 'enum') found.push(...this.enumerated(each));
    }
    return found;
  }

  /** Whether a definition there is a collection, whose elements may have any name. */
  isCollection(node: OptionNode): boolean {
    if (node.kind === 'set' || node.type === undefined) return false;
    for (const each of this.alternatives(node.type))
      if (collections.has(this.text(each.get('name')) ?? '')) return true;
    return false;
  }

  /**
   * The names that a configuration has in all collections which names lead to. Where an element of a
   * collection is named, those of the others count as well: `systemd.services.sshd.serviceConfig` says
   * what may be in that of another service.
   * @throws Interruption
   */
  namesInUse(argument: Value, names: readonly Bytes[]): Set<Bytes> {
    const called = this.tryForce(argument);
    let values = [called && this.attribute(called, 'config')];
    const options = called && this.attribute(called, 'options');
    let node: OptionNode | undefined = options instanceof Attrs ? { kind: 'set', set: options } : undefined;
    for (const name of names) {
      if (node === undefined) return new Set();
      const any = name === anyName || this.isCollection(node);
      values = values.flatMap((value) =>
        any ? this.elements(value) : [value && this.attribute(value, name)],
      );
      node = this.step(node, name);
    }
    if (node === undefined || !this.isCollection(node)) return new Set();
    if (values.some((value) => value !== undefined)) return new Set(values.flatMap(namesOfSet));
    // What is being written may be no definition yet, and the values of all together fail then.
    return new Set(options instanceof Attrs ? this.namesDefined(options, names) : []);
  }

  /** The names in the definitions that modules make of an option, or of a part of its value. */
  private namesDefined(options: Attrs, path: readonly Bytes[]): Bytes[] {
    let node: OptionNode | undefined = { kind: 'set', set: options };
    let rest = path;
    for (; node?.kind === 'set' && rest.length > 0; rest = rest.slice(1)) node = this.step(node, rest[0]!);
    const definitions = node?.kind === 'option' ? this.attribute(node.option, 'definitions') : undefined;
    if (definitions === undefined || !isList(definitions)) return [];
    let values = this.elements(definitions);
    for (const name of rest)
      values = values.flatMap((value) =>
        name === anyName ? this.elements(value) : [value && this.attribute(value, name)],
      );
    return values.flatMap((value) => (value instanceof Attrs && value.has('_type') ? [] : namesOfSet(value)));
  }

  private elements(value: Forced | undefined): (Forced | undefined)[] {
    if (value instanceof Attrs) return value.values.map((each) => this.tryForce(each));
    return isList(value) ? value.map((_, i) => this.tryForce(elementAt(value, i))) : [];
  }

  private enumerated(type: Attrs): Forced[] {
    const functor = this.attribute(type, 'functor');
    const payload = functor instanceof Attrs ? this.attribute(functor, 'payload') : undefined;
    // Types of today have a set there, where there was the list itself.
    const values = payload instanceof Attrs ? this.attribute(payload, 'values') : payload;
    if (values === undefined || !isList(values)) return [];
    const forced = values.map((_, i) => this.tryForce(elementAt(values, i)));
    return forced.filter((value) => value !== undefined);
  }

  /** The names that lead to an option. */
  namesOf(option: Attrs): Bytes[] {
    const names = this.attribute(option, 'loc');
    if (!isList(names)) return [];
    return names.map((_, i) => bytesOf(this.tryForce(elementAt(names, i))) ?? '');
  }

  /** The files that define an option, or are said to: the one that declares it where its default counts. */
  definingFiles(option: Attrs): Bytes[] {
    return this.filesIn(this.attribute(option, 'files'));
  }

  /** Whether an option has its default: that is said to be defined where the option is declared, and nowhere else. */
  hasDefault(option: Attrs): boolean {
    const files = this.attribute(option, 'files');
    const [only] = this.definingFiles(option);
    const isOnly = isList(files) && files.length === 1 && only !== undefined;
    return isOnly && option.has('default') && this.declaringFiles(option).includes(only);
  }

  /** The files that declare an option; more than one where types of several declarations are merged. */
  declaringFiles(option: Attrs): Bytes[] {
    return this.filesIn(this.attribute(option, 'declarations'));
  }

  private filesIn(list: Forced | undefined): Bytes[] {
    if (!isList(list)) return [];
    const files = list.map((_, i) => {
      const each = this.tryForce(elementAt(list, i));
      // What stands in a submodule is said to come `, via option` of its own.
      return each instanceof Path ? each.path : bytesOf(each)?.replace(/, via option .*$/s, '');
    });
    return [...new Set(files.filter((path) => path?.startsWith('/') === true) as Bytes[])];
  }

  /** Whether the module system refuses definitions of options that are in no set of options. @throws Interruption */
  refusesOthers(options: Attrs): boolean {
    const settings = this.attribute(options, '_module') ?? null;
    if (!this.checks(settings)) return false;
    // Before there were free-form types, nothing was declared of them.
    const declaresFree = settings instanceof Attrs && settings.has('freeformType');
    return (
      !declaresFree || this.attribute(this.attribute(settings, 'freeformType') ?? null, 'value') === null
    );
  }

  /** Whether definitions are checked, or would be if the call were not only supposed. */
  private checks(settings: Forced): boolean {
    const check = this.attribute(settings, 'check') ?? null;
    if (this.attribute(check, 'value') === true) return true;
    const files = this.attribute(check, 'files');
    return isList(files) && files.length > 0 && this.text(elementAt(files, 0)) === uncheckingFile;
  }

  /** The text of an attribute that describes something: a string, or one that is marked as of some markup. */
  text(value: Value | undefined): string | undefined {
    const forced = value === undefined ? undefined : this.tryForce(value);
    if (forced instanceof Attrs) return this.text(forced.get('text'));
    const bytes = bytesOf(forced);
    return bytes === undefined ? undefined : decodeUtf8(bytes);
  }

  tryForce(value: Value): Forced | undefined {
    return tryForce(this.vm, value);
  }

  /** What a name means below a set of options or an option. @throws EvalError, Interruption */
  step(node: OptionNode, name: Bytes): OptionNode | undefined {
    if (node.kind !== 'set') return node.type === undefined ? undefined : this.below(node.type, name);
    const found = this.attribute(node.set, name);
    return found instanceof Attrs ? this.nodeOf(found) : undefined;
  }

  private nodeOf(set: Attrs): OptionNode {
    const tag = this.attribute(set, '_type');
    return tag === 'option' ? { kind: 'option', option: set, type: set.get('type') } : { kind: 'set', set };
  }

  /** What a name means below the value of an option of a type. */
  private below(type: Value, name: Bytes): OptionNode | undefined {
    for (const each of this.alternatives(type)) {
      const kind = this.text(each.get('name')) ?? '';
      if (collections.has(kind) || (kind === 'listOf' && name === anyName)) {
        const element = this.elementType(each);
        if (element !== undefined) return { kind: 'element', type: element };
      }
      const options = this.subOptions(each, kind);
      const found = options && this.step({ kind: 'set', set: options }, name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private setsOf(node: OptionNode): Attrs[] {
    if (node.kind === 'set') return [node.set];
    const sets: Attrs[] = [];
    for (const each of node.type === undefined ? [] : this.alternatives(node.type)) {
      const set = this.subOptions(each, this.text(each.get('name')) ?? '');
      if (set !== undefined) sets.push(set);
    }
    return sets;
  }

  /** A type without what may stand instead of its value, such as `null`; more than one where it is one of several. */
  private *alternatives(type: Value): Iterable<Attrs> {
    const waiting = [type];
    for (let count = 0; waiting.length > 0 && count < maxWrappers; count++) {
      const each = this.tryForce(waiting.shift()!);
      if (!(each instanceof Attrs)) continue;
      yield each;
      const kind = this.text(each.get('name')) ?? '';
      if (!collections.has(kind) && kind !== 'listOf') waiting.push(...this.innerTypes(each));
    }
  }

  /** The types that a type is made of. */
  private innerTypes(type: Attrs): Value[] {
    const nested = this.attribute(type, 'nestedTypes');
    if (nested instanceof Attrs && nested.values.length > 0) {
      const final = nested.get('finalType');
      return final === undefined ? [...nested.values] : [final];
    }
    const functor = this.attribute(type, 'functor');
    const wrapped = functor instanceof Attrs ? this.attribute(functor, 'wrapped') : undefined;
    if (wrapped === undefined) return [];
    return isList(wrapped) ? wrapped.map((_, i) => elementAt(wrapped, i)) : [wrapped];
  }

  private elementType(type: Attrs): Value | undefined {
    return this.innerTypes(type)[0];
  }

  /** The options of a submodule. */
  private subOptions(type: Attrs, kind: string): Attrs | undefined {
    if (kind !== 'submodule' && kind !== 'deferredModule') return undefined;
    if (!this.submodules.has(type)) this.submodules.set(type, this.callSubOptions(type));
    return this.submodules.get(type);
  }

  private callSubOptions(type: Attrs): Attrs | undefined {
    const of = type.get('getSubOptions');
    const options = of === undefined ? undefined : this.vm.call(of, []);
    return options instanceof Attrs ? options : undefined;
  }

  /** An attribute's value, if there is one and it does not fail. */
  attribute(value: Forced, name: Bytes): Forced | undefined {
    return value instanceof Attrs ? attributeOf(this.vm, value, name) : undefined;
  }
}
