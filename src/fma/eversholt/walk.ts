// Walks over the tree: statements as esc meets them, and every expression in them.
import type { ClassAt, Expression, Path, Propagation, Statement } from './tree.js'

/** The statements in the order of the text, those behind an `if` among them. */
export function flatten(statements: readonly Statement[]): readonly Statement[] {
  return statements.flatMap((statement) =>
    statement.kind === 'if' ? flatten(statement.statements) : [statement],
  )
}

/** All classes of a propagation, from its causes to its last effects. */
export function classesOf({ causes, arrows }: Propagation): readonly ClassAt[] {
  return [...causes, ...arrows.flatMap(({ effects }) => effects)]
}

/** Expressions that an expression has right below itself; those of paths in it among them. */
function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'call':
      return expression.args
    case 'unary':
      return [expression.operand]
    case 'binary':
      return [expression.left, expression.right]
    case 'conditional': {
      const { condition, then, otherwise } = expression
      return otherwise === undefined ? [condition, then] : [condition, then, otherwise]
    }
    case 'path':
      return instancesOf(expression.path)
    case 'class':
      return inClass(expression.of)
    default:
      return []
  }
}

const instancesOf = (path: Path | undefined): readonly Expression[] =>
  (path?.steps ?? []).flatMap(({ instance }) => instance ?? [])

/** What stands in a class: the instances of its path, and its constraints. */
function inClass({ path, constraints }: ClassAt): readonly Expression[] {
  return [...instancesOf(path), ...constraints]
}

/** Calls `visit` for some expressions and all that is in them, outer ones first. */
export function visitExpressions(
  roots: readonly Expression[],
  visit: (expression: Expression) => void,
): void {
  const pending = [...roots].reverse()
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    visit(next)
    const children = childrenOf(next)
    for (let i = children.length - 1; i >= 0; i--) pending.push(children[i] as Expression)
  }
}

/** All expressions that a statement holds, but not those below them. */
export function rootsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'event':
    case 'engine':
      return [...inClass(statement.subject), ...statement.properties.map(({ value }) => value)]
    case 'asru':
    case 'fru':
      return [...instancesOf(statement.path), ...statement.properties.map(({ value }) => value)]
    case 'config':
      return statement.properties.map(({ value }) => value)
    case 'prop':
    case 'mask':
      return [
        ...classesOf(statement).flatMap(inClass),
        ...statement.arrows.flatMap(({ n, k }) => [n ?? [], k ?? []].flat()),
      ]
    case 'if':
      return [statement.condition]
  }
}
