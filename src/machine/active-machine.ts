// ActiveMachine: a host that can still be acted upon: a simulator, a live one.

import type { Clock } from './clock.js'
import type { HostAccess } from './host-access.js'
import type { Machine } from './machine.js'
import type { CodeFilter, ObservationBatch } from './observation.js'

/** What a command in dom0 printed, and its exit status. */
export interface CommandOutcome {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** A command of dom0 that was started: it gets on while time passes. */
export interface Dom0Process {
  readonly pid: number
  /** What it has printed so far. */
  readonly stdout: string
  readonly stderr: string
  /** Its exit status; undefined until it has ended. */
  readonly status: number | undefined
}

/** Somebody who is told what happens, as it happens. */
export interface Watch {
  readonly clock: Clock
  /** Hands over what is buffered. */
  flush(): void
  /** Hands over what is buffered, and ends. */
  close(): void
}

/** A machine on which time passes. */
export interface ActiveMachine extends Machine {
  readonly access: HostAccess
  /** Nanoseconds since it booted. */
  readonly nowNs: number
  /** Lets time pass. */
  run(ns: number): void
  /** Lets the next thing happen. False when nothing will ever happen again. */
  step(): boolean
  /** Commands that its dom0 has: xm, sleep ... */
  readonly tools: readonly string[]
  /** Names of the commands of one of these, none where it takes no command; behind `create` the
   *  names of the configurations that dom0 has. */
  toolCommands(tool: string, words?: readonly string[]): readonly string[]
  /** Starts one of them; no time passes. */
  start(argv: readonly string[]): Dom0Process
  /** Runs one command of dom0's control tools to its end (`xm create web1 memory=512`); time passes
   *  meanwhile. What the tools refuse is an outcome with their words, not an exception. */
  command(argv: readonly string[]): CommandOutcome
  /** Tells of everything from now on. A batch is only valid during the call. */
  watch(
    wants: CodeFilter,
    onBatch: (batch: ObservationBatch, strings: readonly string[]) => void,
  ): Watch
}

/** Whether a machine can be acted upon. */
export function isActive(machine: Machine): machine is ActiveMachine {
  return machine.capabilities.has('act')
}
