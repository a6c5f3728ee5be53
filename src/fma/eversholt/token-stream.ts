// The parser's view of the tokens: look ahead, take, insist, and find a place to go on after a
// mistake.
import type { Diagnostics, EscCode } from './diagnostics.js'
import { joinPlaces, type Place } from './source.js'
import { isMark, shown, type Token } from './token.js'
import { STATEMENT_WORDS } from './words.js'

/** How deep parentheses and calls may be nested. */
const DEEPEST = 100
/** Parts that one statement may have: a tree of more could be too deep to walk. */
const MOST_PARTS = 4000

/** Tokens of one file, the last one its end. */
export class TokenStream {
  readonly diagnostics: Diagnostics
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0
  #parts = 0

  constructor(tokens: readonly Token[], diagnostics: Diagnostics) {
    this.#tokens = tokens
    this.diagnostics = diagnostics
  }

  /** A token ahead; past the end, the end. */
  peek(further = 0): Token {
    return (this.#tokens[this.#at + further] ?? this.#tokens.at(-1)) as Token
  }

  /** Takes a token. */
  next(): Token {
    const token = this.peek()
    if (token.kind !== 'end') this.#at += 1
    return token
  }

  /** Whether this mark is next. */
  at(mark: string, further = 0): boolean {
    return isMark(this.peek(further), mark)
  }

  /** Whether this word is next. */
  atWord(word: string, further = 0): boolean {
    const token = this.peek(further)
    return token.kind === 'word' && token.text === word
  }

  /** Takes this mark if it is next. */
  take(mark: string): boolean {
    if (!this.at(mark)) return false
    this.#at += 1
    return true
  }

  /** Takes this mark or fails. `after` says what it should have followed. */
  expect(mark: string, after: string): Token {
    if (this.at(mark)) return this.next()
    const token = this.peek()
    const message = `expected ${mark} after ${after}, not ${shown(token)}`
    const place = token.startsLine ? this.#afterLast() : token.place
    return this.diagnostics.fail(place, 'esc.syntax', message)
  }

  /** From the start of `from` to the end of the token taken last. */
  since(from: Place): Place {
    const last = this.#tokens[this.#at - 1]
    return last === undefined ? from : joinPlaces(from, last.place)
  }

  /** Right behind the token taken last. */
  #afterLast(): Place {
    const { place } = this.#tokens[this.#at - 1] ?? this.peek()
    const { end } = place.span
    return { ...place, span: { start: end, end } }
  }

  /** Fails at the next token. */
  fail(message: string, hint?: string, code: EscCode = 'esc.syntax'): never {
    return this.diagnostics.fail(this.peek().place, code, message, hint)
  }

  /** Counts one part of the statement; fails when it has too many. */
  part(): void {
    this.#parts += 1
    if (this.#parts > MOST_PARTS)
      this.fail(`one statement has more than ${MOST_PARTS} parts`, undefined, 'esc.too-large')
  }

  /** Reads what is nested one level deeper; fails when that is too deep. */
  nested<T>(read: () => T): T {
    if (this.#depth >= DEEPEST)
      this.fail(`nested more than ${DEEPEST} deep`, undefined, 'esc.too-deep')
    this.#depth += 1
    try {
      return read()
    } finally {
      this.#depth -= 1
    }
  }

  /** A statement begins: its parts are counted from here. */
  begin(): void {
    this.#parts = 0
  }

  /** Passes over the rest of a statement: past its `;`, or up to a word that begins one. */
  skipStatement(): void {
    for (let token = this.peek(); token.kind !== 'end'; token = this.peek()) {
      const begins = token.kind === 'word' && STATEMENT_WORDS.includes(token.text)
      if (begins && token.startsLine && this.#at > 0) return
      this.#at += 1
      if (isMark(token, ';')) return
    }
  }
}
