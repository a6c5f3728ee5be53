// Guest writing: what somebody else writes on the terminal while a cell is being written: a timer
// of a cell that uses process.stdout, a package that warns.
//
//   makeRoom()  ->  their text, however many pieces  ->  goOn()   above what is being written
//
// Holds: nothing of theirs is changed; a line that they leave open is ended.
import { beforeWriting } from '../before-writing.js'

/** Whoever has the terminal. */
export interface Host {
  /** Takes away what is shown; the cursor is where it began. */
  makeRoom(): void
  /** Shows it again, behind `rest`. */
  goOn(rest: string): void
}

/** Guests of one terminal. */
export class GuestWriting {
  readonly #streams: readonly NodeJS.WritableStream[]
  readonly #host: Host
  #releases: readonly (() => void)[] = []
  #isOurs = false
  #last = '\n'
  #turn: NodeJS.Immediate | undefined

  constructor(streams: readonly NodeJS.WritableStream[], host: Host) {
    this.#streams = streams
    this.#host = host
  }

  /** Whether somebody writes right now. */
  get isThere(): boolean {
    return this.#turn !== undefined
  }

  /** From now on guests are made room for. */
  expect(): void {
    this.refuse()
    this.#releases = this.#streams.map((stream) =>
      beforeWriting(stream, (chunk) => this.#come(chunk)),
    )
  }

  /** From now on they are not. */
  refuse(): void {
    this.#leave()
    for (const release of this.#releases) release()
    this.#releases = []
  }

  /** Writes what is no guest's. */
  asOurs(write: () => void): void {
    this.#isOurs = true
    write()
    this.#isOurs = false
  }

  #come(chunk: unknown): void {
    if (this.#isOurs) return
    if (this.#turn === undefined) this.#host.makeRoom()
    this.#last = typeof chunk === 'string' ? (chunk.at(-1) ?? this.#last) : '\n'
    this.#turn ??= setImmediate(() => this.#leave())
  }

  #leave(): void {
    if (this.#turn === undefined) return
    clearImmediate(this.#turn)
    this.#turn = undefined
    this.#host.goOn(this.#last === '\n' ? '' : '\r\n')
    this.#last = '\n'
  }
}
