// Residence: where somebody lives on a simulated host who is to be woken: fault management.
//
//   kernel.alert(), or a time he chose  ->  after that step  ->  attendant.wake()
//
// Holds: without anybody there nothing happens, and nothing is scheduled. When he is to be woken is
// scheduled like all else, so a copy of the host wakes whoever lives there.
import type { Attendant, Home } from '../../machine/attendant.js'
import type { HostAccess } from '../../machine/host-access.js'
import type { HostConfig } from './host-config.js'
import type { Kernel } from './kernel.js'
import { ATTENDANT_KINDS } from './kinds.js'

/** A time has come that the attendant chose. */
const WAKE = ATTENDANT_KINDS

/** What it is made of. */
export interface ResidenceParts {
  readonly kernel: Kernel
  readonly host: HostConfig
  readonly access: () => HostAccess
}

/** One host's attendant. */
export class Residence implements Home {
  readonly #parts: ResidenceParts
  #attendant: Attendant | undefined

  constructor(parts: ResidenceParts) {
    this.#parts = parts
    const { kernel } = parts
    kernel.on(WAKE, () => kernel.alert())
    kernel.attendant = () => this.#attendant?.wake()
  }

  get attendant(): Attendant | undefined {
    return this.#attendant
  }

  get access(): HostAccess {
    return this.#parts.access()
  }

  get bootNs(): bigint {
    return this.#parts.host.bootedAt
  }

  get nowNs(): number {
    return this.#parts.kernel.now
  }

  get seed(): number {
    return this.#parts.host.seed
  }

  get hostName(): string {
    return this.#parts.host.name
  }

  moveIn(attendant: Attendant): void {
    this.#attendant = attendant
  }

  /** On a fork: he who knows all that the one of the other host does. */
  inherit(from: Residence): void {
    this.#attendant = from.#attendant?.forkTo(this)
  }

  wakeAt(ns: number): void {
    this.#parts.kernel.schedule(ns - this.nowNs, WAKE)
  }
}
