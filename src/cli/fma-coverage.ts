// FmaCoverage: which faults could ever be diagnosed: in short, and as a table in full.
import { DESCRIBE, type Described, type Description, type MembersOf } from '../base/describe.js'
import { DISPLAY } from '../base/display.js'
import type { Page, ShownAsPage } from '../base/page.js'
import type { Table } from '../base/table.js'
import { coverageTable, type FaultCoverage } from '../fma/explain/coverage.js'
import { coveragePage } from '../fma/explain/coverage-page.js'
import { pageText } from './fma-text.js'

/** The coverage of one host by some rules. */
export class FmaCoverage implements ShownAsPage, Described {
  readonly faults: readonly FaultCoverage[]

  constructor(faults: readonly FaultCoverage[]) {
    this.faults = faults
  }

  toTable(): Table {
    return coverageTable(this.faults)
  }

  toString(): string {
    return pageText(this[DISPLAY]())
  }

  toJSON(): readonly FaultCoverage[] {
    return this.faults
  }

  [DESCRIBE](): Description {
    const summary = 'which faults could ever be diagnosed'
    return { name: 'fma.coverage()', summary, members: MEMBERS }
  }

  [DISPLAY](): Page {
    return coveragePage(this.faults)
  }
}

const MEMBERS: MembersOf<FmaCoverage> = {
  faults: 'all that is known of each fault',
  toTable: 'the same as a table',
  toString: 'in short, as a text',
}
