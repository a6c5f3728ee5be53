// The plain engine: runs clauses statement by statement. Slow, short, and the oracle for generated
// code: where they differ, this one is right.
import { assert, assertNever } from '../../base/assert.js'
import { cutInteger, int64 } from '../../base/int64.js'
import type { AggregationSnapshot, KeyPart, KeyType } from '../aggregate/aggregation.js'
import { ERROR_ID } from '../probe/catalog.js'
import type { FiringBatch } from '../probe/firing.js'
import { sizeOf } from '../program/layout.js'
import type { Clause, Statement } from '../program/program.js'
import type { RecordItem } from '../program/record.js'
import { ecbsByProbe } from './enabling.js'
import { type Drops, type Ecb, type Engine, type EngineParts, Fault, notLive } from './engine.js'
import { type Captured, Evaluator, type Frame, integer, truth } from './interpret.js'
import { PlainAggregation } from './plain-aggregation.js'
import { overflowAt } from './record-size.js'
import {
  type AggregationStatement,
  operandOf,
  pointedTo,
  type RecordingStatement,
  shownBytes,
} from './recorded.js'
import type { Recorded } from './speculations.js'
import type { Value } from './subroutine.js'
import { actionCount, statementParts, yieldsRow } from './walk.js'

/** Runs a program by walking its tree. */
export class Interpreter implements Engine {
  readonly #parts: EngineParts
  readonly #ecbs: ReadonlyMap<number, readonly Ecb[]>
  readonly #aggregations: readonly PlainAggregation[]
  readonly #evaluator: Evaluator

  constructor(parts: EngineParts) {
    this.#parts = parts
    this.#evaluator = new Evaluator(parts)
    this.#ecbs = ecbsByProbe(parts.ecbs)
    this.#aggregations = parts.program.aggregations.map(
      (decl, i) => new PlainAggregation(decl, parts.limits.groups[i] ?? 0),
    )
  }

  run(batch: FiringBatch, from: number, to: number): number {
    return batch.probe[from] === ERROR_ID
      ? this.#evaluator.memory.nested(() => this.#rows(batch, from, to))
      : this.#rows(batch, from, to)
  }

  #rows(batch: FiringBatch, from: number, to: number): number {
    for (let row = from; row < to; row++) {
      const locals = new Map<string, Value>()
      this.#evaluator.memory.beginFiring()
      for (const ecb of this.#ecbs.get(batch.probe[row] ?? 0) ?? []) {
        this.#fire({ ecb, batch, row, locals, action: 0 })
        // ERROR belongs to the clause that faulted: it is seen through, also after exit().
        if (this.#parts.effects.stopped && ecb.probe.id !== ERROR_ID) return row + 1
      }
    }
    return to
  }

  snapshot(aggregation: number): AggregationSnapshot {
    return this.#aggregation(aggregation).snapshot()
  }

  drops(): Drops {
    const aggregation = this.#aggregations.reduce((sum, a) => sum + a.drops, 0)
    return { aggregation, dynamic: this.#evaluator.dynamicDrops }
  }

  #fire(frame: Frame): void {
    const clause = this.#parts.program.clauses[frame.ecb.clause]
    assert(clause !== undefined, `no clause ${frame.ecb.clause}`)
    const { effects } = this.#parts
    if (effects.asks && !effects.admits(frame)) return
    this.#evaluator.memory.beginClause()
    try {
      this.#clause(clause, frame)
    } catch (e) {
      if (!(e instanceof Fault)) throw e
      effects.fault(frame, e, frame.action)
    }
  }

  #clause(clause: Clause, frame: Frame): void {
    const { effects, limits } = this.#parts
    const { predicate } = clause
    if (predicate !== undefined && !truth(this.#evaluator.evaluate(predicate, frame))) return
    const overflow = overflowAt(clause, limits.specsize, limits)
    const draft: Draft = { items: [], speculation: undefined }
    let first = 1
    for (const [place, statement] of clause.statements.entries()) {
      frame.action = first
      const values = this.#values(statement, frame, first)
      if (place === overflow) {
        effects.overflow()
        return
      }
      if (!this.#act(statement, values, draft, frame)) return
      first += actionCount(statement)
    }
    if (yieldsRow(clause, limits.dialect)) effects.record(frame, draft.items, draft.speculation)
  }

  #values(statement: Statement, frame: Frame, first: number): readonly Captured[] {
    return statementParts(statement).map((part) => {
      frame.action = first + part.action
      return CAPTURING.has(statement.kind)
        ? this.#evaluator.capture(part.expr, frame)
        : this.#evaluator.evaluate(part.expr, frame)
    })
  }

  // Carries a statement out; false ends the clause without a record. `values` are those of
  // statementParts, in that order.
  #act(s: Statement, values: readonly Captured[], draft: Draft, frame: Frame): boolean {
    const { effects } = this.#parts
    switch (s.kind) {
      case 'expr':
        return true
      case 'aggregate':
        this.#aggregate(s, values)
        return true
      case 'speculate':
        draft.speculation = integer(values[0])
        return effects.speculate(frame, draft.speculation)
      case 'commit':
        effects.commit(frame, integer(values[0]))
        return true
      case 'discard':
        effects.discard(integer(values[0]))
        return true
      case 'exit':
        effects.exit(Number(BigInt.asIntN(32, integer(values[0]))))
        return true
      case 'live':
        throw notLive(s.action)
      case 'printa':
      case 'clear':
      case 'trunc':
      case 'normalize':
      case 'denormalize': {
        const act = () => this.#actOn(s, readBack(s, integer(values[0])))
        const done = draft.speculation === undefined ? act() : act
        if (done !== undefined) draft.items.push(done)
        return true
      }
      default:
        draft.items.push(this.#item(s, values))
        return true
    }
  }

  // Prints or changes aggregations: within a speculation, only once that is committed.
  #actOn(s: AggregationStatement, value: bigint): RecordItem | undefined {
    if (s.kind === 'printa') {
      const aggregations = s.aggregations.map((id) => this.snapshot(id))
      return s.format === undefined
        ? { kind: 'printa', aggregations }
        : { kind: 'printa', format: s.format, aggregations }
    }
    const aggregation = this.#aggregation(s.aggregation)
    if (s.kind === 'clear') aggregation.clear()
    else if (s.kind === 'trunc') aggregation.trunc(value)
    else aggregation.normal = s.kind === 'normalize' ? value : 1n
    return undefined
  }

  #item(s: RecordingStatement, values: readonly Captured[]): RecordItem {
    switch (s.kind) {
      case 'trace':
        return { kind: 'trace', value: this.#evaluator.recorded(s.value.type, values[0]) }
      case 'print':
        return this.#print(s, values[0])
      case 'printf':
      case 'system':
      case 'freopen': {
        const args = s.args.map((arg, i) => this.#evaluator.recorded(arg.type, values[i]))
        return { kind: s.kind, format: s.format, args }
      }
      case 'tracemem': {
        const shown = s.shown === undefined ? undefined : integer(values[0])
        const size = shownBytes(s.size, shown, this.#parts.limits.dialect)
        return {
          kind: 'tracemem',
          bytes: this.#evaluator.memory.bytes(integer(values.at(-1)), size),
        }
      }
      case 'stack':
        return { kind: 'stack', frames: [] }
      case 'ftruncate':
        return { kind: 'ftruncate' }
      case 'setopt': {
        const option = `${values[0]}`
        return s.value === undefined
          ? { kind: 'setopt', option }
          : { kind: 'setopt', option, value: `${values[1]}` }
      }
      default:
        return assertNever(s)
    }
  }

  #print(s: Statement & { kind: 'print' }, value: Captured | undefined): RecordItem {
    const type = pointedTo(s)
    if (type === undefined)
      return { kind: 'print', value: this.#evaluator.recorded(s.value.type, value) }
    const address = integer(value)
    const bytes = this.#evaluator.memory.bytes(address, sizeOf(type))
    return { kind: 'print', value: { type, value: bytes }, address }
  }

  #aggregate(s: Statement & { kind: 'aggregate' }, values: readonly Captured[]): void {
    const aggregation = this.#aggregation(s.aggregation)
    const key = aggregation.decl.keys.map((type, i) => keyPart(type, values[i] ?? 0n))
    const increment = s.increment === undefined ? 1n : integer(values[key.length])
    const value = s.value === undefined ? 0n : integer(values.at(-1))
    aggregation.add(key, int64(value), int64(increment))
  }

  #aggregation(id: number): PlainAggregation {
    const found = this.#aggregations[id]
    assert(found !== undefined, `no aggregation ${id}`)
    return found
  }
}

/** A record that a clause is making. */
interface Draft {
  readonly items: Recorded[]
  speculation: bigint | undefined
}

/** Statements whose values are taken one by one, each before the next is evaluated. */
const CAPTURING: ReadonlySet<Statement['kind']> = new Set([
  'trace',
  'printf',
  'print',
  'system',
  'freopen',
  'aggregate',
])

function keyPart(type: KeyType, v: Captured): KeyPart {
  return typeof v === 'bigint' && type.kind === 'int' ? cutInteger(v, type) : v
}

function readBack(s: AggregationStatement, value: bigint): bigint {
  const operand = operandOf(s)
  if (operand === undefined) return value
  const { bits, signed } = operand
  return signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value)
}
