// Subscriptions: who is handed an event, by its class.
//
//   ereport.cpu.generic-x86.mc  ->  [eft]        list.suspect of fault.cpu.*  ->  [agents]
//
// Holds: modules come in the order in which they were loaded, each once. A published diagnosis also
// goes to who subscribed to the class of one of its suspects, but for list.isolated.
// Source: illumos-gate fmd_dispq.c.
import { matchesClass } from '../event/event-class.js'
import type { SuspectList } from '../event/suspect-list.js'
import type { LoadedModule } from './loaded-module.js'

/** Classes whose subscribers are remembered, at most. */
const MOST_CLASSES = 4_096

/** Who subscribed to what. */
export class Subscriptions {
  readonly #modules: readonly LoadedModule[]
  readonly #byClass = new Map<string, readonly LoadedModule[]>()

  constructor(modules: readonly LoadedModule[]) {
    this.#modules = modules
  }

  /** Subscribers to a class. */
  to(name: string): readonly LoadedModule[] {
    const known = this.#byClass.get(name)
    if (known !== undefined) return known
    const found = this.#modules.filter(({ module }) =>
      module.subscriptions.some((pattern) => matchesClass(name, pattern)),
    )
    if (this.#byClass.size >= MOST_CLASSES) this.#byClass.clear()
    this.#byClass.set(name, found)
    return found
  }

  /** Subscribers to a diagnosis. */
  toList(list: SuspectList): readonly LoadedModule[] {
    const suspects = list.change === 'isolated' ? [] : list.suspects
    const classes = [`list.${list.change}`, ...suspects.map(({ fault }) => fault.class)]
    const found = new Set(classes.flatMap((name) => this.to(name)))
    return this.#modules.filter((loaded) => found.has(loaded))
  }
}
