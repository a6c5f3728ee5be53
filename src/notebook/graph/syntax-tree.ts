// A syntax tree with the way up: what is done to a name is said by what stands around it.
//
//   list.rows[0].n = 1     list is mutated, three members deep
//   list.map(f).sort()     list is read: what `map` yields is new
//   delete o.a   o.a++   [o.a] = b   Object.assign(o, b)   o.push(1)      all of them mutate o
import type { AnyNode } from 'acorn'

/** What becomes of a value that stands somewhere. */
export interface Fate {
  readonly mutates: boolean
  /** How many members lie between the value and what is changed. */
  readonly depth: number
}

/** Methods that change the object they are called on. */
const CHANGING = wordsLike(
  'push pop shift unshift splice sort reverse fill copyWithin set add delete clear next return',
  'throw exec test append set[A-Z]\\w*',
)
/** Methods that yield something new, of which the object knows nothing. */
const MAKING = wordsLike(
  'map filter slice concat flat flatMap to\\w+ split join keys entries values trim\\w* replace\\w*',
  'repeat pad\\w+',
)
/** Methods that call what they are handed at once. */
const LISTING = wordsLike(
  'map filter forEach reduce reduceRight some every find\\w* sort toSorted flatMap replace(All)?',
)
/** Functions of `Object` and `Reflect` that change their first argument. */
const CHANGING_FIRST =
  /^(assign|define\w+|setPrototypeOf|freeze|seal|preventExtensions|set|deleteProperty)$/

/** A tree, its nodes in source order. */
export class SyntaxTree {
  readonly nodes: readonly AnyNode[]
  readonly #parents = new Map<AnyNode, AnyNode>()

  constructor(root: AnyNode) {
    const nodes: AnyNode[] = []
    const visit = (node: AnyNode): void => {
      nodes.push(node)
      for (const child of childrenOf(node)) {
        this.#parents.set(child, node)
        visit(child)
      }
    }
    visit(root)
    this.nodes = nodes
  }

  parentOf(node: AnyNode): AnyNode | undefined {
    return this.#parents.get(node)
  }

  /** The first member that is taken of a value, when its name is known. */
  memberOf(node: AnyNode): string | undefined {
    const parent = this.parentOf(node)
    return parent?.type === 'MemberExpression' && parent.object === node
      ? memberName(parent)
      : undefined
  }

  /** What becomes of the value of a node. */
  fateOf(node: AnyNode, depth = 0): Fate {
    const parent = this.parentOf(node)
    if (parent === undefined) return { mutates: false, depth }
    if (parent.type === 'ChainExpression') return this.fateOf(parent, depth)
    if (parent.type === 'MemberExpression' && parent.object === node) {
      return this.fateOf(parent, depth + 1)
    }
    if (parent.type === 'CallExpression') return this.#calledFate(node, parent, depth)
    const isPatterned = this.parentOf(parent)?.type === 'ObjectPattern'
    return { mutates: depth > 0 && isTarget(node, parent, isPatterned), depth }
  }

  #calledFate(node: AnyNode, call: AnyNode & { type: 'CallExpression' }, depth: number): Fate {
    if (call.callee !== node) {
      return { mutates: call.arguments[0] === node && changesFirst(call.callee), depth }
    }
    const method = memberName(node) ?? ''
    if (CHANGING.test(method)) return { mutates: true, depth }
    return MAKING.test(method) ? { mutates: false, depth } : this.fateOf(call, depth)
  }

  /** The functions around a node, the innermost first. */
  functionsAround(node: AnyNode): readonly AnyNode[] {
    const parent = this.parentOf(node)
    if (parent === undefined) return []
    return isFunction(parent)
      ? [parent, ...this.functionsAround(parent)]
      : this.functionsAround(parent)
  }

  /** Whether a function runs where it stands, and never again: it is called there, or handed to a
   *  method of lists. */
  isRunAtOnce(node: AnyNode): boolean {
    const call = this.parentOf(node)
    if (call?.type !== 'CallExpression') return false
    return call.callee === node || LISTING.test(memberName(call.callee) ?? '')
  }

  /** Whether `this` is changed in a function that is no constructor. */
  changesThis(root: AnyNode): boolean {
    return this.nodes.some((node) => {
      if (node.type !== 'ThisExpression' || !isIn(node, root)) return false
      const { mutates, depth } = this.fateOf(node)
      return mutates && (depth > 1 || !this.#isConstructed(node))
    })
  }

  #isConstructed(node: AnyNode): boolean {
    const [inner] = this.functionsAround(node).filter(
      ({ type }) => type !== 'ArrowFunctionExpression',
    )
    const method = inner === undefined ? undefined : this.parentOf(inner)
    return method?.type === 'MethodDefinition' && method.kind === 'constructor'
  }
}

/** The name of a member, where it is known. */
export function memberName(node: AnyNode): string | undefined {
  if (node.type !== 'MemberExpression') return undefined
  const { property } = node
  if (!node.computed) return property.type === 'Identifier' ? property.name : undefined
  if (property.type !== 'Literal') return undefined
  return typeof property.value === 'string' ? property.value : undefined
}

/** Whether a text is one of these words. */
function wordsLike(...lines: readonly string[]): RegExp {
  return new RegExp(`^(${lines.join(' ').replaceAll(' ', '|')})$`)
}

/** Whether it is a function, however it is written. */
export function isFunction({ type }: AnyNode): boolean {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(type)
}

/** Whether a node stands in another, or is it. */
export function isIn(node: AnyNode, root: AnyNode): boolean {
  return root.start <= node.start && node.end <= root.end
}

/** Whether a member gets a value there, or is taken away. */
function isTarget(node: AnyNode, parent: AnyNode, isPatterned: boolean): boolean {
  switch (parent.type) {
    case 'AssignmentExpression':
    case 'AssignmentPattern':
      return parent.left === node
    case 'UpdateExpression':
    case 'ArrayPattern':
    case 'RestElement':
      return true
    case 'UnaryExpression':
      return parent.operator === 'delete'
    case 'ForInStatement':
    case 'ForOfStatement':
      return parent.left === node
    case 'Property':
      return isPatterned && parent.value === node
    default:
      return false
  }
}

function changesFirst(callee: AnyNode): boolean {
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return false
  return (
    /^(Object|Reflect)$/.test(callee.object.name) && CHANGING_FIRST.test(memberName(callee) ?? '')
  )
}

function childrenOf(node: AnyNode): AnyNode[] {
  return Object.values(node)
    .flat()
    .filter(
      (value): value is AnyNode => typeof value === 'object' && value !== null && 'type' in value,
    )
}
