// One clause as JavaScript statements: predicate, actions, record, and what catches its faults.
//
//   c3: { try { if (!(predicate)) break c3; ... effects.record(place, items) } catch (e) { ... } }
//
// Holds: `n` is the number of the action being evaluated whenever that may fault; operands are
// evaluated in D's order before an aggregation is touched.

import { assert, assertNever } from '../../base/assert.js'
import type { AggregationDecl } from '../aggregate/aggregation.js'
import { NEAR_LIMIT } from '../aggregate/sums.js'
import { ERROR_ID } from '../probe/catalog.js'
import { sizeOf } from '../program/layout.js'
import type { Clause, Expr, Statement } from '../program/program.js'
import { INT, INT64 } from '../program/types.js'
import type { EngineParts } from './engine.js'
import { rowOf, type VariablePlan } from './linkage.js'
import { unsoughtRows } from './lower-variable.js'
import { asTest, toBig } from './lowered.js'
import type { Lowering } from './lowering.js'
import { overflowAt } from './record-size.js'
import {
  type AggregationStatement,
  type Operand,
  operandOf,
  pointedTo,
  type RecordingStatement,
} from './recorded.js'
import { actionCount, yieldsRow } from './walk.js'

/** Writes the clause of control block slot `slot`. */
export function writeClause(
  lowering: Lowering,
  { parts, plans }: { readonly parts: EngineParts; readonly plans: readonly VariablePlan[] },
  clause: Clause,
  slot: number,
): string {
  return new ClauseWriter(lowering, parts, { slot, afterFault: unsoughtRows(plans) }).write(clause)
}

class ClauseWriter {
  readonly #lowering: Lowering
  readonly #parts: EngineParts
  readonly #slot: number
  readonly #afterFault: readonly string[]
  readonly #lines: string[] = []
  #faults = false
  /** Number of the statement's first action. */
  #first = 1
  /** What holds the id of the speculation that the clause records to. */
  #speculation: string | undefined

  constructor(
    lowering: Lowering,
    parts: EngineParts,
    { slot, afterFault }: { readonly slot: number; readonly afterFault: readonly string[] },
  ) {
    this.#lowering = lowering
    this.#parts = parts
    this.#slot = slot
    this.#afterFault = afterFault
    lowering.epidSlot = slot
  }

  write(clause: Clause): string {
    const label = `c${this.#slot}`
    const { limits, effects } = this.#parts
    const rows = yieldsRow(clause, limits.dialect)
    const overflow = overflowAt(clause, limits.specsize, limits)
    if (effects.asks) this.#lines.push(`if (!effects.admits(${this.#place()})) break ${label}`)
    if (clause.predicate !== undefined) {
      const test = asTest(this.#part(0, () => this.#lowering.lower(clause.predicate as Expr)))
      this.#lines.push(`if (!(${test})) break ${label}`)
    }
    if (rows) this.#lines.push('const items = []')
    for (const [place, statement] of clause.statements.entries()) {
      const isLost = place === overflow && statement.kind === 'exit'
      if (isLost) this.#kept(this.#first, () => this.#lowering.lower(statement.status).js)
      else this.#statement(statement, label)
      this.#first += actionCount(statement)
      if (place === overflow) {
        this.#lines.push('effects.overflow()', `break ${label}`)
        break
      }
    }
    if (rows && overflow === undefined) {
      const speculation = this.#speculation === undefined ? '' : `, ${this.#speculation}`
      this.#lines.push(`effects.record(${this.#place()}, items${speculation})`)
    }
    return this.#wrap(label, clause)
  }

  #wrap(label: string, clause: Clause): string {
    const body = this.#lines.map((line) => `${line};`).join('\n')
    const faulted = [`effects.fault(${this.#place()}, e, n)`, ...this.#afterFault]
    const caught = `if (!(e instanceof Fault)) throw e;\n${faulted.join(';\n')};`
    const guarded = this.#faults ? `try {\n${body}\n} catch (e) {\n${caught}\n}` : body
    const mayStop = this.#faults || this.#parts.effects.asks
    const exits = mayStop || clause.statements.some((s) => s.kind === 'exit')
    const stop = exits ? `if (effects.stopped && p !== ${ERROR_ID}) return i + 1;\n` : ''
    return `${label}: {\n${guarded}\n}\n${stop}`
  }

  #place(): string {
    return `{ ecb: P${this.#slot}.get(p), batch, row: i }`
  }

  // Lowers a part of a statement and notes its action number if it may fault.
  #part<T>(action: number, lower: () => T): T {
    this.#lowering.faults = false
    const lowered = lower()
    if (this.#lowering.faults) {
      this.#faults = true
      this.#lines.push(`n = ${action}`)
    }
    return lowered
  }

  // Evaluates a part now; yields the name of what holds it.
  #kept(action: number, lower: () => string): string {
    const js = this.#part(action, lower)
    const q = this.#lowering.link.temporary()
    this.#lines.push(`${q} = ${js}`)
    return q
  }

  #big(e: Expr): string {
    assert(e.type.kind === 'int', `${e.kind} is not an integer`)
    return toBig(this.#lowering.register(e, INT64), INT64).js
  }

  #statement(s: Statement, label: string): void {
    switch (s.kind) {
      case 'expr':
        this.#lines.push(this.#part(this.#first, () => this.#lowering.lower(s.expr).js))
        return
      case 'aggregate':
        this.#aggregate(s)
        return
      case 'exit': {
        const status = this.#part(this.#first, () => this.#lowering.cut(s.status, INT).js)
        this.#lines.push(`effects.exit(${status})`)
        return
      }
      case 'speculate':
        this.#speculation = this.#kept(this.#first, () => this.#big(s.id))
        this.#lines.push(
          `if (!effects.speculate(${this.#place()}, ${this.#speculation})) break ${label}`,
        )
        return
      case 'commit':
      case 'discard': {
        const id = this.#kept(this.#first, () => this.#big(s.id))
        const place = s.kind === 'commit' ? `${this.#place()}, ` : ''
        this.#mayFault(`effects.${s.kind}(${place}${id})`)
        return
      }
      case 'live':
        for (const arg of s.args) this.#kept(this.#first, () => this.#lowering.lower(arg).js)
        this.#mayFault(`throw notLive('${s.action}')`)
        return
      case 'printa':
      case 'clear':
      case 'trunc':
      case 'normalize':
      case 'denormalize':
        this.#actOn(s)
        return
      default:
        this.#lines.push(`items.push(${this.#item(s)})`)
    }
  }

  #mayFault(line: string): void {
    this.#faults = true
    this.#lines.push(`n = ${this.#first}`, line)
  }

  // Prints or changes aggregations: within a speculation, only once that is committed.
  #actOn(s: AggregationStatement): void {
    const { link } = this.#lowering
    const waits = this.#speculation !== undefined
    if (s.kind === 'printa') {
      const format = s.format === undefined ? '' : `format: ${link.constant(s.format)}, `
      const shots = s.aggregations.map((id) => `A${id}.snapshot()`).join(', ')
      const item = `{ kind: 'printa', ${format}aggregations: [${shots}] }`
      this.#lines.push(`items.push(${waits ? `() => (${item})` : item})`)
      return
    }
    const operand = operandOf(s)
    const value = operand && this.#kept(this.#first + 1, () => this.#readBack(operand))
    const table = `A${s.aggregation}`
    const act = (v: string): string => {
      if (s.kind === 'clear') return `${table}.clear()`
      return s.kind === 'trunc' ? `${table}.trunc(${v})` : `${table}.normal = ${v}`
    }
    const absent = s.kind === 'trunc' ? '0n' : '1n'
    if (waits) this.#lines.push(`items.push(((v) => () => { ${act('v')} })(${value ?? absent}))`)
    else this.#lines.push(act(value ?? absent))
  }

  #readBack({ value, bits, signed }: Operand): string {
    return `BigInt.as${signed ? 'Int' : 'Uint'}N(${bits}, ${this.#big(value)})`
  }

  // What a statement adds to the record.
  #item(s: RecordingStatement): string {
    const { link } = this.#lowering
    switch (s.kind) {
      case 'trace':
        return `{ kind: 'trace', value: ${this.#typed(s.value, this.#first)} }`
      case 'print':
        return this.#print(s)
      case 'printf':
      case 'system':
      case 'freopen': {
        const args = s.args.map((arg, i) => this.#typed(arg, this.#first + i))
        const format = link.constant(s.format)
        return `{ kind: '${s.kind}', format: ${format}, args: [${args.join(', ')}] }`
      }
      case 'tracemem':
        return this.#tracemem(s)
      case 'stack':
        return `{ kind: 'stack', frames: [] }`
      case 'ftruncate':
        return `{ kind: 'ftruncate' }`
      case 'setopt': {
        const option = this.#kept(this.#first, () => this.#lowering.recorded(s.option))
        const { value } = s
        if (value === undefined) return `{ kind: 'setopt', option: ${option} }`
        const text = this.#kept(this.#first + 1, () => this.#lowering.recorded(value))
        return `{ kind: 'setopt', option: ${option}, value: \`\${${text}}\` }`
      }
      default:
        return assertNever(s)
    }
  }

  #typed(e: Expr, action: number): string {
    const value = this.#kept(action, () => this.#lowering.recorded(e))
    return `{ type: ${this.#lowering.link.constant(e.type)}, value: ${value} }`
  }

  #print(s: Statement & { kind: 'print' }): string {
    const type = pointedTo(s)
    if (type === undefined) return `{ kind: 'print', value: ${this.#typed(s.value, this.#first)} }`
    const address = this.#kept(this.#first, () => this.#lowering.recorded(s.value))
    const bytes = this.#kept(this.#first, () => {
      this.#lowering.faults = true
      return `mem.bytes(${address}, ${sizeOf(type)})`
    })
    const value = `{ type: ${this.#lowering.link.constant(type)}, value: ${bytes} }`
    return `{ kind: 'print', value: ${value}, address: ${address} }`
  }

  #tracemem(s: Statement & { kind: 'tracemem' }): string {
    const { shown } = s
    const most = shown && this.#kept(this.#first, () => this.#big(shown))
    const { dialect } = this.#parts.limits
    const size = most === undefined ? `${s.size}` : `shownBytes(${s.size}, ${most}, '${dialect}')`
    const bytes = this.#kept(this.#first + (shown === undefined ? 0 : 1), () => {
      const address = this.#lowering.address(s.address)
      this.#lowering.faults = true
      return `mem.bytes(${address}, ${size})`
    })
    return `{ kind: 'tracemem', bytes: ${bytes} }`
  }

  #aggregate(s: Statement & { kind: 'aggregate' }): void {
    const decl = this.#decl(s.aggregation)
    const words = s.keys.flatMap((key, i) => this.#keyWords(decl, key, i))
    const action = this.#first + s.keys.length + 1
    const add = this.#addition(s, `C${decl.id}`, action)
    this.#lines.push(`r = ${rowOf(`A${decl.id}.keys`, words, 'add', this.#lowering.link)}`)
    this.#lines.push(`if (r < 0) A${decl.id}.drops++; else ${add}`)
  }

  // What adds to row r of a column. Operands are evaluated before.
  #addition(s: Statement & { kind: 'aggregate' }, column: string, action: number): string {
    const { increment, value } = s
    if (value === undefined) return `${column}.add(r, 0)`
    if (increment === undefined) return this.#operand(value, column, action)
    const times = this.#kept(action, () => this.#big(increment))
    return `${column}.addTimes(r, ${this.#kept(action + 1, () => this.#big(value))}, ${times})`
  }

  #keyWords(decl: AggregationDecl, key: Expr, i: number): string[] {
    const type = decl.keys[i]
    assert(type !== undefined, `@${decl.name} has no key ${i}`)
    const words = this.#part(this.#first + 1 + i, () => this.#lowering.words(key, type))
    return words.map((word) => this.#kept(this.#first + 1 + i, () => word))
  }

  #operand(value: Expr, column: string, action: number): string {
    assert(value.type.kind === 'int', 'an aggregation takes integers')
    const type = value.type
    let method = 'add'
    const name = this.#kept(action, () => {
      const size = value.kind === 'arg' ? this.#lowering.argumentSize(value.index, type) : undefined
      if (size !== undefined) {
        method = ''
        return size
      }
      const whole = this.#lowering.register(value, INT64)
      if (whole.kind === 'num' && whole.low >= -NEAR_LIMIT && whole.high <= NEAR_LIMIT)
        return whole.js
      method = 'addBig'
      return toBig(whole, INT64).js
    })
    if (method !== '' || value.kind !== 'arg') return `${column}.${method}(r, ${name})`
    // Most values of a wide argument are small: only the others pay for a bigint.
    const small = `${name} >= ${-NEAR_LIMIT} && ${name} <= ${NEAR_LIMIT}`
    return `if (${small}) ${column}.add(r, ${name}); else ${column}.addBig(r, a${value.index}[i])`
  }

  #decl(id: number): AggregationDecl {
    const decl = this.#parts.program.aggregations[id]
    assert(decl !== undefined, `no aggregation ${id}`)
    return decl
  }
}
