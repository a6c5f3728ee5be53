// Units: the pieces of a cell that become steps, in the order in which they run.
//
//   const a = 1, b = a     ->  two
//   f(); function f() {}   ->  the function, then the call
import type { AnyNode, Program } from 'acorn'
import { namesIn } from '../../session/pattern-names.js'
import { isFunction, isIn, memberName, SyntaxTree } from './syntax-tree.js'

/** A piece of a cell. */
export interface Unit {
  readonly node: AnyNode
  readonly defines: readonly string[]
  readonly isWeak: boolean
  /** What its value is made by. */
  readonly value: AnyNode | undefined
  readonly isShown: boolean
}

/** The units of a cell. */
export function unitsOf(program: Program): readonly Unit[] {
  const last = program.body.at(-1)
  const units = program.body.flatMap((statement) =>
    unitsIn(statement).map((unit) => ({
      ...unit,
      isShown: statement === last && statement.type === 'ExpressionStatement',
    })),
  )
  const isHoisted = ({ node }: Unit): boolean => node.type === 'FunctionDeclaration'
  return [...units.filter(isHoisted), ...units.filter((unit) => !isHoisted(unit))]
}

function unitsIn(statement: AnyNode): Omit<Unit, 'isShown'>[] {
  switch (statement.type) {
    case 'VariableDeclaration':
      return statement.declarations.map((node) => ({
        node,
        defines: namesIn(node.id).map(({ name }) => name),
        isWeak: statement.kind === 'var' && !node.init,
        value: node.init ?? undefined,
      }))
    case 'FunctionDeclaration':
    case 'ClassDeclaration': {
      const defines = statement.id === null ? [] : [statement.id.name]
      return [{ node: statement, defines, isWeak: false, value: statement }]
    }
    case 'ImportDeclaration': {
      const defines = statement.specifiers.map(({ local }) => local.name)
      return [{ node: statement, defines, isWeak: false, value: undefined }]
    }
    case 'ExportNamedDeclaration':
      return statement.declaration ? unitsIn(statement.declaration) : []
    case 'ExpressionStatement': {
      const { expression: node } = statement
      const value = node.type === 'AssignmentExpression' ? node.right : node
      return [{ node, defines: [], isWeak: false, value }]
    }
    default:
      return [{ node: statement, defines: varsIn(statement), isWeak: true, value: undefined }]
  }
}

/** Names that `var` declares in the blocks of a statement. */
function varsIn(statement: AnyNode): string[] {
  const { nodes } = new SyntaxTree(statement)
  const functions = nodes.filter(isFunction)
  return nodes.flatMap((node) => {
    if (node.type !== 'VariableDeclaration' || node.kind !== 'var') return []
    if (functions.some((each) => isIn(node, each))) return []
    return node.declarations.flatMap(({ id }) => namesIn(id).map(({ name }) => name))
  })
}

/** Whether evaluating it runs nothing of what it holds: a function, or a class without fields of
 *  its own. */
export function isCallable(node: AnyNode): boolean {
  if (node.type !== 'ClassDeclaration' && node.type !== 'ClassExpression') return isFunction(node)
  return node.body.body.every(
    (member) =>
      member.type === 'MethodDefinition' || (member.type !== 'StaticBlock' && !member.static),
  )
}

/** Whether it only names values, and calls nothing: as a node of its kind, whatever is below. */
export function isMention({ type }: AnyNode): boolean {
  return MENTIONS.has(type)
}

const MENTIONS: ReadonlySet<string> = new Set([
  ...['VariableDeclarator', 'Identifier', 'Literal', 'Property', 'AssignmentExpression'],
  ...['ObjectExpression', 'ArrayExpression'],
])

/** Whether its value is a number, a text or the like. */
export function isPlain(node: AnyNode): boolean {
  switch (node.type) {
    case 'Literal':
    case 'TemplateLiteral':
    case 'BinaryExpression':
    case 'UnaryExpression':
    case 'UpdateExpression':
      return true
    case 'MemberExpression':
      return /^(length|size)$/.test(memberName(node) ?? '')
    case 'CallExpression': {
      const { callee } = node
      return callee.type === 'Identifier' && /^(Number|String|BigInt|Boolean)$/.test(callee.name)
    }
    default:
      return false
  }
}
