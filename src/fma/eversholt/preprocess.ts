// The preprocessor: a source and what it includes to one row of tokens, macros expanded.
//
//   #include <fm/topo_hc.h>   #define FIT 500   #ifdef _ESC ... #else ... #endif
//   # 12 "rules.esc"          #pragma dictionary "PCIEX"
//
// Holds: it ends whatever the text; includes, macros and their growth are bounded. A mistake in a
// directive ends that directive only.
// Source: illumos-gate usr/src/cmd/fm/eversholt/common/esclex.c; cpp(1) in its traditional mode.
import { nearest } from '../../base/nearest.js'
import { holds } from './condition.js'
import type { Diagnostics } from './diagnostics.js'
import { Expander, type Macro } from './macro.js'
import { scan } from './scan.js'
import type { Place, SourceText } from './source.js'
import { isMark, type Token } from './token.js'

/** Finds what an `#include` names; undefined when there is no such file. */
export type FindInclude = (name: string, from: SourceText) => SourceText | undefined

/** A `#pragma`, for whoever understands it. */
export interface PragmaLine {
  readonly name: string
  readonly argument: string
  readonly place: Place
}

/** All tokens, the end last, and the pragmas among them. */
interface Preprocessed {
  readonly tokens: readonly Token[]
  readonly pragmas: readonly PragmaLine[]
}

const MOST_INCLUDES = 20
const DIRECTIVES: readonly string[] =
  'define undef include if ifdef ifndef elif else endif pragma ident line error'.split(' ')
const CONDITIONALS: readonly string[] = ['if', 'ifdef', 'ifndef', 'elif', 'else', 'endif']

/** Preprocesses a source. `_ESC` is defined, as esc's makefiles have it. */
export function preprocess(
  source: SourceText,
  diagnostics: Diagnostics,
  find: FindInclude,
): Preprocessed {
  return new Preprocessor(diagnostics, find).run(source)
}

/** An open `#if`: whether its lines are read, one of its branches was, and its `#else` is past. */
interface Group {
  readonly place: Place
  readonly isRead: boolean
  readonly wasRead: boolean
  readonly isElse: boolean
}

class Preprocessor {
  readonly #diagnostics: Diagnostics
  readonly #find: FindInclude
  readonly #macros = new Map<string, Macro>()
  readonly #expander: Expander
  readonly #out: Token[] = []
  readonly #pragmas: PragmaLine[] = []
  #depth = 0

  constructor(diagnostics: Diagnostics, find: FindInclude) {
    this.#diagnostics = diagnostics
    this.#find = find
    this.#expander = new Expander(this.#macros, diagnostics)
  }

  run(source: SourceText): Preprocessed {
    const [one, end] = scan({ name: '_ESC', text: '1' })
    if (one !== undefined)
      this.#macros.set('_ESC', { name: '_ESC', parameters: undefined, body: [one] })
    this.#diagnostics.attempt(() => this.#file(source))
    const { text } = source
    const place = { source, span: { start: text.length, end: text.length } }
    if (end !== undefined) this.#out.push({ ...end, place, startsLine: true })
    return { tokens: this.#out, pragmas: this.#pragmas }
  }

  #file(source: SourceText): void {
    const tokens = scan(source)
    const groups: Group[] = []
    let lines: Token[] = []
    for (let i = 0; i < tokens.length - 1; ) {
      const token = tokens[i] as Token
      if (token.startsLine && isMark(token, '#')) {
        this.#emit(lines)
        lines = []
        const from = ++i
        while (i < tokens.length - 1 && tokens[i]?.startsLine === false) i += 1
        const line = tokens.slice(from, i)
        this.#diagnostics.attempt(() => this.#directive(token, line, groups))
      } else {
        if (groups.every((group) => group.isRead)) lines.push(token)
        i += 1
      }
    }
    this.#emit(lines)
    for (const { place } of groups)
      this.#diagnostics.error(place, 'esc.unclosed-if', 'this condition has no #endif')
  }

  #emit(lines: readonly Token[]): void {
    if (this.#expander.isSpent) return
    for (const token of this.#expander.expand(lines)) {
      const { fault, place } = token
      if (fault !== undefined) this.#diagnostics.error(place, fault.code, fault.message, fault.hint)
      if (fault?.code !== 'esc.stray-character' && fault?.code !== 'esc.open-comment')
        this.#out.push(token)
    }
  }

  #directive(hash: Token, line: readonly Token[], groups: Group[]): void {
    const [first, ...rest] = line
    if (first === undefined) return
    if (CONDITIONALS.includes(first.text)) this.#conditional(first, rest, groups)
    else if (groups.every((group) => group.isRead)) this.#perform(hash, first, rest)
  }

  #perform(hash: Token, first: Token, rest: readonly Token[]): void {
    const { text } = first
    if (first.kind === 'number') this.#renumber(hash, [first, ...rest])
    else if (text === 'define') this.#define(first, rest)
    else if (text === 'undef') this.#macros.delete(wordOf(rest[0], first, this.#diagnostics).text)
    else if (text === 'include') this.#include(hash, first, rest)
    else if (text === 'line') this.#renumber(hash, rest)
    else if (text === 'pragma') this.#pragma(first, rest)
    else if (text === 'error') this.#refuse(first, rest)
    else if (text !== 'ident') this.#unknown(first)
  }

  #refuse({ place }: Token, rest: readonly Token[]): never {
    const message = textFrom(rest) || 'the file says that it cannot be used so'
    return this.#diagnostics.fail(place, 'esc.error-directive', message)
  }

  #unknown(first: Token): never {
    const near = nearest(first.text, DIRECTIVES)
    const hint = near === undefined ? undefined : `did you mean #${near}?`
    const message = `there is no directive #${first.text}`
    return this.#diagnostics.fail(first.place, 'esc.unknown-directive', message, hint)
  }

  #define(first: Token, [name, ...rest]: readonly Token[]): void {
    const word = wordOf(name, first, this.#diagnostics)
    const [open] = rest
    const isCall = open !== undefined && isMark(open, '(') && !open.spaced && !open.glued
    const close = isCall ? rest.findIndex((token) => isMark(token, ')')) : -1
    if (isCall && close < 0) {
      const message = `the parameters of ${word.text} do not end`
      this.#diagnostics.fail(word.place, 'esc.bad-directive', message, 'close them with )')
    }
    const parameters = isCall ? this.#parameters(rest.slice(1, close)) : undefined
    const body = rest.slice(close + 1).map((token) => ({ ...token, startsLine: false }))
    const before = this.#macros.get(word.text)
    if (before !== undefined && textOf(before.body) !== textOf(body)) {
      const message = `${word.text} stood for something else until here`
      this.#diagnostics.warn(word.place, 'esc.macro-redefined', message, `#undef ${word.text}`)
    }
    this.#macros.set(word.text, { name: word.text, parameters, body })
  }

  #parameters(tokens: readonly Token[]): readonly string[] {
    return tokens.flatMap((token, i) => {
      const isRight = i % 2 === 0 ? token.kind === 'word' : isMark(token, ',')
      if (!isRight || (i % 2 === 1 && i === tokens.length - 1)) {
        const message = 'parameters are words with commas between them'
        this.#diagnostics.fail(token.place, 'esc.bad-directive', message)
      }
      return i % 2 === 0 ? [token.text] : []
    })
  }

  #include(hash: Token, first: Token, rest: readonly Token[]): void {
    const { source, span } = hash.place
    const lineEnd = source.text.indexOf('\n', span.start)
    const line = source.text.slice(span.start, lineEnd < 0 ? undefined : lineEnd)
    const [, bracketed, quoted] = /^#\s*include\s*(?:<([^>]*)>|"([^"]*)")/.exec(line) ?? []
    const name = bracketed ?? quoted
    const place = rest[0]?.place ?? first.place
    if (name === undefined) {
      const hint = '#include <fm/topo_hc.h>'
      this.#diagnostics.fail(place, 'esc.bad-directive', 'it is not said what to include', hint)
    }
    const found = this.#find(name, source)
    if (found === undefined) {
      const hint = 'say where it is: -I FOLDER'
      this.#diagnostics.fail(place, 'esc.include-missing', `there is no file ${name}`, hint)
    }
    if (this.#depth >= MOST_INCLUDES) {
      const message = `files include each other more than ${MOST_INCLUDES} deep`
      this.#diagnostics.fail(place, 'esc.too-deep', message)
    }
    this.#depth += 1
    this.#file(found)
    this.#depth -= 1
  }

  #renumber(hash: Token, [number, file]: readonly Token[]): void {
    const { source, span } = hash.place
    if (number?.kind !== 'number' || number.fault !== undefined) {
      const message = 'a line number is missing'
      this.#diagnostics.fail(hash.place, 'esc.bad-directive', message, '#line 12 "rules.esc"')
    }
    const newline = source.text.indexOf('\n', span.end)
    const offset = newline < 0 ? source.text.length : newline + 1
    const said = file?.kind === 'string' ? file.text : undefined
    this.#diagnostics.renumber({ source, offset, line: Number(number.text), file: said })
  }

  #pragma(first: Token, [name, ...rest]: readonly Token[]): void {
    const { text, place } = wordOf(name, first, this.#diagnostics)
    this.#pragmas.push({ name: text, argument: textFrom(rest), place })
  }

  #conditional(first: Token, rest: readonly Token[], groups: Group[]): void {
    const { place, text } = first
    const outer = groups.slice(0, text.startsWith('e') ? -1 : undefined)
    const lives = outer.every((group) => group.isRead)
    if (text === 'if' || text === 'ifdef' || text === 'ifndef') {
      const isRead = lives && this.#isTrue(text, first, rest)
      groups.push({ place, isRead, wasRead: isRead, isElse: false })
      return
    }
    const group = groups.pop()
    if (group === undefined || (text !== 'endif' && group.isElse)) {
      if (group !== undefined) groups.push(group)
      const message = `#${text} belongs to no #if`
      this.#diagnostics.fail(place, 'esc.stray-conditional', message)
    }
    if (text === 'endif') return
    const isElse = text === 'else'
    const isRead = lives && !group.wasRead && (isElse || this.#isTrue('if', first, rest))
    groups.push({ ...group, isRead, wasRead: group.wasRead || isRead, isElse })
  }

  /** Whether a branch is read. One whose condition has a mistake is not, and still is a branch. */
  #isTrue(text: string, first: Token, rest: readonly Token[]): boolean {
    let result = false
    this.#diagnostics.attempt(() => {
      if (text === 'if') result = holds(first, rest, this.#macros, this.#diagnostics)
      else {
        const isDefined = this.#macros.has(wordOf(rest[0], first, this.#diagnostics).text)
        result = isDefined === (text === 'ifdef')
      }
    })
    return result
  }
}

function wordOf(token: Token | undefined, first: Token, diagnostics: Diagnostics): Token {
  if (token?.kind === 'word') return token
  const place = token?.place ?? first.place
  return diagnostics.fail(place, 'esc.bad-directive', `#${first.text} wants a name`)
}

const textOf = (tokens: readonly Token[]): string => tokens.map((t) => `${t.kind}${t.text}`).join()

/** The source text of some tokens of one line; of one string, what it says. */
function textFrom(tokens: readonly Token[]): string {
  const [first] = tokens
  if (first === undefined) return ''
  if (tokens.length === 1) return first.text
  const { source, span } = first.place
  return source.text.slice(span.start, tokens.at(-1)?.place.span.end)
}
