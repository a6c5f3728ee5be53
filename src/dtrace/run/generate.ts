// The fast engine: a program becomes one JavaScript function that loops over a batch of firings.
//
//   Program -> plan of variables -> text -> new Function -> run(batch, from, to)
//
// The text is made under assumptions (Assumptions) that are checked on each batch. An argument that
// was not recorded only makes that batch run other code; one that is too wide for a number changes
// how variables are stored, once and for good.
//
// Holds: agrees with interpret.ts on every program and batch; only names and numbers made here are
// in the text.
import { assert } from '../../base/assert.js'
import type { AggregationSnapshot } from '../aggregate/aggregation.js'
import { StringPool } from '../aggregate/key-layout.js'
import { AggregationTable } from '../aggregate/table.js'
import { ERROR_ID } from '../probe/catalog.js'
import type { FiringBatch } from '../probe/firing.js'
import { type Block, type BlockCopy, blockOf, copyBlock } from './blocks.js'
import { VariableStore } from './cells.js'
import type { Drops, Engine, EngineParts } from './engine.js'
import { planVariables } from './infer.js'
import { type Assumptions, LATEST, Linkage, NARROW } from './linkage.js'
import { Memory } from './memory.js'
import { layOut } from './memory-layout.js'
import { PRELUDE } from './prelude.js'
import { Routes } from './routes.js'
import { writeProgram } from './source.js'
import { compareNullable, cutString } from './strings.js'
import { SubroutineState, type Value } from './subroutine.js'
import { subroutine } from './subroutines.js'

type Run = (batch: FiringBatch, from: number, to: number) => number

/** High words of 64-bit arguments that fit into 48 bits, shifted to count from 0. */
const NARROW_HIGH = NARROW / 2 ** 32

/** Makes the engine of a program. Throws `EvalError` where code must not be made from strings. */
export function generateEngine(parts: EngineParts): Engine {
  return new GeneratedEngine(parts)
}

class GeneratedEngine implements Engine {
  readonly #parts: EngineParts
  readonly #pool = new StringPool()
  readonly #routes: Routes
  readonly #tables: readonly AggregationTable[]
  readonly #store: VariableStore
  readonly #memory: Memory
  readonly #subroutines: SubroutineState
  /** Compiled code by whether all arguments are known. */
  readonly #runs = new Map<boolean, Run>()
  readonly #link = new Linkage()
  #narrow = true

  constructor(parts: EngineParts) {
    this.#parts = parts
    this.#memory = new Memory(layOut(parts.program), parts.limits)
    this.#subroutines = new SubroutineState(parts.limits, this.#memory)
    this.#subroutines.speculation = () => parts.effects.speculation()
    this.#routes = new Routes(parts.ecbs)
    this.#tables = parts.program.aggregations.map(
      (decl, i) => new AggregationTable(decl, this.#pool, parts.limits.groups[i] ?? 0),
    )
    const assume = { narrow: true, known: true }
    this.#store = new VariableStore(
      parts.program.variables,
      planVariables(parts, this.#pool, assume).map((plan) => plan.storage),
      parts.limits,
    )
    this.#runs.set(true, this.#compile(assume, this.#link))
  }

  run(batch: FiringBatch, from: number, to: number): number {
    if (from >= to) return to
    if (this.#narrow && !this.#isNarrow(batch, from, to)) this.#widen()
    const known = this.#isKnown(batch, from, to)
    let run = this.#runs.get(known)
    if (run === undefined) {
      run = this.#compile({ narrow: this.#narrow, known }, new Linkage())
      this.#runs.set(known, run)
    }
    const fires = run
    return batch.probe[from] === ERROR_ID
      ? this.#memory.nested(() => fires(batch, from, to))
      : fires(batch, from, to)
  }

  snapshot(aggregation: number): AggregationSnapshot {
    const table = this.#tables[aggregation]
    assert(table !== undefined, `no aggregation ${aggregation}`)
    return table.snapshot()
  }

  drops(): Drops {
    const aggregation = this.#tables.reduce((sum, table) => sum + table.lost, 0)
    return { aggregation, dynamic: this.#store.drops }
  }

  #isKnown(batch: FiringBatch, from: number, to: number): boolean {
    if (this.#link.args.size === 0) return true
    let seen = 0
    for (let i = from; i < to; i++) seen |= batch.unknown[i] as number
    for (const index of this.#link.args) if ((seen & (1 << index)) !== 0) return false
    return true
  }

  #isNarrow(batch: FiringBatch, from: number, to: number): boolean {
    for (const index of this.#link.narrowArgs) {
      const words = batch.argWords[index]
      if (words === undefined) continue
      for (let i = from; i < to; i++) {
        const high = ((words[2 * i + 1] as number) + NARROW_HIGH) >>> 0
        if (high >= 2 * NARROW_HIGH) return false
      }
    }
    if (!this.#link.columns.has('ticks')) return true
    let last = 0
    for (let i = from; i < to; i++) last = Math.max(last, batch.ticks[i] as number)
    return last <= LATEST && this.#parts.toNs(last) <= LATEST
  }

  #widen(): void {
    this.#narrow = false
    this.#runs.clear()
    const plans = planVariables(this.#parts, this.#pool, { narrow: false, known: true })
    this.#store.widen(plans.map((plan) => plan.storage))
  }

  #compile(assume: Assumptions, link: Linkage): Run {
    const { effects, toNs, limits } = this.#parts
    const plans = planVariables(this.#parts, this.#pool, assume)
    const text = writeProgram(this.#parts, {
      link,
      pool: this.#pool,
      assume,
      plans,
      routes: this.#routes,
    })
    const host = {
      ...PRELUDE,
      effects,
      pool: this.#pool,
      toNs,
      mem: this.#memory,
      blockOf: (...at: Block) => blockOf(this.#memory, ...at),
      copyBlock: (...at: BlockCopy) => copyBlock(this.#memory, ...at),
      compareNullable: (a: string, b: string) => compareNullable(a, b, limits.dialect),
      cut: (s: string) => cutString(s, limits.strsize),
      call: (name: string, tid: number, pid: number, args: readonly Value[]) =>
        this.#call(name, { tid, pid }, args),
      ...this.#routes.tables(this.#pool),
    }
    const make = new Function('H', 'A', 'V', 'K', text) as (...linked: unknown[]) => Run
    return make(host, this.#tables, this.#store, link.constants)
  }

  #call(name: string, from: { tid: number; pid: number }, args: readonly Value[]): Value {
    const f = subroutine(name)
    assert(f !== undefined, `no subroutine ${name}`)
    this.#subroutines.tid = from.tid
    this.#subroutines.pid = from.pid
    const result = f(args, this.#subroutines)
    const { strsize } = this.#parts.limits
    return typeof result === 'string' ? cutString(result, strsize) : result
  }
}
