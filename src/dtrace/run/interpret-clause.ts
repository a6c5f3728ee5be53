// The plain engine: runs clauses statement by statement. Slow, short, and the oracle for generated
// code: where they differ, this one is right.
import { assert, assertNever } from '../../base/assert.js'
import { int64 } from '../../base/int64.js'
import type { AggregationSnapshot, KeyPart, KeyType } from '../aggregate/aggregation.js'
import { ERROR_ID } from '../probe/catalog.js'
import type { FiringBatch } from '../probe/firing.js'
import type { Clause, Statement } from '../program/program.js'
import type { RecordItem } from '../program/record.js'
import { ecbsByProbe } from './enabling.js'
import { type Drops, type Ecb, type Engine, type EngineParts, Fault } from './engine.js'
import { type Captured, Evaluator, type Frame, integer, recorded, truth } from './interpret.js'
import { PlainAggregation } from './plain-aggregation.js'
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
    this.#evaluator.memory.beginClause()
    try {
      const items = this.#clause(clause, frame)
      if (items !== undefined) this.#parts.effects.record(frame, items)
    } catch (e) {
      if (!(e instanceof Fault)) throw e
      this.#parts.effects.fault(frame, e, frame.action)
    }
  }

  #clause(clause: Clause, frame: Frame): readonly RecordItem[] | undefined {
    if (
      clause.predicate !== undefined &&
      !truth(this.#evaluator.evaluate(clause.predicate, frame))
    ) {
      return undefined
    }
    const items: RecordItem[] = []
    let first = 1
    for (const statement of clause.statements) {
      const values = statementParts(statement).map((part) => {
        frame.action = first + part.action
        return CAPTURING.has(statement.kind)
          ? this.#evaluator.capture(part.expr, frame)
          : this.#evaluator.evaluate(part.expr, frame)
      })
      const item = this.#act(statement, values)
      if (item !== undefined) items.push(item)
      first += actionCount(statement)
    }
    return yieldsRow(clause) ? items : undefined
  }

  // `values` are those of statementParts, in that order.
  #act(s: Statement, values: readonly Captured[]): RecordItem | undefined {
    switch (s.kind) {
      case 'expr':
        return undefined
      case 'aggregate':
        this.#aggregate(s, values)
        return undefined
      case 'trace':
        return { kind: 'trace', value: recorded(s.value.type, values[0]) }
      case 'printf': {
        const args = s.args.map((arg, i) => recorded(arg.type, values[i]))
        return { kind: 'printf', format: s.format, args }
      }
      case 'printa': {
        const aggregations = s.aggregations.map((id) => this.snapshot(id))
        return s.format === undefined
          ? { kind: 'printa', aggregations }
          : { kind: 'printa', format: s.format, aggregations }
      }
      case 'exit':
        this.#parts.effects.exit(Number(BigInt.asIntN(32, integer(values[0]))))
        return undefined
      case 'clear':
        this.#aggregation(s.aggregation).clear()
        return undefined
      case 'trunc':
        this.#aggregation(s.aggregation).trunc(int64(integer(values[0])))
        return undefined
      case 'normalize':
        this.#aggregation(s.aggregation).normal = int64(integer(values[0]))
        return undefined
      case 'denormalize':
        this.#aggregation(s.aggregation).normal = 1n
        return undefined
      default:
        return assertNever(s)
    }
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
  if (typeof v !== 'bigint' || type.kind !== 'int') return v
  const bits = type.bytes * 8
  return type.signed ? BigInt.asIntN(bits, v) : BigInt.asUintN(bits, v)
}
