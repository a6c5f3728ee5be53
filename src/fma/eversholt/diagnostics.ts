// Mistakes in Eversholt sources: collected, so that all are told.
//
//   fail(place, 'esc.syntax', 'expected ;')  ->  recorded, then control leaves the statement
import type { Diagnostic } from '../../base/diagnostic.js'
import { positionOf } from '../../base/span.js'
import type { Place, SourceText } from './source.js'

/** A mistake, and where: lines count as `# LINE "FILE"` says, where a preprocessor did. */
export interface EscDiagnostic extends Diagnostic {
  readonly code: `esc.${string}`
  readonly source: SourceText
  readonly file: string
  readonly line: number
  readonly column: number
}

/** The stable name of a mistake. */
export type EscCode = EscDiagnostic['code']

/** Leaves a statement whose mistake is already recorded. */
class Failure extends Error {
  constructor() {
    super('a recorded mistake')
    this.name = 'Failure'
  }
}

/** Mistakes of one compilation that are told, and warnings: nobody reads more. */
const MOST = 200

/** Where lines are renumbered: from `offset` on, lines of `source` count from `line`. */
export interface LineMark {
  readonly source: SourceText
  readonly offset: number
  readonly line: number
  readonly file: string | undefined
}

/** Collects the mistakes of one compilation. */
export class Diagnostics {
  readonly #found: EscDiagnostic[] = []
  readonly #seen = new Set<string>()
  readonly #marks: LineMark[] = []
  readonly #count = { error: 0, warning: 0 }

  /** All of them: file by file as met, each in the order of its text. */
  get found(): readonly EscDiagnostic[] {
    const files = [...new Set(this.#found.map((d) => d.source))]
    const at = (d: EscDiagnostic): number => d.span?.start ?? 0
    return files.flatMap((source) =>
      this.#found.filter((d) => d.source === source).sort((a, b) => at(a) - at(b)),
    )
  }

  /** Whether so many errors are told that no more will be. */
  get isFull(): boolean {
    return this.#count.error >= MOST
  }

  get hasErrors(): boolean {
    return this.#count.error > 0
  }

  /** A line of a preprocessor that says where what follows came from. */
  renumber(mark: LineMark): void {
    this.#marks.push(mark)
  }

  /** Records an error and goes on. */
  error(place: Place, code: EscCode, message: string, hint?: string): void {
    this.#add('error', place, code, message, hint)
  }

  /** Records what is allowed and hardly meant. */
  warn(place: Place, code: EscCode, message: string, hint?: string): void {
    this.#add('warning', place, code, message, hint)
  }

  /** Records an error and leaves the statement it is in. */
  fail(place: Place, code: EscCode, message: string, hint?: string): never {
    this.error(place, code, message, hint)
    throw new Failure()
  }

  /** Runs `work`; yields false when it failed, which is recorded already and ends only `work`. */
  attempt(work: () => void): boolean {
    try {
      work()
      return true
    } catch (error) {
      if (error instanceof Failure) return false
      throw error
    }
  }

  #add(
    severity: Diagnostic['severity'],
    { source, span, macro }: Place,
    code: EscCode,
    said: string,
    hint: string | undefined,
  ): void {
    const message = macro === undefined ? said : `${said} (in what ${macro} stands for)`
    const key = `${source.name} ${span.start} ${message}`
    if (this.#count[severity] >= MOST || this.#seen.has(key)) return
    this.#seen.add(key)
    this.#count[severity] += 1
    const hinted = hint === undefined ? {} : { hint }
    const place = this.#place(source, span.start)
    this.#found.push({ code, severity, message, span, source, ...place, ...hinted })
  }

  #place(source: SourceText, offset: number): { file: string; line: number; column: number } {
    const { line, column } = positionOf(source.text, offset)
    const marks = this.#marks.filter((m) => m.source === source && m.offset <= offset)
    const mark = marks.at(-1)
    if (mark === undefined) return { file: source.name, line, column }
    const file = marks.findLast((m) => m.file !== undefined)?.file ?? source.name
    const since = line - positionOf(source.text, mark.offset).line
    return { file, line: mark.line + since, column }
  }
}
