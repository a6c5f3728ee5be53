// FmaCase: one case of fault management at the prompt: what is suspected, how sure that is, what
// has become of it.
//
//   fma.faulty()[0]   fma.cases[2].suspects   fma.explain(fma.cases[0])
//
// Holds: it is the case as it was when it was asked for.
import { DESCRIBE, type Described, type Description, type MembersOf } from '../base/describe.js'
import { DISPLAY } from '../base/display.js'
import { type Page, page, type ShownAsPage } from '../base/page.js'
import { type Cell, type Table, table } from '../base/table.js'
import { printFmri } from '../fma/event/fmri.js'
import { caseLines } from '../fma/explain/case-lines.js'
import { explainCase } from '../fma/explain/explain-case.js'
import { momentText, secondText } from '../fma/explain/moment-text.js'
import { partName, withoutPath } from '../fma/explain/part-name.js'
import { placeText } from '../fma/explain/place-text.js'
import type { ReasonOptions } from '../fma/explain/reason-lines.js'
import { suspectWords } from '../fma/explain/suspect-fate.js'
import type { Case } from '../fma/fmd/case.js'
import type { FaultManagement } from '../fma/host/fault-management.js'
import { FmaAccount } from './fma-account.js'

/** One suspect, in words. */
export interface SuspectFacts {
  readonly class: string
  readonly certainty: number
  readonly resource: string | null
  readonly asru: string | null
  readonly fru: string | null
  readonly label: string | null
  readonly status: readonly string[]
}

/** One case. */
export class FmaCase implements ShownAsPage, Described {
  readonly #case: Case
  readonly #management: FaultManagement

  constructor(management: FaultManagement, of: Case) {
    this.#management = management
    this.#case = of
  }

  get uuid(): string {
    return this.#case.uuid
  }

  get state(): string {
    return this.#case.state
  }

  get code(): string | null {
    return this.#case.state === 'unsolved' ? null : this.#case.code
  }

  get severity(): string | null {
    return this.#case.state === 'unsolved' ? null : this.#case.severity
  }

  /** Nanoseconds since 1970. */
  get solvedNs(): bigint | null {
    return this.#case.state === 'unsolved' ? null : this.#case.solvedNs
  }

  get suspects(): readonly SuspectFacts[] {
    if (this.#case.state === 'unsolved') return []
    return this.#case.suspects.map(({ fault, status }) => ({
      class: fault.class,
      certainty: fault.certainty,
      resource: fault.resource ? printFmri(fault.resource) : null,
      asru: fault.asru ? printFmri(fault.asru) : null,
      fru: fault.fru ? printFmri(fault.fru) : null,
      label: fault.location ?? null,
      status: suspectWords({ fault, status }),
    }))
  }

  /** What its suspects are of, each as people call it. */
  get parts(): readonly string[] {
    if (this.#case.state === 'unsolved') return []
    const { topology } = this.#management
    return this.#case.suspects.map(({ fault }) => partName(fault.resource ?? fault.asru, topology))
  }

  get ereports(): Table {
    return table(
      [{ name: 'time', isKey: true }, { name: 'class', isKey: true }, 'detector'],
      this.#case.ereports.map((ereport) => [
        ereport.timeNs === undefined ? null : momentText(ereport.timeNs),
        ereport.class,
        placeText(ereport.detector),
      ]),
    )
  }

  /** Its line and those of its suspects. */
  get inShort(): string {
    return caseLines(this.#case)
  }

  /** The walk from what was seen to what was done; in full with every condition and its values. */
  explain(options: ReasonOptions = {}): FmaAccount {
    return new FmaAccount(this.#management, this.#case, options ?? {})
  }

  toJSON(): unknown {
    const { uuid, state, code, severity, solvedNs, suspects } = this
    return { uuid, state, code, severity, solvedNs: solvedNs && String(solvedNs), suspects }
  }

  [DESCRIBE](): Description {
    return { name: 'fma.cases[0]', summary: 'one case of fault management', members: MEMBERS }
  }

  [DISPLAY](): Page {
    return explainCase(this.#management, this.#case)
  }
}

const MEMBERS: MembersOf<FmaCase> = {
  uuid: 'which case: fmadm and fmdump call it so',
  state: 'unsolved, solved, close-wait, closed, repaired or resolved',
  code: 'of the message that people get; null until it is solved',
  severity: 'Critical, Major or Minor',
  solvedNs: 'when it was solved, in nanoseconds since 1970',
  parts: 'what that is of, each as people call it',
  suspects: 'what may be broken, each with how sure that is and what it affects',
  ereports: 'what it rests on, as a table',
  inShort: 'its line, and those of its suspects, as a text',
  explain: 'the walk from what was seen to what was done: explain().why, explain({ full: true })',
}

/** Cases in a list that shows itself as a table. */
export class FmaCases extends Array<FmaCase> implements ShownAsPage {
  /** What `map` of it makes is a plain array. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }

  /** Those that are kept, as a list that shows itself like this one. */
  override filter(keep: (each: FmaCase, at: number, all: FmaCase[]) => unknown): FmaCases {
    return FmaCases.from(super.filter(keep)) as FmaCases
  }

  toTable(): Table {
    return table(COLUMNS, [...this].flatMap(rowsOf))
  }

  [DISPLAY](): Page {
    return page(this.length === 0 ? ['none'] : [...this].map((each) => each.inShort), [...this])
  }
}

const COLUMNS = [
  { name: 'solved', isKey: true },
  { name: 'code', isKey: true },
  { name: 'suspect', wraps: true },
  { name: 'affects', wraps: true },
  { name: 'state', priority: 1 },
]

function rowsOf(of: FmaCase): readonly (readonly Cell[])[] {
  const { code, state, suspects, parts } = of
  const first = [timeOf(of), code]
  const rows = suspects.map(({ class: name, certainty }, i) => [
    ...(i === 0 ? first : ['', '']),
    `${name.split('.').at(-1)}${suspects.length > 1 ? ` ${certainty}%` : ''}`,
    withoutPath(parts[i] ?? '?'),
    i === 0 ? state : '',
  ])
  return rows.length > 0 ? rows : [[...first, 'not solved yet', null, state]]
}

const timeOf = ({ solvedNs }: FmaCase): string | null =>
  solvedNs === null ? null : secondText(solvedNs)
