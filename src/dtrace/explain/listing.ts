// The typed program, as -S prints it: D text without sugar, then the tree of each clause, every
// expression with its type.
//
//   clause 1: dtrace:::BEGIN
//     statement 1: trace
//       arithmetic +                              int64_t
//         arg 0                                   int64_t
//         int 3                                   int
import { assertNever } from '../../base/assert.js'
import { probeSpec } from '../probe/description.js'
import type { Clause, Expr, Program } from '../program/program.js'
import { quoteString } from '../program/string-literal.js'
import { programToD } from '../program/to-d.js'

const TYPE_COLUMN = 48

/** The listing of a program; ends with a newline. */
export function listProgram(program: Program): string {
  const clauses = program.clauses.map((clause, i) => listClause(clause, i + 1, program))
  return `${programToD(program)}\n${clauses.join('\n')}`
}

function listClause(clause: Clause, number: number, program: Program): string {
  const { probes, predicate, statements } = clause
  const specs = clause.specs ?? probes.map(probeSpec)
  const count = `${probes.length} probe${probes.length === 1 ? '' : 's'}`
  const lines = [`clause ${number}: ${specs.join(', ')} (${count})`]
  if (predicate !== undefined) lines.push('  predicate', ...listExpr(predicate, 2, program))
  for (const [i, statement] of statements.entries()) {
    lines.push(`  statement ${i + 1}: ${statement.kind}`)
    for (const value of Object.values(statement))
      for (const expr of expressionsIn(value)) lines.push(...listExpr(expr, 2, program))
  }
  return `${lines.join('\n')}\n`
}

/** The expressions a field of a statement holds. */
function expressionsIn(value: unknown): readonly Expr[] {
  if (Array.isArray(value)) return value.flatMap(expressionsIn)
  const isNode = typeof value === 'object' && value !== null && 'kind' in value && 'type' in value
  return isNode ? [value as Expr] : []
}

function listExpr(expr: Expr, depth: number, program: Program): readonly string[] {
  const label = `${'  '.repeat(depth)}${labelOf(expr, program)}`
  const children = childrenOf(expr).flatMap((child) => listExpr(child, depth + 1, program))
  return [`${label.padEnd(TYPE_COLUMN)} ${expr.type.name}`, ...children]
}

function labelOf(expr: Expr, { variables }: Program): string {
  switch (expr.kind) {
    case 'int':
      return `int ${expr.value}`
    case 'string':
      return `string ${quoteString(expr.value)}`
    case 'arg':
      return `arg ${expr.index}`
    case 'builtin':
    case 'call':
      return `${expr.kind} ${expr.name}`
    case 'variable': {
      const variable = variables[expr.variable]
      return `variable ${variable?.scope ?? ''} ${variable?.name ?? expr.variable}`
    }
    case 'unary':
    case 'arithmetic':
    case 'logical':
      return `${expr.kind} ${expr.op}`
    case 'compare':
      return `compare ${expr.op} ${expr.signed ? 'signed' : 'unsigned'}`
    case 'update':
      return `update ${expr.op}= yields ${expr.yields}`
    case 'bound':
      return `bound ${expr.length}`
    default:
      return expr.kind
  }
}

function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'int':
    case 'string':
    case 'arg':
    case 'builtin':
      return []
    case 'variable':
      return expr.keys
    case 'call':
      return expr.args
    case 'load':
      return [expr.address]
    case 'bound':
      return [expr.index]
    case 'unary':
    case 'cast':
    case 'address-of-string':
      return [expr.operand]
    case 'copy':
    case 'assign':
    case 'update':
      return [expr.target, expr.value]
    case 'arithmetic':
    case 'compare':
    case 'logical':
    case 'comma':
      return [expr.left, expr.right]
    case 'conditional':
      return [expr.test, expr.then, expr.else]
    default:
      return assertNever(expr)
  }
}
