// The lexer: source text to tokens, on demand, in one of two states.
//
//   outer: probes, and words that begin a declaration     xpv:::*-start, BEGIN, int
//   inner: expressions, statements, declarations          /arg0 > 3/ { @[probename] = ... }
//
// The parser says which state it wants, token by token; comments, control lines and `#!` are passed
// over in both.
// Holds: it never throws; a mistake is reported and some token still comes out.
// Source: libdtrace dt_lex.l (the states S0, S1, S2, S3).
import type { Span } from '../../base/span.js'
import { readEscapes } from '../program/string-literal.js'
import { isTypeWord } from '../program/type-names.js'
import { type ControlWord, readControlLine } from './control-line.js'
import type { Diagnostics } from './diagnostics.js'
import { packCharacter } from './literals.js'
import type { Macros } from './macros.js'
import { DECLARATION_WORDS, type IntToken, MARKS, type Token, type TokenBody } from './token.js'

/** What a lexer needs beside the text. */
export interface LexerOptions {
  readonly diagnostics: Diagnostics
  readonly macros: Macros
  /** On a command line a word of the outer scope is always a probe, never a type. */
  readonly specsOnly: () => boolean
  /** Names that typedefs made types of, by now. */
  readonly typedefs: ReadonlySet<string>
  readonly onControl: (words: readonly ControlWord[], span: Span) => void
}

const SPEC = /[-$:a-zA-Z_.?*\\[\]!][-$:0-9a-zA-Z_.`?*\\[\]!]*/y
const INT = /(0[xX][0-9a-fA-F]+|[0-9]+)([uU]?[lL]?[lL]?)/y
const FLOAT = /([0-9]+\.[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[fFlL]?|[0-9]+[eE][+-]?[0-9]+[fFlL]?/y
const WORD = /[a-zA-Z_`][0-9a-zA-Z_`]*/y
const AGGREGATION = /@[a-zA-Z_][0-9a-zA-Z_]*|@/y
const STRING = /"(?:[^"\\\n]|\\[^\n])*"/y
const CHARACTER = /'(?:[^'\\\n]|\\[^\n])*'/y
const MACRO = /\$\$?(?:[0-9]+|[a-zA-Z_`][0-9a-zA-Z_`]*)/y
const BLANK = /[\f\n\r\t\v ]+/y
const INT64_LIMIT = 1n << 64n

/** Reads one source text. */
export class Lexer {
  readonly source: string
  readonly #options: LexerOptions
  #at = 0

  constructor(source: string, options: LexerOptions) {
    this.source = source
    this.#options = options
  }

  /** Where the next token will be looked for. */
  get offset(): number {
    return this.#at
  }

  /** Goes back to an offset, to read from there in the other state. */
  rewind(offset: number): void {
    this.#at = offset
  }

  /** The next token of the outer scope. */
  outer(): Token {
    this.#skip()
    const start = this.#at
    const int = this.#integer()
    if (int !== undefined) return this.#token(start, int)
    const spec = this.#take(SPEC)
    if (spec === undefined) return this.#markOrEnd(start, ['{', '}', '/', ',', ';'])
    if (DECLARATION_WORDS.has(spec)) return this.#token(start, { kind: 'word', name: spec })
    const { specsOnly, typedefs } = this.#options
    const type = specsOnly() ? undefined : declaredType(spec, typedefs)
    if (type === undefined) return this.#token(start, { kind: 'spec' })
    this.#at = start + type.length
    return this.#token(start, { kind: 'word', name: type })
  }

  /** The next token of the inner scope. */
  inner(): Token {
    this.#skip()
    const start = this.#at
    return (
      this.#number(start) ??
      this.#word(start) ??
      this.#quoted(start) ??
      this.#macro(start) ??
      this.#markOrEnd(start, MARKS)
    )
  }

  #number(start: number): Token | undefined {
    const float = this.#peek(FLOAT)
    const int = this.#peek(INT)
    if (float !== undefined && float.length > (int?.length ?? 0)) {
      this.#at += float.length
      const span = { start, end: this.#at }
      this.#report(span, 'D_SYNTAX', 'floating-point constants are not permitted')
      return this.#token(start, { kind: 'int', value: 0n, decimal: true, suffix: '' })
    }
    const body = this.#integer()
    return body === undefined ? undefined : this.#token(start, body)
  }

  #integer(): IntToken | undefined {
    const start = this.#at
    const text = this.#take(INT)
    if (text === undefined) return undefined
    const complain = (tag: string, message: string): void =>
      this.#report({ start, end: this.#at }, tag, message)
    return integerOf(text, complain)
  }

  #word(start: number): Token | undefined {
    const name = this.#take(WORD)
    if (name !== undefined) return this.#token(start, { kind: 'word', name })
    const aggregation = this.#take(AGGREGATION)
    if (aggregation === undefined) return undefined
    return this.#token(start, { kind: 'aggregation', name: aggregation.slice(1) || '_' })
  }

  #quoted(start: number): Token | undefined {
    const string = this.#take(STRING)
    if (string !== undefined)
      return this.#token(start, { kind: 'string', value: readEscapes(string.slice(1, -1)) })
    const character = this.#take(CHARACTER)
    if (character !== undefined) return this.#character(start, character)
    const open = this.source[start]
    if (open !== '"' && open !== "'") return undefined
    return this.#unclosed(start, open)
  }

  #character(start: number, text: string): Token {
    const span = { start, end: this.#at }
    const value = packCharacter(text.slice(1, -1))
    if (text === "''") this.#report(span, 'D_CHR_NULL', 'empty character constant')
    if (value === undefined) this.#report(span, 'D_CHR_OFLOW', 'character constant is too long')
    return this.#token(start, { kind: 'int', value: value ?? 0n, decimal: true, suffix: '' })
  }

  /** A quote without its partner: the rest of the line is the literal. */
  #unclosed(start: number, open: '"' | "'"): Token {
    const line = this.source.indexOf('\n', start)
    this.#at = line < 0 ? this.source.length : line
    const span = { start, end: this.#at }
    const isString = open === '"'
    const what = isString ? 'string literal' : 'character constant'
    if (line < 0) this.#report(span, 'D_SYNTAX', `syntax error near "${open}"`, `close the ${what}`)
    else this.#report(span, isString ? 'D_STR_NL' : 'D_CHR_NL', `newline encountered in ${what}`)
    if (isString) return this.#token(start, { kind: 'string', value: '' })
    return this.#token(start, { kind: 'int', value: 0n, decimal: true, suffix: '' })
  }

  #macro(start: number): Token | undefined {
    const text = this.#take(MACRO)
    if (text === undefined) return undefined
    const asString = text.startsWith('$$')
    const name = text.slice(asString ? 2 : 1)
    const macro = this.#options.macros.value(name)
    const span = { start, end: this.#at }
    if (macro.kind === 'undefined') {
      const what = /^[0-9]/.test(name) ? 'argument' : 'variable'
      this.#report(span, 'D_MACRO_UNDEF', `macro ${what} ${text} is not defined`)
    }
    if (macro.kind === 'id') {
      if (asString) return this.#token(start, { kind: 'string', value: String(macro.value) })
      const value = BigInt(macro.value)
      const sign = value < 0n ? { sign: '-' as const } : {}
      const size = value < 0n ? -value : value
      return this.#token(start, { kind: 'int', value: size, decimal: true, suffix: '', ...sign })
    }
    const given = macro.kind === 'argument' ? macro.text : asString ? '' : '0'
    if (asString) return this.#token(start, { kind: 'string', value: readEscapes(given) })
    return this.#token(start, this.#argument(given, text, span))
  }

  /** $n: an integer if it reads as one or begins like one, an identifier if it is one, else a
   *  string without its quotes. */
  #argument(given: string, macro: string, span: Span): TokenBody {
    const whole = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$/.exec(given)
    const [, sign, digits = ''] = whole ?? []
    if (whole !== null && numberOf(digits) < INT64_LIMIT)
      return {
        ...constantOf(digits, ''),
        ...(sign === '' ? {} : { sign: sign === '-' ? '-' : '+' }),
      }
    if (!/^[0-9a-zA-Z_`]+$/.test(given)) {
      const quoted = given.length > 1 && given.startsWith('"') && given.endsWith('"')
      return { kind: 'string', value: readEscapes(quoted ? given.slice(1, -1) : given) }
    }
    const leading = /^(?:0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)/.exec(given)?.[0]
    if (leading === undefined) return { kind: 'word', name: given }
    if (numberOf(leading) >= INT64_LIMIT) {
      const message = `macro argument ${macro} constant ${given} results in integer overflow`
      this.#report(span, 'D_MACRO_OFLOW', message)
    }
    const rest = given.slice(leading.length)
    return constantOf(leading, /^[uU]?[lL]?[lL]?$/.test(rest) ? rest : '')
  }

  #markOrEnd(start: number, marks: readonly string[]): Token {
    if (start >= this.source.length) return this.#token(start, { kind: 'end' })
    const mark = marks.find((m) => this.source.startsWith(m, start))
    if (mark === undefined) return this.#unknown(start)
    this.#at = start + mark.length
    const closes = mark === '/' && /^[\f\n\r\t\v ]*($|[;{/])/.test(this.source.slice(this.#at))
    return this.#token(start, { kind: 'mark', mark, ...(closes ? { closes } : {}) })
  }

  /** A character no token begins with: reported, and passed on as a mark nothing expects. */
  #unknown(start: number): Token {
    const c = String.fromCodePoint(this.source.codePointAt(start) ?? 0)
    this.#at = start + c.length
    this.#report({ start, end: this.#at }, 'D_SYNTAX', `syntax error near "${c}"`)
    return this.#token(start, { kind: 'mark', mark: c })
  }

  /** Passes over blanks, comments, control lines, and a backslash before a newline. */
  #skip(): void {
    for (;;) {
      const before = this.#at
      this.#take(BLANK)
      if (this.source.startsWith('/*', this.#at)) this.#comment()
      else if (this.source[this.#at] === '#' && this.#startsLine()) this.#control()
      else if (this.source.startsWith('\\\n', this.#at)) this.#at += 2
      if (this.#at === before) return
    }
  }

  #comment(): void {
    const start = this.#at
    const end = this.source.indexOf('*/', start + 2)
    const nested = this.source.indexOf('/*', start + 2)
    const at = (offset: number): Span => ({ start: offset, end: offset + 2 })
    if (nested >= 0 && (end < 0 || nested < end) && nested + 1 !== end)
      this.#report(at(nested), 'D_SYNTAX', '/* encountered inside a comment')
    else if (end < 0)
      this.#report(at(start), 'D_SYNTAX', 'end-of-file encountered before matching */')
    this.#at = end < 0 ? this.source.length : end + 2
  }

  #startsLine(): boolean {
    const line = this.source.lastIndexOf('\n', this.#at - 1) + 1
    return /^[\f\t\v ]*$/.test(this.source.slice(this.#at === 0 ? 0 : line, this.#at))
  }

  #control(): void {
    const start = this.#at
    const newline = this.source.indexOf('\n', start)
    const end = newline < 0 ? this.source.length : newline
    this.#at = end
    if (this.source.startsWith('#!', start)) return
    if (newline < 0) {
      const message = 'end-of-file encountered before end of control line'
      this.#report({ start, end }, 'D_SYNTAX', message)
      return
    }
    const words = readControlLine(this.source, start + 1, end, this.#options.diagnostics)
    this.#options.onControl(words, { start, end })
  }

  #peek(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    return pattern.exec(this.source)?.[0]
  }

  #take(pattern: RegExp): string | undefined {
    const text = this.#peek(pattern)
    if (text !== undefined) this.#at += text.length
    return text
  }

  #token(start: number, body: TokenBody): Token {
    return { ...body, span: { start, end: this.#at }, text: this.source.slice(start, this.#at) }
  }

  #report(span: Span, tag: string, message: string, hint?: string): void {
    this.#options.diagnostics.report(span, tag, message, hint)
  }
}

/** The type a word of the outer scope begins with, up to a `*`; undefined when it is a probe. */
function declaredType(word: string, typedefs: ReadonlySet<string>): string | undefined {
  if (/[:\-.?!`]/.test(word)) return undefined
  const star = word.indexOf('*')
  const type = star > 0 ? word.slice(0, star) : word
  const known = isTypeWord(type) || typedefs.has(type) || DECLARATION_WORDS.has(type)
  return known ? type : undefined
}

function integerOf(text: string, complain: (tag: string, message: string) => void): IntToken {
  const digits = text.replace(/[uUlL]+$/, '')
  const bad = /^0[0-7]*([89])/.exec(digits)?.[1]
  if (bad !== undefined) {
    complain('D_INT_DIGIT', `constant ${text} contains invalid digit ${bad}`)
    return constantOf('0', '')
  }
  if (numberOf(digits) >= INT64_LIMIT)
    complain('D_INT_OFLOW', `constant ${text} results in integer overflow`)
  return constantOf(digits, text.slice(digits.length))
}

/** An integer as written; one that is too large is 0. */
function constantOf(digits: string, suffix: string): IntToken {
  const value = numberOf(digits)
  const decimal = !digits.startsWith('0')
  return {
    kind: 'int',
    value: value < INT64_LIMIT ? value : 0n,
    decimal,
    suffix: suffix.toLowerCase(),
  }
}

const numberOf = (digits: string): bigint =>
  BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits)
