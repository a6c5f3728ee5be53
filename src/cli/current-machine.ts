// The machine of a session: replaced by `open()`, closed at the end. One on which time passes has
// its history kept from the beginning, so that it can be asked like a recording.
import { isActive } from '../machine/active-machine.js'
import { historyOf } from '../machine/history.js'
import type { Machine } from '../machine/machine.js'
import type { Connect, Context } from './context.js'

/** Owns the one open machine. */
export class CurrentMachine {
  #machine: Machine
  readonly #opened: Machine[] = []
  readonly #connect: Connect
  /** The clock rate that had to be said, if it had to. */
  readonly hz: number | undefined
  /** Told of each machine that is opened, and before one is closed. */
  readonly #listeners: MachineListener[] = []

  /** Opens `spec`; undefined is the default machine. Throws as `connect` does. */
  constructor(spec: string | undefined, connect: Connect, hz: number | undefined) {
    this.#connect = connect
    this.hz = hz
    this.#machine = this.#begin(connect(spec, hz))
  }

  /** Tells somebody of the machine that is open, and of those that follow it. */
  listen(listener: MachineListener): void {
    this.#listeners.push(listener)
    listener.opened(this.#machine)
  }

  /** What can be asked again and again: a recording, or what a machine has let see so far. */
  get past(): Machine {
    return isActive(this.#machine) ? historyOf(this.#machine) : this.#machine
  }

  /** All that were open in turn; the first is the one the session began with. */
  get opened(): readonly Machine[] {
    return this.#opened
  }

  get machine(): Machine {
    return this.#machine
  }

  /** Opens another machine; `hz` where its trace does not say the clock rate. When that fails the
   *  old one stays open. */
  open(spec: string, hz = this.hz): Machine {
    return this.adopt(this.#connect(spec, hz))
  }

  /** Goes on with another machine, which it takes over. */
  adopt(next: Machine): Machine {
    for (const { closing } of this.#listeners) closing()
    this.#machine.close()
    this.#machine = this.#begin(next)
    for (const { opened } of this.#listeners) opened(next)
    return next
  }

  close(): void {
    this.#machine.close()
  }

  #begin(machine: Machine): Machine {
    this.#opened.push(machine)
    if (isActive(machine)) historyOf(machine)
    return machine
  }
}

/** Who needs to know which machine is open. */
export interface MachineListener {
  opened(machine: Machine): void
  closing(): void
}

/** Opens `spec` as the command line says; its clock rate goes before `hz`. Throws as `connect`
 *  does. */
export async function currentMachine(
  context: Context,
  spec: string | undefined,
  hz?: number,
): Promise<CurrentMachine> {
  return new CurrentMachine(spec, await context.connector(), context.hz ?? hz)
}
