/** Byte code as the snapshots show it: each instruction beside the text that it stands for. */
import { decodeUtf8, encodeUtf8, type Bytes } from '../../../server/src/base/bytes';
import { Blueprint } from '../../../server/src/bytecode/blueprint';
import { AttributeSite, FormalsTable, type Constant } from '../../../server/src/bytecode/constant';
import { disassemble } from '../../../server/src/bytecode/disassemble';
import type { NodeBlueprint } from '../../../server/src/compiler/blueprint';
import { parse } from '../../../server/src/syntax/parse';
import { print } from '../../../server/src/values/printer';
import { Shape } from '../../../server/src/values/shape';
import { allBlueprints } from '../../kit/all-blueprints';
import { TestEvaluator } from '../../kit/evaluate';

const { evaluator } = new TestEvaluator();

/** The toplevel blueprint of a text in the file `/dir/file.nix`. */
export function compiled(text: string): NodeBlueprint {
  return compiledBytes(encodeUtf8(text));
}

export function compiledBytes(text: Bytes): NodeBlueprint {
  const source = { kind: 'file', path: '/dir/file.nix', text } as const;
  return evaluator.prepare(source, parse(text), '/dir').blueprint;
}

/** The byte code of a text and all below it. */
export function listing(text: string): string {
  const bytes = encodeUtf8(text);
  const chunks = allBlueprints(compiled(text)).map((blueprint) => chunkListing(blueprint, bytes));
  return `${text}\n\n${chunks.join('\n')}`;
}

function chunkListing(blueprint: Blueprint, text: string): string {
  const chunk = blueprint.chunk!;
  const spans = blueprint.spans();
  const { offset: start } = (blueprint as NodeBlueprint).position();
  const base = (blueprint as NodeBlueprint).start;
  const captures = (blueprint as NodeBlueprint).captures;
  const head = [
    `${blueprint.kind} ${blueprint.name || '-'} @${start}`,
    captures.length > 0 ? `captures ${captures.join(' ')}` : '',
    blueprint.capturesWith ? 'captures with' : '',
    `stack ${chunk.stackSize}`,
  ];
  const lines = disassemble(chunk, describeConstant).map(({ offset, op, operands }, i) => {
    const { start: from, end } = spans[i]!;
    const code = `${String(offset).padStart(4)} ${op} ${operands.join(', ')}`.trimEnd();
    return `${code.padEnd(48)} ; ${JSON.stringify(decodeUtf8(text.slice(base + from, base + end)))}`;
  });
  return `${head.filter(Boolean).join(', ')}\n${lines.join('\n')}\n`;
}

export function describeConstant(constant: Constant): string {
  if (constant instanceof Blueprint) return `${constant.kind} ${constant.name || '-'}`;
  if (constant instanceof AttributeSite) return constant.name;
  if (constant instanceof Shape) return `{ ${constant.names.join(' ')} }`;
  if (constant instanceof FormalsTable) {
    const formals = constant.names.map((name, i) => {
      const fallback = constant.defaults[i];
      if (!constant.optional[i]) return name;
      return `${name} ? ${fallback === undefined ? '-' : describeConstant(fallback)}`;
    });
    return `{ ${[...formals, ...(constant.ellipsis ? ['...'] : [])].join(', ')} }`;
  }
  if (constant === evaluator.globals.builtins) return 'builtins';
  return decodeUtf8(print(constant));
}
