// Statements in words: what one firing records, aggregates, stores.
//
//   self->ts = timestamp;                     sets self->ts to timestamp
//   @[execname] = quantize(timestamp - ...);  counts ... by powers of two in @, for each execname
import { assertNever } from '../../base/assert.js'
import type { PrintfFormat } from '../program/format.js'
import type { Expr, Program, Statement } from '../program/program.js'
import { quoteString } from '../program/string-literal.js'
import { type ExprNames, printExpr } from '../program/to-d-expression.js'
import { isByAddress } from '../program/types.js'
import { aggregationName, functionInWords } from './aggregation.js'

/** What statements refer to. */
export interface Words {
  readonly program: Program
  readonly names: ExprNames
}

/** One statement, as the rest of a sentence that begins with the clause: `counts ...`. */
export function statementInWords(s: Statement, words: Words): string {
  const text = (expr: Expr): string => printExpr(expr, words.names)
  const name = (id: number): string => aggregationName(words.program, id)
  switch (s.kind) {
    case 'expr':
      return effectInWords(s.expr, words)
    case 'aggregate':
      return aggregateInWords(s, words)
    case 'trace':
      return `records ${text(s.value)}${isByAddress(s.value.type) ? ', byte by byte' : ''}`
    case 'print':
      return `records ${text(s.value)} with its type`
    case 'printf':
      return `records the text ${formatInWords(s, text)}`
    case 'tracemem':
      return `records ${s.size} bytes of memory at ${text(s.address)}`
    case 'stack':
      return `records the frames of ${s.which}(), of which a recording has none`
    case 'speculate':
      return `from here on records into speculation ${text(s.id)}`
    case 'commit':
      return `lets speculation ${text(s.id)} come out`
    case 'discard':
      return `forgets speculation ${text(s.id)}`
    case 'system':
      return `runs a command of the system: ${formatInWords(s, text)}`
    case 'freopen':
      return `sends the output to the file ${formatInWords(s, text)}`
    case 'ftruncate':
      return 'empties the output file'
    case 'setopt':
      return `sets the option ${text(s.option)}${s.value ? ` to ${text(s.value)}` : ''}`
    case 'live':
      return `would act on a live machine by ${s.action}(), which fails here`
    case 'printa':
      return `prints ${s.aggregations.map(name).join(', ')}${
        s.format === undefined ? '' : ` as ${quoteString(s.format.text)}`
      }`
    case 'exit':
      return `ends the run with status ${text(s.status)}`
    case 'clear':
      return `sets ${name(s.aggregation)} to zero, keeping its keys`
    case 'trunc':
      return truncInWords(s, words)
    case 'normalize':
      return `divides ${name(s.aggregation)} by ${text(s.factor)} where it prints`
    case 'denormalize':
      return `no longer divides ${name(s.aggregation)} where it prints`
    default:
      return assertNever(s)
  }
}

function formatInWords(
  { format, args }: { readonly format: PrintfFormat; readonly args: readonly Expr[] },
  text: (expr: Expr) => string,
): string {
  const quoted = quoteString(format.text)
  return args.length === 0 ? quoted : `${quoted} of ${args.map(text).join(', ')}`
}

function truncInWords(s: Statement & { kind: 'trunc' }, { program, names }: Words): string {
  const name = aggregationName(program, s.aggregation)
  if (s.count === undefined) return `empties ${name}, keys and all`
  if (s.count.kind !== 'int') return `keeps the first ${printExpr(s.count, names)} of ${name}`
  const count = s.count.value
  if (count === 0n) return `empties ${name}, keys and all`
  return `keeps the ${count < 0n ? `${-count} least` : `${count} greatest`} of ${name}`
}

function effectInWords(expr: Expr, words: Words): string {
  const text = (e: Expr): string => printExpr(e, words.names)
  if (expr.kind === 'comma')
    return `${effectInWords(expr.left, words)}, then ${effectInWords(expr.right, words)}`
  if (expr.kind === 'assign') {
    if (isFreeing(expr, words)) return `frees ${text(expr.target)}`
    return `sets ${text(expr.target)} to ${text(expr.value)}`
  }
  if (expr.kind === 'update' && expr.op === '+') {
    return `adds ${text(expr.value)} to ${text(expr.target)}`
  }
  if (expr.kind === 'update' && expr.op === '-') {
    return `takes ${text(expr.value)} from ${text(expr.target)}`
  }
  return `computes ${text(expr)}`
}

/** Storing 0 in an element of an associative array or a thread's variable gives its memory back. */
function isFreeing(expr: Expr & { kind: 'assign' }, { program }: Words): boolean {
  const { target, value } = expr
  if (value.kind !== 'int' || value.value !== 0n || target.kind !== 'variable') return false
  return target.keys.length > 0 || program.variables[target.variable]?.scope === 'self'
}

function aggregateInWords(s: Statement & { kind: 'aggregate' }, { program, names }: Words): string {
  const decl = program.aggregations[s.aggregation]
  const name = aggregationName(program, s.aggregation)
  const value = s.value === undefined ? '' : printExpr(s.value, names)
  const keys = s.keys.map((key) => printExpr(key, names))
  const each = keys.length === 0 ? '' : `, for each ${keys.join(' and ')}`
  const weight = s.increment === undefined ? '' : `, ${printExpr(s.increment, names)} times`
  return `${functionInWords(decl?.function ?? { kind: 'count' }, value, name)}${weight}${each}`
}
