// The teller: asks the assist about the text while it is written, and keeps what it was told.
//
//   text, cursor  ->  (a moment later)  call hint, preview, mistakes
//
// Holds: an answer to an earlier text is dropped; nothing is asked while keys follow each other
// quickly. Colours are known at once.
import type { Assist, CallHint, Mistake, Stretch } from '../../session/assist.js'
import { NOTHING_TOLD, type Told } from './screen-rows.js'

/** Milliseconds without a key after which a question is asked. */
const HINT_MS = 40
const PREVIEW_MS = 150
const CHECK_MS = 400
/** Beyond so many characters nothing but colours is asked for. */
const MOST = 5_000
const MOST_COLOURED = 50_000

/** Owns the questions about one cell. */
export class Teller {
  readonly #assist: () => Assist | undefined
  readonly #onTold: () => void
  #told: Told = NOTHING_TOLD
  #text = ''
  #cursor = 0
  #asked = 0
  #timers: NodeJS.Timeout[] = []

  constructor(assist: () => Assist | undefined, onTold: () => void) {
    this.#assist = assist
    this.#onTold = onTold
  }

  /** What is known of the text now. */
  get told(): Told {
    return this.#told
  }

  /** Looks at the text as it is now. */
  look(text: string, cursor: number): void {
    if (text === this.#text && cursor === this.#cursor) return
    if (text !== this.#text) {
      const stretches = this.#stretches(text)
      this.#told = { ...this.#told, stretches, preview: undefined, mistakes: [] }
    }
    this.#text = text
    this.#cursor = cursor
    this.#forgetQuestions()
    const assist = this.#assist()
    if (assist === undefined) return
    const isAsked = text.trim() !== '' && text.length <= MOST
    const asked = this.#asked
    this.#later(HINT_MS, () => {
      const answer = isAsked ? assist.callHint(text, cursor) : Promise.resolve(undefined)
      void this.#hear(asked, answer, (callHint) => ({ callHint }))
    })
    this.#later(PREVIEW_MS, () => {
      const answer = isAsked ? assist.preview(text) : Promise.resolve(undefined)
      void this.#hear(asked, answer, (preview) => ({ preview }))
    })
    this.#later(CHECK_MS, () => {
      const answer = isAsked ? assist.check(text) : Promise.resolve([])
      void this.#hear(asked, answer, (mistakes) => ({ mistakes: mistakes ?? [] }))
    })
  }

  /** The colours of a text, now. */
  recolour(text: string): void {
    this.#told = { ...this.#told, stretches: this.#stretches(text) }
  }

  /** Forgets everything: a new cell begins. */
  reset(): void {
    this.#forgetQuestions()
    this.#told = NOTHING_TOLD
    this.#text = ''
    this.#cursor = 0
  }

  #stretches(text: string): readonly Stretch[] {
    return text.length > MOST_COLOURED ? [] : (this.#assist()?.stretches(text) ?? [])
  }

  async #hear<T extends CallHint | string | readonly Mistake[]>(
    asked: number,
    answer: Promise<T | undefined>,
    part: (value: T | undefined) => Partial<Told>,
  ): Promise<void> {
    const value = await answer.catch(() => undefined)
    if (asked !== this.#asked) return
    const next = { ...this.#told, ...part(value) }
    const { callHint, preview, mistakes } = this.#told
    const isSame = next.callHint === callHint && next.preview === preview
    const isNews = !isSame || next.mistakes.length + mistakes.length > 0
    this.#told = next
    if (isNews) this.#onTold()
  }

  #forgetQuestions(): void {
    this.#asked += 1
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers = []
  }

  #later(ms: number, ask: () => void): void {
    const timer = setTimeout(ask, ms)
    timer.unref()
    this.#timers.push(timer)
  }
}
