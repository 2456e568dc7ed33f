/** Trees as S-expressions, so that a test can say in one line what it expects. */
import { decodeUtf8 } from '../../../server/src/base/bytes';
import {
  BinaryOperator,
  Kind,
  StringStyle,
  type AttributePathNode,
  type Node,
} from '../../../server/src/syntax/tree';

const operators: Record<BinaryOperator, string> = {
  [BinaryOperator.Implication]: '->',
  [BinaryOperator.Or]: '||',
  [BinaryOperator.And]: '&&',
  [BinaryOperator.Equal]: '==',
  [BinaryOperator.NotEqual]: '!=',
  [BinaryOperator.Less]: '<',
  [BinaryOperator.LessOrEqual]: '<=',
  [BinaryOperator.Greater]: '>',
  [BinaryOperator.GreaterOrEqual]: '>=',
  [BinaryOperator.Update]: '//',
  [BinaryOperator.Add]: '+',
  [BinaryOperator.Subtract]: '-',
  [BinaryOperator.Multiply]: '*',
  [BinaryOperator.Divide]: '/',
  [BinaryOperator.Concat]: '++',
  [BinaryOperator.PipeInto]: '|>',
  [BinaryOperator.PipeFrom]: '<|',
};

const all = (nodes: readonly Node[]): string => nodes.map((node) => ` ${treeText(node)}`).join('');

const pathText = (path: AttributePathNode): string => path.names.map(treeText).join('.');

/** e.g. `(call f (list 1 "s"))`. Text is shown as JSON. */
export function treeText(node: Node): string {
  switch (node.kind) {
    case Kind.Integer:
      return typeof node.value === 'bigint' ? `${node.value}n` : String(node.value);
    case Kind.Float:
      return `(float ${node.value})`;
    case Kind.TextPart:
      return JSON.stringify(decodeUtf8(node.text));
    case Kind.Interpolation:
      return `\${${treeText(node.expression)}}`;
    case Kind.String: {
      const name = { [StringStyle.Quoted]: 's', [StringStyle.Indented]: 'ind', [StringStyle.Uri]: 'uri' };
      return `(${name[node.style]}${all(node.parts)})`;
    }
    case Kind.Path:
      return `(path ${['relative', 'absolute', 'home'][node.style]}${all(node.parts)})`;
    case Kind.SearchPath:
      return `<${node.path}>`;
    case Kind.Identifier:
      return node.name === '' ? '?' : node.name;
    case Kind.CurrentPosition:
      return '(curPos)';
    case Kind.Parenthesised:
      return `(paren ${treeText(node.inner)})`;
    case Kind.List:
      return `(list${all(node.items)})`;
    case Kind.DynamicName:
      return `\${${treeText(node.expression)}}`;
    case Kind.AttributePath:
      return pathText(node);
    case Kind.Binding:
      return `(${pathText(node.path)} = ${treeText(node.value)})`;
    case Kind.Inherit:
      return `(inherit${node.source === undefined ? '' : ` from ${treeText(node.source)}`}${all(node.names)})`;
    case Kind.AttributeSet:
      return `(${node.recursive ? 'rec' : 'set'}${all(node.bindings)})`;
    case Kind.Let:
      return `(let${all(node.bindings)} in ${treeText(node.body)})`;
    case Kind.LegacyLet:
      return `(legacy-let${all(node.bindings)})`;
    case Kind.With:
      return `(with ${treeText(node.environment)} ${treeText(node.body)})`;
    case Kind.Assert:
      return `(assert ${treeText(node.condition)} ${treeText(node.body)})`;
    case Kind.If:
      return `(if ${treeText(node.condition)} ${treeText(node.consequent)} ${treeText(node.alternative)})`;
    case Kind.Formal:
      return node.fallback === undefined
        ? node.name.name
        : `(${node.name.name} ? ${treeText(node.fallback)})`;
    case Kind.Formals:
      return `{${[...node.formals.map(treeText), ...(node.ellipsis ? ['...'] : [])].join(' ')}}`;
    case Kind.Lambda: {
      const parts = [node.parameter, node.formals].filter((part) => part !== undefined);
      return `(fn ${parts.map(treeText).join('@')} ${treeText(node.body)})`;
    }
    case Kind.Call:
      return `(call ${treeText(node.callee)}${all(node.args)})`;
    case Kind.Select: {
      const fallback = node.fallback === undefined ? '' : ` or ${treeText(node.fallback)}`;
      return `(. ${treeText(node.target)} ${pathText(node.path)}${fallback})`;
    }
    case Kind.HasAttribute:
      return `(? ${treeText(node.target)} ${pathText(node.path)})`;
    case Kind.Not:
      return `(! ${treeText(node.operand)})`;
    case Kind.Negate:
      return `(neg ${treeText(node.operand)})`;
    case Kind.Binary:
      return `(${operators[node.operator]} ${treeText(node.left)} ${treeText(node.right)})`;
    case Kind.Missing:
      return node.width === 0 ? '(missing)' : `(missing ${node.width})`;
  }
}
