/** What is known of the options of a module, at a place in its text. */
import type { Bytes } from '../base/bytes';
import type { LiveScope } from '../evaluator/live-scopes';
import { scopeOfFunction, type Subject } from '../evaluator/live-values';
import type { OptionQuestion } from '../evaluator/members';
import type { Location, Member, OptionPath, ValuePath } from '../evaluator/service';
import type { PlacedTarget, Target } from '../evaluator/target';
import { Kind, staticName } from '../syntax/tree';
import { nodesAt } from '../syntax/walk';
import { meansNoValue } from '../values/error';
import { Attrs } from '../values/attrs';
import type { Value } from '../values/value';
import type { Vm } from '../vm/vm';
import { declarationOfSet, definitionsOf, describeOption, type OptionContext } from './describe-option';
import type { Description } from './describe-value';
import { optionOfBinding, optionOfInherited, optionOfSelection } from './option-path';
import { valuesOfOption } from './option-values';
import { namesOfPart } from './option-provenance';
import { Options, type OptionNode } from './options';
import { attributeOf, tryForce } from './told-values';

export interface ModuleOptionsContext {
  readonly vm: Vm;
  readonly subject: Subject;
  /** A value in short. */
  readonly print: (value: Value) => Bytes;
  /** A value of which more is shown. */
  readonly printWhole: (value: Value) => Bytes;
  /** A file that declares options. */
  readonly file: (path: Bytes) => Subject | undefined;
  /** Whether a file is one that the user works on. */
  readonly isOwn: (path: Bytes) => boolean;
  /** What is known beside a set that may be a module and starts at an offset. */
  readonly besideSet: (offset: number) => LiveScope | undefined;
}

/** What every module may have at its top, where options are declared or others are imported. */
const topNames = ['imports', 'options', 'config'];

export class ModuleOptions {
  private readonly options: Options;

  constructor(private readonly context: ModuleOptionsContext) {
    this.options = new Options(context.vm);
  }

  /** @throws EvalError, Interruption */
  answer(question: OptionQuestion): ReadonlyMap<Bytes, Member> {
    return question.kind === 'options'
      ? this.below(question.of, question.prefix)
      : this.values(question.of, question.inString);
  }

  /** What an option may be set to, as it is written or as the text of a string. */
  private values(path: OptionPath, inString: boolean): ReadonlyMap<Bytes, Member> {
    const node = path.names.length === 0 ? undefined : this.find(path);
    if (node === undefined) return new Map();
    return valuesOfOption(this.options, node, inString, this.context.printWhole);
  }

  /**
   * The names that a definition may have there; none where that is in no module.
   * @param written of the name that is being written, what there is so far
   * @throws EvalError, Interruption
   */
  private below(path: OptionPath, written: Bytes): ReadonlyMap<Bytes, Member> {
    const node = this.find(path);
    if (node === undefined) return new Map();
    const members = this.options.members(node);
    for (const name of this.namesInUse(path))
      if (!members.has(name) && name !== written) members.set(name, { name, detail: 'set elsewhere' });
    if (path.names.length === 0) for (const name of topNames) members.set(name, { name });
    return members;
  }

  /** The names that are in use where any name may be, as far as they are known in time. @throws Interruption if cancelled */
  private namesInUse({ module, names }: OptionPath): ReadonlySet<Bytes> {
    const argument = this.argumentOf(module);
    try {
      return argument === undefined ? new Set() : this.options.namesInUse(argument, names);
    } catch (error) {
      if (meansNoValue(error)) return new Set();
      throw error;
    }
  }

  /** What an option is for; nothing where there is none. @throws Interruption for anything but the end of the time */
  describe(path: OptionPath): Description {
    try {
      const node = this.find(path);
      return node?.kind === 'option' ? describeOption(this.optionContext(), node.option) : {};
    } catch (error) {
      if (meansNoValue(error)) return {};
      throw error;
    }
  }

  /**
   * Where an option, or a set of options, is declared: null where many files declare the set, undefined
   * where it is neither. @throws Interruption for anything but the end of the time
   */
  locate(path: OptionPath): Location | null | undefined {
    const { definition } = this.describe(path);
    if (definition !== undefined) return definition;
    try {
      const node = this.find(path);
      if (node?.kind !== 'set') return undefined;
      return declarationOfSet(this.optionContext(), node.set, path.names) ?? null;
    } catch (error) {
      if (meansNoValue(error)) return undefined;
      throw error;
    }
  }

  /**
   * The option whose value an attribute of a set is, if the set is a part of the configuration of a module
   * around an offset. @throws Interruption
   */
  optionOfAttribute(offset: number, set: Attrs, name: Bytes): OptionPath | undefined {
    const { vm, subject } = this.context;
    for (const { node, at } of nodesAt(subject.parsed, offset)) {
      if (node.kind !== Kind.Lambda || node.formals?.ellipsis !== true) continue;
      const argument = this.argumentOf(at);
      const called = argument === undefined ? undefined : tryForce(vm, argument);
      const config = called instanceof Attrs ? attributeOf(vm, called, 'config') : undefined;
      const names = config instanceof Attrs ? namesOfPart(config, set) : undefined;
      if (names !== undefined) return { module: at, names: [...names, name] };
    }
    return undefined;
  }

  /**
   * Where modules define an option or the part of its value that is asked about, file by file, of each
   * of which there may be several places. @throws Interruption for anything but the end of the time
   */
  *definitions(path: OptionPath): Iterable<readonly Location[]> {
    try {
      const found = this.outermost(path);
      if (found !== undefined)
        yield* definitionsOf(this.optionContext(), found.option, path.names, found.isPart);
    } catch (error) {
      if (!meansNoValue(error)) throw error;
    }
  }

  /** Whether no module defines an option. @throws Interruption for anything but the end of the time */
  hasDefault(path: OptionPath): boolean {
    try {
      const found = this.outermost(path);
      return found?.isPart === false && this.options.hasDefault(found.option);
    } catch (error) {
      if (meansNoValue(error)) return false;
      throw error;
    }
  }

  /**
   * The option that a path leads to or into. The options of a submodule are known by its type, which
   * tells nothing of what defines them; so it is the one whose value that submodule is.
   */
  private outermost({ module, names }: OptionPath): { option: Attrs; isPart: boolean } | undefined {
    for (let count = 1; count <= names.length; count++) {
      const node = this.find({ module, names: names.slice(0, count) });
      if (node?.kind === 'option') return { option: node.option, isPart: count < names.length };
    }
    return undefined;
  }

  private optionContext(): OptionContext {
    const { print, file, isOwn } = this.context;
    const declaring = (name: Bytes) => {
      // A module may be imported by its folder.
      const subject = file(name) ?? file(`${name}/default.nix`);
      return subject && { parsed: subject.parsed, source: subject.unit.source };
    };
    return { options: this.options, print, file: declaring, isOwn };
  }

  private find({ module, names }: OptionPath): OptionNode | undefined {
    const argument = this.argumentOf(module);
    return argument === undefined ? undefined : this.options.find(argument, names);
  }

  /** What a module is called with, or the modules beside one that is a set. */
  private argumentOf(module: number): Value | undefined {
    const { subject, besideSet } = this.context;
    return (scopeOfFunction(subject, module) ?? besideSet(module))?.argument;
  }
}

/** The option that what a hover is about sets or reads. */
export function optionOfTarget({ target, ancestors }: PlacedTarget): OptionPath | undefined {
  if (target.kind === 'binding')
    return optionOfBinding(ancestors, target.node.path.names.slice(0, target.count));
  if (target.kind === 'inherited')
    return optionOfInherited(ancestors, target.node, target.node.names[target.index]!);
  if (target.kind !== 'expression' || target.node.kind !== Kind.Select) return undefined;
  return optionOfSelection(ancestors, target.node.target, target.node.path.names);
}

/** The attribute that a selection takes, and the value that it takes it from; undefined for what is none. */
export function selectionOf(target: Target): { of: ValuePath; name: Bytes } | undefined {
  if (target.kind !== 'expression' || target.node.kind !== Kind.Select) return undefined;
  const { target: from, path } = target.node;
  const names = path.names.map(staticName);
  const name = names.pop();
  if (name === undefined || !names.every((each) => each !== undefined)) return undefined;
  return { of: { target: { start: target.at, end: target.at + from.width }, names }, name };
}
