// Routes: probes with the same clauses share one piece of generated code, found by a table lookup.
//
//   probe id -> route number -> slots, one for each occurrence of a clause -> EPID by probe
import type { StringPool } from '../aggregate/key-layout.js'
import { ecbsByProbe } from './enabling.js'
import type { Ecb } from './engine.js'

/** A clause as one route runs it: the n-th time that clause is enabled on a probe. */
export interface Slot {
  readonly clause: number
  /** Control blocks by probe id. */
  readonly ecbs: Map<number, Ecb>
}

/** How the firings of a program find their clauses. */
export class Routes {
  /** Route number by probe id; 0 runs nothing. */
  readonly byProbe: Uint16Array
  /** Slot numbers of each route, in order; route 0 is empty. */
  readonly routes: readonly (readonly number[])[]
  readonly slots: readonly Slot[]
  readonly #ecbs: readonly Ecb[]

  constructor(ecbs: readonly Ecb[]) {
    this.#ecbs = ecbs
    const slots = new SlotList()
    const routes = new Map<string, number[]>()
    this.byProbe = new Uint16Array(1 + greatestId(ecbs))
    for (const [probe, list] of ecbsByProbe(ecbs)) {
      const times = occurrences(list)
      const route = list.map((ecb, i) => slots.place(ecb, times[i] ?? 0))
      const name = route.join()
      if (!routes.has(name)) routes.set(name, route)
      this.byProbe[probe] = [...routes.keys()].indexOf(name) + 1
    }
    this.routes = [[], ...routes.values()]
    this.slots = slots.list
  }

  /** Tables by probe id that generated code reads: numbers of the four names, control blocks,
   *  EPIDs. */
  tables(pool: StringPool) {
    const names = ['provider', 'module', 'function', 'name'] as const
    const codes = names.map((part) => {
      const column = new Int32Array(this.byProbe.length)
      for (const { probe } of this.#ecbs) column[probe.id] = pool.code(probe[part])
      return column
    })
    const epids = this.slots.map((slot) => {
      const column = new Int32Array(1 + greatestId(slot.ecbs.values()))
      for (const [probe, { epid }] of slot.ecbs) column[probe] = epid
      return column
    })
    const [probeprov, probemod, probefunc, probename] = codes
    const places = this.slots.map((slot) => slot.ecbs)
    return { routeOf: this.byProbe, probeprov, probemod, probefunc, probename, epids, places }
  }
}

class SlotList {
  readonly list: Slot[] = []
  readonly #byName = new Map<string, number>()

  place(ecb: Ecb, times: number): number {
    const name = `${ecb.clause}.${times}`
    let number = this.#byName.get(name)
    if (number === undefined) {
      number = this.list.push({ clause: ecb.clause, ecbs: new Map() }) - 1
      this.#byName.set(name, number)
    }
    this.list[number]?.ecbs.set(ecb.probe.id, ecb)
    return number
  }
}

// How often the clause of each entry came before it in the list.
function occurrences(list: readonly Ecb[]): readonly number[] {
  const seen = new Map<number, number>()
  return list.map(({ clause }) => {
    const times = seen.get(clause) ?? 0
    seen.set(clause, times + 1)
    return times
  })
}

function greatestId(ecbs: Iterable<Ecb>): number {
  let greatest = 0
  for (const { probe } of ecbs) greatest = Math.max(greatest, probe.id)
  return greatest
}
