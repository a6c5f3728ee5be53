// A scheduler alone, without a hypervisor: what its tests act upon.
import { Bus } from '../../src/backend/sim/bus.js'
import { eraNamed } from '../../src/backend/sim/era.js'
import { Kernel } from '../../src/backend/sim/kernel.js'
import { type DomainOptions, Scheduler } from '../../src/backend/sim/scheduler.js'
import { Prng } from '../../src/base/prng.js'

/** Kind of the work that tests queue. */
export const DONE = 999

/** Eras of the two schedulers. */
export const CREDIT = 'xvm-3.1'
export const CREDIT2 = 'xen-4.17'

const MOST_ROWS = 2_000_000

/** One row of the bus. */
export interface Row {
  readonly ns: number
  readonly code: number
  readonly pcpu: number
  readonly domid: number
  readonly vcpu: number
  readonly words: readonly number[]
}

/** A host of so many pcpus, and what was seen of it when `listens`. */
export function schedulerHost(of: {
  readonly pcpus: number
  readonly era?: string
  readonly seed?: number
  readonly listens?: boolean
}) {
  const kernel = new Kernel()
  const bus = new Bus(() => kernel.now)
  const random = new Prng(of.seed ?? 1)
  const era = eraNamed(of.era ?? CREDIT)
  const scheduler = new Scheduler({ kernel, bus, random, pcpus: of.pcpus, era })
  const rows: Row[] = []
  if (of.listens === true) {
    const wants = () => true
    bus.listen(wants, (batch) => {
      if (rows.length > MOST_ROWS) throw new Error('the scheduler never stops to say something')
      for (let i = 0; i < batch.length; i++) {
        const at = batch.at[i] as number
        rows.push({
          ns: batch.ticks[i] as number,
          code: batch.code[i] as number,
          pcpu: batch.pcpu[i] as number,
          domid: batch.domid[i] as number,
          vcpu: batch.vcpu[i] as number,
          words: [...batch.words.subarray(at, at + (batch.extra[i] as number))],
        })
      }
    })
  }
  const done: number[] = []
  kernel.on(DONE, (a) => {
    done.push(a)
  })
  /** Makes a domain whose vcpus are up. */
  const add = (domid: number, vcpus: number, options: DomainOptions = { guest: 'none' }): void => {
    scheduler.addDomain(domid, vcpus, options)
    for (let v = 0; v < vcpus; v++) scheduler.raise(domid, v)
  }
  const seconds = (s: number): void => kernel.runUntil(kernel.now + s * 1e9)
  const taken = (): Row[] => {
    bus.flush()
    return rows.splice(0)
  }
  return { kernel, bus, scheduler, random, done, add, seconds, taken, pcpus: of.pcpus }
}
