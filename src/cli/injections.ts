// Injections: what faults somebody let happen on a simulated host, and when, so that the same
// physical history can be run again.
//
// Holds: a fork remembers what its origin does.
import type { InjectedFault } from '../backend/sim/fault-scenario.js'
import type { SimMachine } from '../backend/sim/sim-machine.js'

/** Faults that were injected together. */
export interface Injection {
  /** Nanoseconds since boot. */
  readonly atNs: number
  /** As a scenario says them. */
  readonly text: string
  /** When they were ended by hand; undefined while they were not. */
  mendedNs?: number
}

const INJECTIONS = new WeakMap<SimMachine, Injection[]>()

/** Lets faults happen and remembers it. Throws `XpvError` `sim.scenario`. */
export function injectInto(machine: SimMachine, text: string): readonly InjectedFault[] {
  const faults = machine.checks.plan(text)
  const injection: Injection = { atNs: machine.nowNs, text }
  INJECTIONS.set(machine, [...injectionsInto(machine), injection])
  return faults.map((fault) => ({
    ...fault,
    mend: () => {
      injection.mendedNs ??= machine.nowNs
      return fault.mend()
    },
  }))
}

/** All of a host, oldest first. */
export function injectionsInto(machine: SimMachine): readonly Injection[] {
  return INJECTIONS.get(machine) ?? []
}

/** Gives a fork the memory of its origin. */
export function inheritInjections(fork: SimMachine, from: SimMachine): void {
  INJECTIONS.set(
    fork,
    injectionsInto(from).map((each) => ({ ...each })),
  )
}
