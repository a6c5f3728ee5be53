// Vcpu: what the scheduler keeps of one: what it has to do, what state it is in and how long it was
// in each.
//
// Holds: plain data; the times of its four states add up to the time since it was made.

/** RUNSTATE_*, by name. */
export type Runstate = 'running' | 'runnable' | 'blocked' | 'offline'

/** Their numbers in trace records. */
export const RUNSTATE_NUMBERS = { running: 0, runnable: 1, blocked: 2, offline: 3 } as const

/** Work on a vcpu: nanoseconds that are left, then what happens. */
export interface Work {
  ns: number
  readonly kind: number
  readonly a: number
  readonly b: number
}

/** One vcpu. */
export interface Vcpu {
  readonly domid: number
  readonly vcpu: number
  online: boolean
  /** Its guest has something to do, for how long nobody knows. */
  awake: boolean
  readonly work: Work[]
  runstate: Runstate
  /** When it came into that state. */
  since: number
  readonly ns: Record<Runstate, number>
  /** Where it runs, or ran last. */
  pcpu: number
  affinity: readonly number[]
  credits: number
  /** It just woke, and goes before others. */
  boosted: boolean
  migrations: number
}

/** A vcpu as others see it. */
export interface VcpuState {
  readonly runstate: Runstate
  readonly pcpu: number
  readonly affinity: readonly number[]
  /** Nanoseconds in each runstate up to now. */
  readonly ns: Readonly<Record<Runstate, number>>
  /** How often it went to another pcpu. */
  readonly migrations: number
}

/** A vcpu that was never up. */
export function newVcpu(
  domid: number,
  vcpu: number,
  at: { readonly now: number; readonly pcpu: number; readonly affinity: readonly number[] },
): Vcpu {
  return {
    domid,
    vcpu,
    online: false,
    awake: false,
    work: [],
    runstate: 'offline',
    since: at.now,
    ns: { running: 0, runnable: 0, blocked: 0, offline: 0 },
    pcpu: at.pcpu,
    affinity: at.affinity,
    credits: 0,
    boosted: false,
    migrations: 0,
  }
}

/** How it stands at a moment. */
export function vcpuState(vcpu: Vcpu, now: number): VcpuState {
  const ns = { ...vcpu.ns }
  ns[vcpu.runstate] += now - vcpu.since
  const { runstate, pcpu, affinity, migrations } = vcpu
  return { runstate, pcpu, affinity, ns, migrations }
}
