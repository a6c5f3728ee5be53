// Macros: words and calls that stand for tokens.
//
//   #define PAIR(leaf)  event ereport.leaf@chip; event ereport.leaf/**/_uc@chip
//   PAIR(l2cache);  ->  event ereport.l2cache@chip; event ereport.l2cache_uc@chip;
//
// Holds: a macro is not expanded within itself; how much all may grow to is bounded. A comment
// between two words joins them, as it does in the old C preprocessor that rules are written for.
// Source: illumos-gate usr/src/cmd/fm/eversholt/files (rules), which esc passes to cpp.
import type { Diagnostics } from './diagnostics.js'
import { joinPlaces, type Place } from './source.js'
import { isMark, type Token } from './token.js'

/** What a word stands for. `parameters` of a macro that is called like a function. */
export interface Macro {
  readonly name: string
  readonly parameters: readonly string[] | undefined
  readonly body: readonly Token[]
}

/** Tokens that one file may grow to. */
const MOST_TOKENS = 400_000
/** Calls within the arguments of calls, and macros that macros stand for. */
const DEEPEST_CALL = 64
const DEEPEST_MACRO = 200

interface Frame {
  readonly tokens: readonly Token[]
  readonly macro?: string
  at: number
}

/** Replaces macros by what they stand for. */
export class Expander {
  readonly #macros: ReadonlyMap<string, Macro>
  readonly #diagnostics: Diagnostics
  #made = 0
  #depth = 0

  constructor(macros: ReadonlyMap<string, Macro>, diagnostics: Diagnostics) {
    this.#macros = macros
    this.#diagnostics = diagnostics
  }

  /** Whether all that may be made is made. */
  get isSpent(): boolean {
    return this.#made > MOST_TOKENS
  }

  /** The tokens with every macro expanded but `hidden` ones. Fails when they are too many. */
  expand(tokens: readonly Token[], hidden: readonly string[] = []): readonly Token[] {
    const out: Token[] = []
    const input = new Frames(tokens, hidden)
    for (let token = input.next(); token !== undefined; token = input.next()) {
      this.#bound(token.place)
      const macro = token.kind === 'word' ? this.#macros.get(token.text) : undefined
      if (macro !== undefined && input.depth > DEEPEST_MACRO) {
        const message = `macros stand for macros, more than ${DEEPEST_MACRO} deep`
        this.#diagnostics.fail(token.place, 'esc.too-deep', message)
      }
      if (macro === undefined || input.isHidden(macro.name)) out.push(token)
      else if (macro.parameters === undefined)
        input.push(this.#body(macro, [], placeOf(token, token), []), macro.name)
      else if (!isMark(input.peek(), '(')) out.push(token)
      else this.#call(macro, token, input)
    }
    return joinGlued(out)
  }

  #bound(place: Place): void {
    this.#made += 1
    if (this.#made <= MOST_TOKENS) return
    const message = `macros make more than ${MOST_TOKENS} tokens of this file`
    this.#diagnostics.fail(place, 'esc.too-large', message)
  }

  #call(macro: Macro, name: Token, input: Frames): void {
    const hidden = input.hidden()
    const args: Token[][] = [[]]
    const last = this.#arguments(name, input, args)
    if (last === undefined) return
    const wanted = macro.parameters?.length ?? 0
    const given = wanted === 0 && args.length === 1 && args[0]?.length === 0 ? 0 : args.length
    const place = placeOf(name, last)
    if (given !== wanted) {
      const message = `${macro.name} wants ${wanted} arguments and has ${given}`
      this.#diagnostics.error(joinPlaces(name.place, last.place), 'esc.macro-arguments', message)
    } else input.push(this.#body(macro, args, place, hidden), macro.name)
  }

  /** Fills `args` with the arguments of a call, as written; yields the mark that closes it. */
  #arguments(name: Token, input: Frames, args: Token[][]): Token | undefined {
    input.next()
    for (let open = 0; ; ) {
      const token = input.next()
      if (token === undefined) {
        const message = `the arguments of ${name.text} do not end`
        this.#diagnostics.error(name.place, 'esc.macro-arguments', message, 'close them with )')
        return undefined
      }
      this.#bound(token.place)
      if (isMark(token, ')') && open === 0) return token
      if (isMark(token, ',') && open === 0) args.push([])
      else args.at(-1)?.push(token)
      if (isMark(token, '(')) open += 1
      if (isMark(token, ')')) open -= 1
    }
  }

  #body(
    { parameters = [], body }: Macro,
    args: readonly Token[][],
    place: Place,
    hidden: readonly string[],
  ): readonly Token[] {
    const out: Token[] = []
    for (const [i, token] of body.entries()) {
      const arg = token.kind === 'word' ? args[parameters.indexOf(token.text)] : undefined
      if (arg === undefined) out.push({ ...token, place })
      else {
        const isPasted = token.glued || body[i + 1]?.glued === true
        const value = isPasted ? arg : this.#argument(arg, place, hidden)
        for (const [k, t] of value.entries()) {
          this.#bound(place)
          out.push(k === 0 ? { ...t, glued: token.glued, startsLine: false } : t)
        }
      }
    }
    return joinGlued(out)
  }

  #argument(arg: readonly Token[], place: Place, hidden: readonly string[]): readonly Token[] {
    if (this.#depth >= DEEPEST_CALL) {
      const message = `macro calls are nested more than ${DEEPEST_CALL} deep`
      this.#diagnostics.fail(place, 'esc.too-deep', message)
    }
    this.#depth += 1
    try {
      return this.expand(arg, hidden)
    } finally {
      this.#depth -= 1
    }
  }
}

/** Tokens to be read, those that a macro made first. */
class Frames {
  readonly #frames: Frame[]
  readonly #hidden: readonly string[]

  constructor(tokens: readonly Token[], hidden: readonly string[]) {
    this.#frames = [{ tokens, at: 0 }]
    this.#hidden = hidden
  }

  push(tokens: readonly Token[], macro: string): void {
    this.#frames.push({ tokens, macro, at: 0 })
  }

  next(): Token | undefined {
    const token = this.peek()
    const frame = this.#frames.at(-1)
    if (frame !== undefined) frame.at += 1
    return token
  }

  /** The next token; leaves macros that are used up. */
  peek(): Token | undefined {
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
      if (frame.at < frame.tokens.length || this.#frames.length === 1) return frame.tokens[frame.at]
      this.#frames.pop()
    }
    return undefined
  }

  get depth(): number {
    return this.#frames.length
  }

  hidden(): readonly string[] {
    return [...this.#hidden, ...this.#frames.flatMap(({ macro }) => macro ?? [])]
  }

  isHidden(name: string): boolean {
    return this.#hidden.includes(name) || this.#frames.some(({ macro }) => macro === name)
  }
}

/** Where a use stands: of a use that a macro made, where that one does. */
function placeOf(name: Token, last: Token): Place {
  if (name.place.macro !== undefined) return name.place
  return { ...joinPlaces(name.place, last.place), macro: name.text }
}

/** Makes one word of two that only a comment parts. */
function joinGlued(tokens: readonly Token[]): readonly Token[] {
  if (!tokens.some((token) => token.glued)) return tokens
  const out: Token[] = []
  for (const token of tokens) {
    const before = out.at(-1)
    const joins = token.glued && (token.kind === 'word' || token.kind === 'number')
    if (joins && before?.kind === 'word')
      out[out.length - 1] = { ...before, text: before.text + token.text }
    else out.push(token)
  }
  return out
}
