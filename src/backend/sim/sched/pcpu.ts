// Pcpu: a physical CPU as the scheduler knows it: what runs on it, until when.
//
// Holds: plain data; `at` names what its rows of a trace are said of, which while a switch is being
// told is not yet, or no longer, what runs.
import { DOMID_IDLE } from '../../../machine/ids.js'
import { newDomain, newVcpu, RUNNING, type Vcpu } from './vcpu.js'

/** One physical CPU. */
export interface Pcpu {
  readonly id: number
  online: boolean
  /** Runs when nobody else does. */
  readonly idle: Vcpu
  current: Vcpu
  /** Until when `current` was chosen, and from when on its work is not booked yet. */
  sliceEnd: number
  bookedAt: number
  /** Tells the end that is due from those that no longer matter. */
  stamp: number
  /** It was told to look for something better to run. */
  tickled: boolean
  ticking: boolean
  readonly at: { readonly pcpu: number; domid: number; vcpu: number }
}

/** A pcpu that runs nothing. */
export function newPcpu(id: number, pcpus: number): Pcpu {
  const domain = newDomain(DOMID_IDLE, { weight: 0, cap: 0, model: 0, isPv: false })
  const affinity = new Uint32Array(Math.ceil(pcpus / 32))
  const idle = newVcpu(domain, id, { pcpu: id, affinity, now: 0 })
  idle.runstate = RUNNING
  return {
    id,
    online: true,
    idle,
    current: idle,
    sliceEnd: 0,
    bookedAt: 0,
    stamp: 0,
    tickled: false,
    ticking: false,
    at: { pcpu: id, domid: DOMID_IDLE, vcpu: id },
  }
}

/** Whether nobody but the idle vcpu runs there. */
export function isIdle(pcpu: Pcpu): boolean {
  return pcpu.current === pcpu.idle
}
