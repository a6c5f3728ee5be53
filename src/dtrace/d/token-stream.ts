// The parser's view of the lexer: look ahead, take, insist, and find a place to go on after a
// mistake.
//
// Holds: the two scopes cut the same text into different tokens, so what was looked at ahead in one
// is read again in the other.
import type { Span } from '../../base/span.js'
import type { Diagnostics } from './diagnostics.js'
import type { Lexer } from './lexer.js'
import type { Token } from './token.js'

/** Tokens of one source, with the mistakes found in it. */
export class TokenStream {
  readonly diagnostics: Diagnostics
  /** Names that typedefs made types of, by now. */
  readonly typedefs: Set<string>
  readonly #lexer: Lexer
  readonly #ahead: Token[] = []
  #last: Span = { start: 0, end: 0 }
  /** How many of each opening mark await their partner. */
  readonly #open = { ')': 0, ']': 0 }

  constructor(lexer: Lexer, diagnostics: Diagnostics, typedefs: Set<string>) {
    this.#lexer = lexer
    this.diagnostics = diagnostics
    this.typedefs = typedefs
  }

  /** The place of the token taken last. */
  get last(): Span {
    return this.#last
  }

  /** From the start of `from` to the end of the token taken last. */
  spanFrom(from: Span): Span {
    return { start: from.start, end: Math.max(this.#last.end, from.end) }
  }

  /** Takes a token of the outer scope. */
  outer(): Token {
    const [ahead] = this.#ahead
    if (ahead !== undefined) this.#lexer.rewind(ahead.span.start)
    this.#ahead.length = 0
    return this.#took(this.#lexer.outer())
  }

  /** Gives a word of the outer scope back, to be read again as one of the inner scope. */
  putBack(token: Token): void {
    this.#ahead.unshift(token)
  }

  /** Looks at a token of the inner scope: the next one, or one further on. */
  peek(further = 0): Token {
    while (this.#ahead.length <= further) this.#ahead.push(this.#lexer.inner())
    return this.#ahead[further] ?? this.#lexer.inner()
  }

  /** Takes a token of the inner scope. */
  next(): Token {
    const token = this.peek()
    this.#ahead.shift()
    return this.#took(token)
  }

  /** Whether the next token is this mark or word. */
  at(text: string): boolean {
    return isToken(this.peek(), text)
  }

  /** Takes the next token if it is this mark or word. */
  accept(text: string): boolean {
    if (!this.at(text)) return false
    this.next()
    return true
  }

  /** Takes this mark or word, or fails saying it was wanted. */
  expect(text: string, hint = `expected ${text}`): Token {
    if (!this.at(text)) this.fail(this.peek(), hint)
    return this.next()
  }

  /** Takes an identifier, or fails. Keywords count after `.` and `->` only. */
  expectName(hint = 'expected a name'): { readonly name: string; readonly span: Span } {
    const token = this.peek()
    if (token.kind !== 'word') this.fail(token, hint)
    this.next()
    return { name: token.name, span: token.span }
  }

  /** A syntax error at this token, in DTrace's words. */
  fail(token: Token, hint?: string): never {
    const { text } = token
    if ((text === ')' || text === ']') && this.#open[text] <= 0)
      this.diagnostics.fail(token.span, 'D_SYNTAX', `extra ${text} in input stream`, hint)
    const close = this.#missingBefore(token)
    // DTrace has read on to the `{` by then, and counts its line.
    if (close !== undefined) {
      const message = `closing ${close} expected in predicate before /`
      this.diagnostics.fail(this.peek(1).span, 'D_SYNTAX', message)
    }
    const what = token.kind === 'end' ? 'near end of input' : `near "${firstLine(token.text)}"`
    this.diagnostics.fail(token.span, 'D_SYNTAX', `syntax error ${what}`, hint)
  }

  /** The bracket that is still open where a predicate ends. */
  #missingBefore(token: Token): ')' | ']' | undefined {
    if (token.kind !== 'mark' || token.mark !== '/' || !token.closes) return undefined
    return ([')', ']'] as const).find((close) => this.#open[close] > 0)
  }

  /** Passes over the rest of a statement: to the `;` or `}` that ends it, which is not taken. */
  skipStatement(): void {
    let depth = 0
    for (;;) {
      const token = this.peek()
      if (token.kind === 'end') return
      if (depth === 0 && (isMark(token, ';') || isMark(token, '}'))) return
      if (isMark(token, '{')) depth += 1
      if (isMark(token, '}')) depth -= 1
      this.next()
    }
  }

  /** Passes over the rest of a clause or declaration, the `;` or `}` that ends it included. */
  skipItem(): void {
    let depth = 0
    for (;;) {
      const token = this.next()
      if (token.kind === 'end') return
      if (isMark(token, '{')) depth += 1
      if (isMark(token, '}')) depth -= 1
      if (depth <= 0 && isMark(token, '}')) break
      if (depth <= 0 && isMark(token, ';')) return
    }
    if (this.#semicolonFollows()) this.next()
  }

  #semicolonFollows(): boolean {
    return /^[\f\n\r\t\v ]*;/.test(this.#lexer.source.slice(this.#lexer.offset))
  }

  #took(token: Token): Token {
    this.#last = token.span
    if (isMark(token, '(')) this.#open[')'] += 1
    if (isMark(token, '[')) this.#open[']'] += 1
    if (isMark(token, ')')) this.#open[')'] -= 1
    if (isMark(token, ']')) this.#open[']'] -= 1
    return token
  }
}

/** Whether a token is this mark or word. */
function isToken(token: Token, text: string): boolean {
  return isMark(token, text) || (token.kind === 'word' && token.name === text)
}

/** Whether a token is this mark. */
export function isMark(token: Token, mark: string): boolean {
  return token.kind === 'mark' && token.mark === mark
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? ''
}
