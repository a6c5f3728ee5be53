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
import type { Clause, Expr, Program, Statement } from '../program/program.js'
import { INT, INT64 } from '../program/types.js'
import { rowOf, type VariablePlan } from './linkage.js'
import { unsoughtRows } from './lower-variable.js'
import { asTest, toBig } from './lowered.js'
import type { Lowering } from './lowering.js'
import { actionCount, yieldsRow } from './walk.js'

/** Writes the clause of control block slot `slot`. */
export function writeClause(
  lowering: Lowering,
  { program, plans }: { readonly program: Program; readonly plans: readonly VariablePlan[] },
  clause: Clause,
  slot: number,
): string {
  return new ClauseWriter(lowering, program, { slot, afterFault: unsoughtRows(plans) }).write(
    clause,
  )
}

class ClauseWriter {
  readonly #lowering: Lowering
  readonly #program: Program
  readonly #slot: number
  readonly #afterFault: readonly string[]
  readonly #lines: string[] = []
  #faults = false
  /** Number of the statement's first action. */
  #first = 1

  constructor(
    lowering: Lowering,
    program: Program,
    { slot, afterFault }: { readonly slot: number; readonly afterFault: readonly string[] },
  ) {
    this.#lowering = lowering
    this.#program = program
    this.#slot = slot
    this.#afterFault = afterFault
    lowering.epidSlot = slot
  }

  write(clause: Clause): string {
    const label = `c${this.#slot}`
    const rows = yieldsRow(clause)
    if (clause.predicate !== undefined) {
      const test = asTest(this.#part(0, () => this.#lowering.lower(clause.predicate as Expr)))
      this.#lines.push(`if (!(${test})) break ${label}`)
    }
    if (rows) this.#lines.push('const items = []')
    for (const statement of clause.statements) {
      this.#statement(statement)
      this.#first += actionCount(statement)
    }
    if (rows) this.#lines.push(`effects.record(${this.#place()}, items)`)
    return this.#wrap(label, clause)
  }

  #wrap(label: string, clause: Clause): string {
    const body = this.#lines.map((line) => `${line};`).join('\n')
    const faulted = [`effects.fault(${this.#place()}, e, n)`, ...this.#afterFault]
    const caught = `if (!(e instanceof Fault)) throw e;\n${faulted.join(';\n')};`
    const guarded = this.#faults ? `try {\n${body}\n} catch (e) {\n${caught}\n}` : body
    const exits = this.#faults || clause.statements.some((s) => s.kind === 'exit')
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

  #statement(s: Statement): void {
    const { link } = this.#lowering
    switch (s.kind) {
      case 'expr':
        this.#lines.push(this.#part(this.#first, () => this.#lowering.lower(s.expr).js))
        return
      case 'aggregate':
        this.#aggregate(s)
        return
      case 'trace': {
        const value = this.#part(this.#first, () => this.#lowering.recorded(s.value))
        const type = link.constant(s.value.type)
        this.#lines.push(`items.push({ kind: 'trace', value: { type: ${type}, value: ${value} } })`)
        return
      }
      case 'printf':
        this.#printf(s)
        return
      case 'printa': {
        const format = s.format === undefined ? '' : `format: ${link.constant(s.format)}, `
        const shots = s.aggregations.map((id) => `A${id}.snapshot()`).join(', ')
        this.#lines.push(`items.push({ kind: 'printa', ${format}aggregations: [${shots}] })`)
        return
      }
      case 'exit': {
        const status = this.#part(this.#first, () => this.#lowering.cut(s.status, INT).js)
        this.#lines.push(`effects.exit(${status})`)
        return
      }
      case 'clear':
        this.#lines.push(`A${s.aggregation}.clear()`)
        return
      case 'trunc': {
        const { count } = s
        const most = count && this.#part(this.#first + 1, () => this.#big(count))
        this.#lines.push(`A${s.aggregation}.trunc(${most ?? '0n'})`)
        return
      }
      case 'normalize': {
        const factor = this.#part(this.#first + 1, () => this.#big(s.factor))
        this.#lines.push(`A${s.aggregation}.normal = ${factor}`)
        return
      }
      case 'denormalize':
        this.#lines.push(`A${s.aggregation}.normal = 1n`)
        return
      default:
        assertNever(s)
    }
  }

  #printf(s: Statement & { kind: 'printf' }): void {
    const { link } = this.#lowering
    const args = s.args.map((arg, i) => {
      const value = this.#kept(this.#first + i, () => this.#lowering.recorded(arg))
      return `{ type: ${link.constant(arg.type)}, value: ${value} }`
    })
    const format = link.constant(s.format)
    this.#lines.push(
      `items.push({ kind: 'printf', format: ${format}, args: [${args.join(', ')}] })`,
    )
  }

  #aggregate(s: Statement & { kind: 'aggregate' }): void {
    const decl = this.#decl(s.aggregation)
    const words = s.keys.flatMap((key, i) => this.#keyWords(decl, key, i))
    const action = this.#first + s.keys.length
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
    const keyType = type.kind === 'int' ? type : key.type
    const words = this.#part(this.#first + i, () => this.#lowering.words(key, keyType))
    return words.map((word) => this.#kept(this.#first + i, () => word))
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
    const decl = this.#program.aggregations[id]
    assert(decl !== undefined, `no aggregation ${id}`)
    return decl
  }
}
