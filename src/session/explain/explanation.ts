// Explanation: what something is, in paragraphs and tables, and where that is written.
//
//   0x9c0000400001009f  ->  IA32_MCi_STATUS: its fields, what its code says, which ereport it makes
//
// Holds: it shows itself in any width; programs get the same as JSON. Nothing of a machine is
// asked.
import { DISPLAY } from '../../base/display.js'
import { type Page, page, type ShownAsPage } from '../../base/page.js'
import type { Table } from '../../base/table.js'

/** What was asked about, and what there is to say. */
export interface ExplainedParts {
  /** What it is: `IA32_MC4_STATUS (0x411)`, `ESRCH (3)`. */
  readonly subject: string
  readonly parts: readonly (string | Table | undefined)[]
  /** The document that says so. */
  readonly source?: string | undefined
  /** What to type next. */
  readonly next?: readonly string[]
  readonly json?: unknown
}

/** An answer to "what is this?". */
export class Explanation implements ShownAsPage {
  readonly subject: string
  readonly source: string | undefined
  readonly #given: ExplainedParts

  constructor(given: ExplainedParts) {
    this.subject = given.subject
    this.source = given.source
    this.#given = given
  }

  toJSON(): unknown {
    const { subject, source } = this
    return { subject, source, ...(this.#given.json as object | undefined) }
  }

  [DISPLAY](): Page {
    const { parts, source, next = [] } = this.#given
    return page(
      [
        ...parts,
        source === undefined ? undefined : `source: ${source}`,
        next.map((line, i) => `  ${i === 0 ? 'try:' : '    '} ${line}`).join('\n'),
      ],
      this.toJSON(),
    )
  }
}
