// The machine of a session: replaced by `open()`, closed at the end.
import type { Machine } from '../machine/machine.js'

/** Owns the one open machine. */
export class CurrentMachine {
  #machine: Machine
  readonly #connect: (spec: string | undefined) => Machine

  /** Opens `spec`; undefined is the default machine. Throws as `connect` does. */
  constructor(spec: string | undefined, connect: (spec: string | undefined) => Machine) {
    this.#connect = connect
    this.#machine = connect(spec)
  }

  get machine(): Machine {
    return this.#machine
  }

  /** Opens another machine. When that fails the old one stays open. */
  open(spec: string): Machine {
    const next = this.#connect(spec)
    this.#machine.close()
    this.#machine = next
    return next
  }

  close(): void {
    this.#machine.close()
  }
}
