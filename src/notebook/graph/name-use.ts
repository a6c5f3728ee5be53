// Uses of names in a cell: each place where a name stands for a value, and what is done there.
//
//   globalThis.n = 1   is a use of n
import type { AnyNode, Program } from 'acorn'
import { analyze, type Reference } from 'eslint-scope'
import type { SyntaxTree } from './syntax-tree.js'

/** One place where a name is used. */
export interface NameUse {
  readonly name: string
  readonly node: AnyNode
  /** The member that is taken of it, when that is known. */
  readonly member: string | undefined
  readonly isRead: boolean
  /** Whether the name gets another value there. */
  readonly isWrite: boolean
  /** Whether its value is changed there. */
  readonly mutates: boolean
  /** Whether the name is one of a function or a block. */
  readonly isLocal: boolean
  /** Of a local: whether the change is seen outside of its function, or by its next call. */
  readonly isSeen: boolean
  /** Of a local: whether a function changes it for its next call. */
  readonly isKept: boolean
}

/** A place that asks for the value of a name of the session. */
export interface NamePlace {
  readonly name: string
  /** Its line in the cell, 1-based. */
  readonly line: number
  /** Whether it stands in a function that may run later, or never. */
  readonly isLater: boolean
}

/** The places where a value must be there: not those that only ask for its type, nor members of
 *  the global object. */
export function placesOf(
  uses: readonly NameUse[],
  tree: SyntaxTree,
  lineOf: (node: AnyNode) => number,
): readonly NamePlace[] {
  const isAsked = ({ node, name, isLocal, isRead, mutates }: NameUse): boolean =>
    !isLocal &&
    (isRead || mutates) &&
    node.type === 'Identifier' &&
    node.name === name &&
    !isTypeAsked(tree.parentOf(node))
  return uses.filter(isAsked).map(({ name, node }) => ({
    name,
    line: lineOf(node),
    isLater: tree.functionsAround(node).some((each) => !tree.isRunAtOnce(each)),
  }))
}

function isTypeAsked(parent: AnyNode | undefined): boolean {
  return parent?.type === 'UnaryExpression' && parent.operator === 'typeof'
}

/** All uses in a program but the places that declare its names. */
export function usesIn(program: Program, tree: SyntaxTree): readonly NameUse[] {
  const { scopes, globalScope } = analyze(program as unknown as Parameters<typeof analyze>[0], {
    ecmaVersion: 2024,
    sourceType: 'module',
  })
  const ours = new Set(globalScope?.childScopes[0]?.variables)
  return scopes.flatMap(({ references }) =>
    references.flatMap((reference) => {
      const { resolved } = reference
      const isLocal = resolved !== null && !ours.has(resolved)
      if (!isLocal && reference.init === true) return []
      return isLocal ? localUse(reference, tree) : sessionUse(reference, tree)
    }),
  )
}

function sessionUse(reference: Reference, tree: SyntaxTree): NameUse {
  const node = reference.identifier as unknown as AnyNode
  const member = tree.memberOf(node)
  const { name } = reference.identifier
  const isGlobal = /^(globalThis|global)$/.test(name) && member !== undefined
  const { mutates, depth } = tree.fateOf(node)
  const isSet = isGlobal && mutates && depth === 1
  return {
    name: isGlobal ? member : name,
    node,
    member: isGlobal ? undefined : member,
    isRead: reference.isRead() && !isSet,
    isWrite: reference.isWrite() || isSet,
    mutates: mutates && !isSet,
    ...{ isLocal: false, isSeen: false, isKept: false },
  }
}

/** A use of a local. What is made in its function, and changed there, nobody else sees. */
function localUse(reference: Reference, tree: SyntaxTree): NameUse {
  const node = reference.identifier as unknown as AnyNode
  const { mutates, depth } = tree.fateOf(node)
  const { resolved, from } = reference
  const isOuter = resolved !== null && resolved.scope.variableScope !== from.variableScope
  const isMade = resolved?.defs.every((each) => isMaker(each.node as unknown as AnyNode)) === true
  return {
    name: reference.identifier.name,
    node,
    member: tree.memberOf(node),
    isRead: reference.isRead(),
    isWrite: reference.isWrite(),
    mutates,
    isLocal: true,
    isSeen: mutates && !(isMade && depth <= 1),
    isKept: isOuter && (mutates || (reference.isWrite() && reference.init !== true)),
  }
}

/** Whether a local is declared with something made there: nobody else has it. */
function isMaker(node: AnyNode): boolean {
  if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier') return false
  return /^(ArrayExpression|ObjectExpression|NewExpression|Literal)$/.test(node.init?.type ?? '')
}
