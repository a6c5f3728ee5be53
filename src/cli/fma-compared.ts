// FmaCompared: two diagnoses of one history, whole and part by part.
//
//   fma.whatIf({ era: 'metal' })   ->  what differs     .diagnoses .unseen .other  ->  one part
import { DESCRIBE, type Described, type Description, type MembersOf } from '../base/describe.js'
import { DISPLAY } from '../base/display.js'
import type { Page, ShownAsPage } from '../base/page.js'
import type { Table } from '../base/table.js'
import type { Comparison } from '../fma/explain/what-if.js'
import { FmaText, pageText } from './fma-text.js'

/** A comparison; `Other` is the fault management it compares with. */
export class FmaCompared<Other> implements ShownAsPage, Described {
  readonly other: Other
  readonly #comparison: Comparison

  constructor(comparison: Comparison, other: Other) {
    this.#comparison = comparison
    this.other = other
  }

  get isDifferent(): boolean {
    return this.#comparison.isDifferent
  }

  get diagnoses(): Table {
    return this.#comparison.diagnoses
  }

  get ereports(): Table {
    return this.#comparison.ereports
  }

  get unseen(): FmaText {
    return new FmaText(this.#comparison.unseen)
  }

  toString(): string {
    return pageText(this[DISPLAY]())
  }

  toJSON(): unknown {
    const { isDifferent, unseen } = this
    return { isDifferent, diagnoses: this.#comparison.shown.json, unseen }
  }

  [DESCRIBE](): Description {
    const summary = 'two diagnoses of one history'
    return { name: "fma.whatIf({ era: 'metal' })", summary, members: MEMBERS }
  }

  [DISPLAY](): Page {
    return this.#comparison.shown
  }
}

const MEMBERS: MembersOf<FmaCompared<unknown>> = {
  other: 'the other diagnosis, an fma of its own: other.cases, other.explain(CODE)',
  isDifferent: 'whether one found or did what the other did not',
  diagnoses: 'each diagnosis of either, with what became of it on both, as a table',
  ereports: 'how many ereports came to each, as a table',
  unseen: 'what each could not know',
  toString: 'all of it as a text',
}
