// The machine of a session: replaced by `open()`, closed at the end.
import type { Machine } from '../machine/machine.js'
import type { Context } from './context.js'

type Connect = (spec: string | undefined, hz?: number) => Machine

/** Owns the one open machine. */
export class CurrentMachine {
  #machine: Machine
  readonly #opened: Machine[] = []
  readonly #connect: Connect
  /** The clock rate that had to be said, if it had to. */
  readonly hz: number | undefined

  /** Opens `spec`; undefined is the default machine. Throws as `connect` does. */
  constructor(spec: string | undefined, connect: Connect, hz: number | undefined) {
    this.#connect = connect
    this.hz = hz
    this.#machine = connect(spec, hz)
    this.#opened.push(this.#machine)
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
    const next = this.#connect(spec, hz)
    this.#machine.close()
    this.#machine = next
    this.#opened.push(next)
    return next
  }

  close(): void {
    this.#machine.close()
  }
}

/** Opens `spec` as the command line says; its clock rate goes before `hz`. Throws as `connect`
 *  does. */
export function currentMachine(
  context: Context,
  spec: string | undefined,
  hz?: number,
): CurrentMachine {
  return new CurrentMachine(spec, context.connect, context.hz ?? hz)
}
