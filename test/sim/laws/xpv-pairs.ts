// XpvPairs: holds what the probes of 2007 say against their names: a process in between a start and
// its end does nothing but that.
//
//   mmap-start  mmap-entry  mmap-entry  mmap-end   ->  kept
//   mmap-start  dom-create-end                     ->  broken: dom-create-end in the middle of mmap
//
// Holds: probes are those that D sees, named by the same firer.
import { createDom0Firer } from '../../../src/dtrace/probe/fire-dom0.js'
import { allocateFirings } from '../../../src/dtrace/probe/firing.js'
import { XPV_PROBES } from '../../../src/dtrace/probe/xpv-probes.js'
import type { ObservationBatch } from '../../../src/machine/observation.js'

const NAMES: ReadonlyMap<number, string> = new Map(XPV_PROBES.map(({ id, name }) => [id, name]))
/** Firings of one row: two at most. */
const PER_ROW = 8
const START = '-start'
const END = '-end'
const ENTRY = '-entry'

/** The pairs of one machine's processes. */
export class XpvPairs {
  readonly #firer = createDom0Firer(new Set(NAMES.keys()), { args: 0 })
  readonly #out = allocateFirings(PER_ROW)
  /** What a process is in the middle of, by pid. */
  readonly #begun = new Map<number, string>()
  /** How often each probe fired. */
  readonly fired = new Map<string, number>()

  /** Processes that are in the middle of something. */
  get open(): readonly string[] {
    return [...this.#begun].map(([pid, what]) => `process ${pid} in ${what}`)
  }

  /** Takes one observation; the laws it breaks. */
  see(batch: ObservationBatch, i: number): readonly string[] {
    if (!this.#firer.wants(batch.code[i] as number)) return []
    this.#out.length = 0
    this.#firer.fireRow(batch, i, [''], this.#out)
    const broken: string[] = []
    for (let n = 0; n < this.#out.length; n++) {
      const name = NAMES.get(this.#out.probe[n] as number) ?? ''
      const law = this.#fires(name, this.#out.pid[n] as number)
      this.fired.set(name, (this.fired.get(name) ?? 0) + 1)
      if (law !== undefined) broken.push(law)
    }
    return broken
  }

  #fires(name: string, pid: number): string | undefined {
    const inside = this.#begun.get(pid)
    const where = inside === undefined ? 'outside' : `in the middle of ${inside}`
    const told = `process ${pid}: ${name} ${where}`
    if (name.endsWith(START)) {
      this.#begun.set(pid, name.slice(0, -START.length))
      return inside === undefined ? undefined : told
    }
    if (name.endsWith(END)) {
      this.#begun.delete(pid)
      return inside === name.slice(0, -END.length) ? undefined : told
    }
    return name.endsWith(ENTRY) && inside !== name.slice(0, -ENTRY.length) ? told : undefined
  }
}
