// The scanner: a source text to the tokens that the preprocessor works on.
//
//   ereport.cpu.leaf/**/_uc@chip  ->  ereport . cpu . leaf _uc(glued) @ chip
//
// Holds: it never throws and reports nothing: a token that is none carries its fault, and is told
// only if it is read. The last token is the end.
// Source: illumos-gate usr/src/cmd/fm/eversholt/common/esclex.c.
import type { SourceText } from './source.js'
import { MARKS, type Token, type TokenFault } from './token.js'

const BLANK = /(?:[ \t\r\f\v]|\\\r?\n)+/y
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y
const NUMBER = /0[xX][0-9a-fA-F]*|[0-9]+/y
const STRING = /"(?:\\[^\n]|[^"\\\n])*"/y

/** All tokens of a source. */
export function scan(source: SourceText): readonly Token[] {
  const scanner = new Scanner(source)
  const tokens: Token[] = []
  for (;;) {
    const token = scanner.next()
    tokens.push(token)
    if (token.kind === 'end') return tokens
  }
}

class Scanner {
  readonly #source: SourceText
  readonly #text: string
  #at = 0

  constructor(source: SourceText) {
    this.#source = source
    this.#text = source.text
  }

  next(): Token {
    const { isOpen, ...before } = this.#gap()
    const start = this.#at
    const token = (kind: Token['kind'], text: string, fault?: TokenFault): Token => ({
      kind,
      text,
      place: { source: this.#source, span: { start, end: Math.max(start, this.#at) } },
      ...before,
      ...(fault === undefined ? {} : { fault }),
    })
    if (isOpen) {
      this.#at = this.#text.length
      const open = token('mark', '/*', OPEN_COMMENT)
      return { ...open, place: { source: this.#source, span: { start, end: start + 2 } } }
    }
    if (start >= this.#text.length) return token('end', '')
    const word = this.#take(WORD)
    if (word !== undefined) return token('word', word)
    const number = this.#take(NUMBER)
    if (number !== undefined) return token('number', number, numberFault(number))
    const string = this.#take(STRING)
    if (string !== undefined) return token('string', string.slice(1, -1))
    if (this.#text[start] === '"') return token('string', this.#openString(), OPEN_STRING)
    const mark = MARKS.find((m) => this.#text.startsWith(m, start))
    const text = mark ?? String.fromCodePoint(this.#text.codePointAt(start) ?? 0)
    this.#at += text.length
    return token('mark', text, mark === undefined ? stray(text) : undefined)
  }

  /** Passes over blanks, line ends and comments. */
  #gap(): Gap & { readonly isOpen: boolean } {
    let startsLine = this.#at === 0
    let spaced = startsLine
    let commented = false
    for (;;) {
      if (this.#take(BLANK) !== undefined) spaced = true
      else if (this.#text[this.#at] === '\n') {
        this.#at += 1
        startsLine = true
        spaced = true
      } else if (this.#text.startsWith('/*', this.#at)) {
        const end = this.#text.indexOf('*/', this.#at + 2)
        if (end < 0) return { startsLine: false, spaced, glued: false, isOpen: true }
        this.#at = end + 2
        commented = true
      } else return { startsLine, spaced, glued: commented && !spaced, isOpen: false }
    }
  }

  #openString(): string {
    const end = this.#text.indexOf('\n', this.#at)
    const text = this.#text.slice(this.#at + 1, end < 0 ? undefined : end)
    this.#at += text.length + 1
    return text
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const text = pattern.exec(this.#text)?.[0]
    if (text !== undefined) this.#at += text.length
    return text
  }
}

type Gap = Pick<Token, 'startsLine' | 'spaced' | 'glued'>

const OPEN_COMMENT: TokenFault = {
  code: 'esc.open-comment',
  message: 'the comment does not end',
  hint: 'close it with */',
}
const OPEN_STRING: TokenFault = {
  code: 'esc.open-string',
  message: 'the string does not end on its line',
  hint: 'close it with "',
}

function stray(text: string): TokenFault {
  const comment = { hint: 'a comment stands between /* and */' }
  const code = `U+${(text.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
  const name = /^[\x21-\x7e]$/.test(text) ? text : code
  const message = `the character ${name} begins nothing in Eversholt`
  return { code: 'esc.stray-character', message, ...(text === '#' ? comment : {}) }
}

function numberFault(number: string): TokenFault | undefined {
  const digit = /^0[0-7]*([89])/.exec(number)?.[1]
  if (digit !== undefined)
    return { code: 'esc.bad-number', message: `${digit} is no octal digit, and 0 begins octal` }
  if (!/^0[xX]$/.test(number)) return undefined
  return { code: 'esc.bad-number', message: `${number} has no digits` }
}
