// CodeTokens: TypeScript in pieces, as far as colour, brackets and names need it. Whatever is
// typed so far has pieces: an unfinished string ends where the text does.
//
//   "on('xpv:::').by(`a ${b}`)"  ->  word punct string punct ... template word template punct
//
// Holds: pieces are in order and do not overlap; what is between them is blank. Whether a slash
// begins a regular expression is told by the piece before it, as scanners without a parser do.

/** What a piece is. A template's text is in pieces around the code that it holds. */
export type CodeTokenKind =
  | 'comment'
  | 'string'
  | 'template'
  | 'regexp'
  | 'number'
  | 'word'
  | 'punct'

/** One piece. */
export interface CodeToken {
  readonly kind: CodeTokenKind
  readonly start: number
  readonly end: number
  /** How many brackets are open before it. */
  readonly depth: number
  /** Whether it stops because the text does. */
  readonly open: boolean
}

const BLANK = /\s+/y
const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y
const STRING = /'(?:\\[\s\S]|[^'\\\n])*'?|"(?:\\[\s\S]|[^"\\\n])*"?/y
const NUMBER =
  /(?:0[xXbBoO][\da-fA-F_]+|\d[\d_]*(?:\.(?!\.)[\d_]*)?(?:[eE][+-]?\d+)?|\.\d[\d_]*)n?/y
const WORD = /[#@]?[\p{ID_Start}$_][\p{ID_Continue}$]*/uy
const REGEXP = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]?|[^/\\\n[])+\/?[a-z]*/y
const PUNCT =
  /=>|\?\.(?!\d)|\?\?=?|&&=?|\|\|=?|\*\*=?|[=!]==?|<=|>=|\+\+|--|[+\-*/%&|^]=|\.\.\.|[\s\S]/uy
/** A template's text up to its end or to the code in it. */
const TEMPLATE = /(?:\\[\s\S]|\$(?!\{)|[^`\\$])*(?:`|\$\{)?/y

/** Words after which a slash begins a regular expression. */
const BEFORE_VALUE =
  /^(await|case|delete|do|else|in|instanceof|new|of|return|throw|typeof|void|yield)$/

/** The pieces of a text. */
export function codeTokens(text: string): readonly CodeToken[] {
  return new Scanner(text).tokens()
}

class Scanner {
  readonly #text: string
  readonly #tokens: CodeToken[] = []
  /** Depths at which a `}` goes on with a template. */
  readonly #templates: number[] = []
  #depth = 0
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  tokens(): readonly CodeToken[] {
    while (this.#at < this.#text.length) this.#next()
    return this.#tokens
  }

  #next(): void {
    if (this.#match(BLANK) !== undefined) return
    const c = this.#text[this.#at] ?? ''
    if (c === '`') this.#template(this.#at, this.#at + 1)
    else if (c === '}' && this.#templates.at(-1) === this.#depth) {
      this.#templates.pop()
      this.#depth -= 1
      this.#template(this.#at, this.#at + 1)
    } else if (!this.#quiet(c)) this.#plain(c)
  }

  /** A comment or a string. */
  #quiet(c: string): boolean {
    const comment = this.#match(COMMENT)
    if (comment !== undefined) {
      const open = comment.startsWith('/*') && (comment.length < 4 || !comment.endsWith('*/'))
      this.#add('comment', comment.length, open)
      return true
    }
    const string = this.#match(STRING)
    if (string === undefined) return false
    this.#add('string', string.length, string.length < 2 || !string.endsWith(c))
    return true
  }

  #plain(c: string): void {
    const number = this.#match(NUMBER)
    const word = number === undefined ? this.#match(WORD) : undefined
    const regexp = c === '/' && this.#expectsValue() ? this.#match(REGEXP) : undefined
    if (number !== undefined) this.#add('number', number.length)
    else if (word !== undefined) this.#add('word', word.length)
    else if (regexp !== undefined) this.#add('regexp', regexp.length)
    else this.#punct(this.#match(PUNCT) ?? c)
  }

  #punct(punct: string): void {
    if (/^[)\]}]$/.test(punct)) this.#depth = Math.max(0, this.#depth - 1)
    this.#add('punct', punct.length)
    if (/^[([{]$/.test(punct)) this.#depth += 1
  }

  /** A template's text; `start` is its quote, or the brace that ended code in it. */
  #template(start: number, from: number): void {
    this.#at = from
    const text = this.#match(TEMPLATE) ?? ''
    this.#at = start
    const isClosed = text.endsWith('`')
    const goesOn = text.endsWith('${')
    this.#add('template', from - start + text.length, !isClosed && !goesOn)
    if (!goesOn) return
    this.#depth += 1
    this.#templates.push(this.#depth)
  }

  #expectsValue(): boolean {
    const before = this.#tokens.findLast(({ kind }) => kind !== 'comment')
    if (before === undefined) return true
    const text = this.#text.slice(before.start, before.end)
    if (before.kind === 'punct') return !/^[)\]}]$|^(\+\+|--)$/.test(text)
    return before.kind === 'word' && BEFORE_VALUE.test(text)
  }

  /** What a pattern finds here; a blank is passed over. */
  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (pattern === BLANK && found !== undefined) this.#at += found.length
    return found
  }

  #add(kind: CodeTokenKind, length: number, open = false): void {
    const start = this.#at
    this.#at = start + Math.max(1, length)
    this.#tokens.push({ kind, start, end: this.#at, depth: this.#depth, open })
  }
}
