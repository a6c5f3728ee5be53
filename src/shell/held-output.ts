// HeldOutput: what a command writes, kept back from the first text on that is longer than the
// window, for whoever pages through it.
//
//   hold, write, write, release  ->  the texts, in one
//
// Holds: nothing is lost or comes in another order; a command that goes on is not kept back for
// longer than HELD_MS.

/** How long a long text waits for its command to end. */
const HELD_MS = 200

/** The texts of one terminal. */
export class HeldOutput {
  readonly #put: (text: string) => void
  #isLong: (text: string) => boolean = () => false
  #held: string | undefined
  #timer: NodeJS.Timeout | undefined

  /** `put` writes what is not kept back. */
  constructor(put: (text: string) => void) {
    this.#put = put
  }

  /** From now on texts may be kept back. What is yielded ends that, and takes what was kept, its
   *  last line ended. */
  hold(isLong: (text: string) => boolean): () => string {
    this.#isLong = isLong
    return () => {
      const held = this.#take()
      return held === '' || held.endsWith('\n') ? held : `${held}\n`
    }
  }

  /** Writes a text, or keeps it. */
  write(text: string): void {
    if (this.#held === undefined && this.#isLong(text)) {
      this.#held = ''
      this.#timer = setTimeout(() => this.#put(this.#take()), HELD_MS)
    }
    if (this.#held === undefined) this.#put(text)
    else this.#held += text
  }

  /** What was kept back; from now on nothing is. */
  #take(): string {
    clearTimeout(this.#timer)
    const held = this.#held ?? ''
    this.#isLong = () => false
    this.#held = undefined
    return held
  }
}
