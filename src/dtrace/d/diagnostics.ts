// Mistakes in a D source: DTrace's tag and words, our code and place, collected so that all are
// reported.
//
//   fail(span, 'D_OP_INT', 'operator %= ...')  ->  recorded, then control leaves the statement
import type { Diagnostic } from '../../base/diagnostic.js'
import { positionOf, type Span } from '../../base/span.js'

/** A mistake as DTrace would report it: `line` counts as #line directives say, `region` names the
 *  part of a clause where a one-line program went wrong. */
export interface DDiagnostic extends Diagnostic {
  readonly line: number
  readonly file?: string
  readonly region?: 'action list' | 'predicate'
  /** DTrace tells it without a place: it is no mistake of syntax or meaning. */
  readonly placeless?: true
}

/** Leaves a statement or declaration whose mistake is already recorded. */
export class Failure extends Error {
  readonly tag: string

  constructor(tag: string) {
    super(tag)
    this.name = 'Failure'
    this.tag = tag
  }
}

/** Codes with a name of their own; the others follow from the tag: D_OP_INT is `d.op-int`. */
const CODES: ReadonlyMap<string, Diagnostic['code']> = new Map([
  ['D_PDESC_ZERO', 'd.unknown-probe'],
  ['D_PDESC_INVAL', 'd.bad-probe'],
  ['D_IDENT_UNDEF', 'd.unknown-name'],
  ['D_VAR_UNDEF', 'd.unassigned-variable'],
  ['D_FUNC_UNDEF', 'd.unknown-function'],
  ['D_DIV_ZERO', 'd.division-by-zero'],
  ['D_PROTO_LEN', 'd.argument-count'],
  ['D_PROTO_ARG', 'd.argument-type'],
  ['D_OP_INCOMPAT', 'd.incompatible-types'],
  ['D_AGG_REDEF', 'd.aggregation-redefined'],
  ['D_EMPTY', 'd.empty-program'],
  ['D_MACRO_UNDEF', 'd.unknown-macro'],
  ['D_MACRO_UNUSED', 'd.unused-argument'],
  ['D_PRAGMA_OPTSET', 'd.unknown-option'],
  ['D_UNKNOWN', 'd.unknown-type'],
])

/** Mistakes that DTrace finds only on the line after: it has read the newline by then. */
const FOUND_AT_END: ReadonlySet<string> = new Set(['D_STR_NL', 'D_CHR_NL'])

/** Mistakes of operators, and all of declarations: DTrace makes their node when it has read the
 *  token that follows. */
const FOUND_AFTER: ReadonlySet<string> = new Set(
  'D_OP_INT D_OP_ARITH D_OP_INCOMPAT D_OP_SCALAR D_OP_DYN D_DIV_ZERO D_UNKNOWN D_CAST_INVAL'.split(
    ' ',
  ),
)
const BETWEEN = /^(?:[\s]|\/\*[\s\S]*?\*\/)*/
const CLOSING = /^\/[\f\n\r\t\v ]*(?=[;{])/

/** Mistakes of one source that are told: nobody reads more. */
const MOST_MISTAKES = 200

/** Where lines are renumbered: from `offset` on, lines count from `line`, in `file` when given. */
export interface LineMark {
  readonly offset: number
  readonly line: number
  readonly file: string | undefined
}

/** What is said of a mistake beside its text: a hint, or where DTrace notices it, when that is not
 *  where it is. Its line is that of the offset. */
export interface Remark {
  readonly hint?: string | undefined
  readonly noticed?: number
}

/** Collects the mistakes of one source text. */
export class Diagnostics {
  readonly #source: string
  readonly #found: DDiagnostic[] = []
  readonly #lines: LineMark[] = []
  region: DDiagnostic['region']

  constructor(source: string) {
    this.#source = source
  }

  get found(): readonly DDiagnostic[] {
    return this.#found
  }

  /** A #line directive. */
  renumber(mark: LineMark): void {
    this.#lines.push(mark)
  }

  /** The file a #line directive says an offset is in; undefined for the source itself. */
  fileAt(offset: number): string | undefined {
    return this.#place(offset).file
  }

  /** Records a mistake and goes on. */
  report(span: Span, tag: string, message: string, more?: string | Remark): void {
    const code = CODES.get(tag) ?? `d.${tag.slice(2).toLowerCase().replaceAll('_', '-')}`
    const remark = typeof more === 'object' ? more : { hint: more }
    this.#add(code as Diagnostic['code'], span, message, { tag, ...remark })
  }

  /** Records a mistake and leaves the statement it is in. */
  fail(span: Span, tag: string, message: string, more?: string | Remark): never {
    this.report(span, tag, message, more)
    throw new Failure(tag)
  }

  /** Refuses what D has and this compiler does not: there is no tag of DTrace's for it. */
  refuse(span: Span, message: string, hint?: string): never {
    this.#add('d.unsupported', span, message, { hint })
    throw new Failure('')
  }

  /** Refuses what DTrace has no code for, though it is right: it has no tag, and names no place. */
  failToGenerate(span: Span, message: string, hint?: string): never {
    this.#add('d.no-room', span, message, { hint, placeless: true })
    throw new Failure('')
  }

  /** The line a span begins on, as DTrace counts. */
  lineOf(span: Span): number {
    return this.#place(span.start).line
  }

  /** Whether so many are told that no more will be. */
  get isFull(): boolean {
    return this.#found.length >= MOST_MISTAKES
  }

  /** Puts them in the order of the text. */
  sort(): void {
    this.#found.sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0))
  }

  /** How many there are: pass it to `rewind` to forget the later ones. */
  mark(): number {
    return this.#found.length
  }

  rewind(mark: number): void {
    this.#found.length = mark
  }

  /** Runs `work`; a Failure in it is recorded already and ends only `work`. Yields its tag then. */
  attempt(work: () => void): string | undefined {
    try {
      work()
      return undefined
    } catch (error) {
      if (error instanceof Failure) return error.tag
      throw error
    }
  }

  #add(
    code: Diagnostic['code'],
    span: Span,
    message: string,
    more: { tag?: string; placeless?: true } & Remark,
  ): void {
    if (this.isFull) return
    if (this.#found.some((d) => d.span?.start === span.start && d.message === message)) return
    const place = this.#place(more.noticed ?? this.#noticed(span, more.tag ?? ''))
    this.#found.push({
      code,
      severity: 'error',
      message,
      span,
      line: place.line,
      ...(place.file === undefined ? {} : { file: place.file }),
      ...(more.tag === undefined ? {} : { tag: more.tag }),
      ...(more.hint === undefined ? {} : { hint: more.hint }),
      ...(this.region === undefined ? {} : { region: this.region }),
      ...(more.placeless && { placeless: true }),
    })
  }

  #noticed(span: Span, tag: string): number {
    if (FOUND_AT_END.has(tag)) return span.end + 1
    const after = FOUND_AFTER.has(tag) || tag.startsWith('D_DECL_')
    return after ? this.#after(span.end) : span.start
  }

  /** Where the next token begins; after the slash that ends a predicate, the one after it. */
  #after(offset: number): number {
    const [blank = ''] = BETWEEN.exec(this.#source.slice(offset)) ?? []
    const [slash = ''] = CLOSING.exec(this.#source.slice(offset + blank.length)) ?? []
    return offset + blank.length + slash.length
  }

  #place(offset: number): { line: number; file: string | undefined } {
    const { line } = positionOf(this.#source, offset)
    const mark = this.#lines.filter((m) => m.offset <= offset).at(-1)
    if (mark === undefined) return { line, file: undefined }
    return { line: mark.line + line - positionOf(this.#source, mark.offset).line, file: mark.file }
  }
}
