// `fma` at the prompt: the fault management of the machine that is open, or of a file of telemetry.
//
//   fma.faulty()   fma.cases   fma.log('error')   fma.explain(fma.faulty()[0])   fma.acts
//   fma.repaired('hc:///motherboard=0/chip=0')    fma.gaps   fma.account
//   await fma.diagnose('mcelog.bin', { every: '19s' })
//
// Holds: it follows the machine; what is asked of it is asked of the machine there is then.
import { DESCRIBE, type Described, type Description, type MembersOf } from '../base/describe.js'
import { DISPLAY } from '../base/display.js'
import { XpvError } from '../base/error.js'
import { type Page, page, type ShownAsPage } from '../base/page.js'
import { type Table, table } from '../base/table.js'
import { fmriFromNvlist, parseFmri, printFmri } from '../fma/event/fmri.js'
import { listMember, type NvList, stringMember } from '../fma/event/nvlist.js'
import type { RuleSet } from '../fma/eversholt/rule-set.js'
import { momentText, secondText } from '../fma/explain/moment-text.js'
import { partName, withoutPath } from '../fma/explain/part-name.js'
import type { ReasonOptions } from '../fma/explain/reason-lines.js'
import { requestText } from '../fma/explain/request-text.js'
import { notSeenLines } from '../fma/explain/unseen.js'
import type { Comparison, WhatIfOptions } from '../fma/explain/what-if.js'
import type { Case } from '../fma/fmd/case.js'
import type { LogName, RepairTarget } from '../fma/fmd/input.js'
import type { FaultManagement } from '../fma/host/fault-management.js'
import { ownRules } from '../fma/rules/own-rules.js'
import type { Topology } from '../fma/topo/topology.js'
import type { Rules } from '../session/esc/rules.js'
import type { KnownCode } from '../session/explain/known-text.js'
import type { FmaAccount } from './fma-account.js'
import { FmaCase, FmaCases } from './fma-case.js'
import {
  checkedChange,
  checkedParts,
  type RulesGiven,
  ruleList,
  type WhatIf,
} from './fma-change.js'
import { FmaCompared } from './fma-compared.js'
import type { FmaCoverage } from './fma-coverage.js'
import { FmaEreport, FmaEreports } from './fma-ereport.js'
import type { RerunChange } from './rerun.js'
import { serdLimits, spanNs, type Threshold } from './serd-limits.js'

const LOGS: readonly LogName[] = ['error', 'fault', 'resource', 'info']
/** States of cases that are over. */
const OVER = ['repaired', 'resolved']

/** One fault management as the prompt has it. */
class FmaView implements ShownAsPage, Described {
  readonly #management: () => FaultManagement

  constructor(management: () => FaultManagement) {
    this.#management = management
  }

  /** Cases whose suspects are still held to be faulty. */
  faulty(): FmaCases {
    return this.#cases(({ state }) => state !== 'unsolved' && !OVER.includes(state))
  }

  get cases(): FmaCases {
    return this.#cases(() => true)
  }

  /** One log as a table: 'error', 'fault', 'resource' or 'info'. */
  log(name: LogName): Table {
    if (!LOGS.includes(name)) {
      throw new XpvError('fma.log', `there is no log ${String(name)}`, "fma.log('error')")
    }
    const management = this.#management()
    return listed(
      [{ name: 'time', isKey: true }, { name: 'class', isKey: true }, 'of'],
      management
        .log(name)
        .map(({ timeNs, event: record }) => [
          momentText(timeNs),
          stringMember(record, 'class') ?? '',
          subjectOf(record, management.topology),
        ]),
    )
  }

  /** What was noticed, each with all that was said of it. */
  get ereports(): FmaEreports {
    const management = this.#management()
    const logged = management.log('error')
    const made = logged.map(({ event: record }) => new FmaEreport(record, management.topology))
    return FmaEreports.from(made) as FmaEreports
  }

  get topology(): Topology {
    return this.#management().topology
  }

  /** What agents asked for, and what became of it. */
  get acts(): Table {
    return listed(
      [
        { name: 'time', isKey: true },
        'who',
        { name: 'what', wraps: true },
        'became',
        { name: 'why', wraps: true },
      ],
      this.#management()
        .acts.filter(({ what }) => what.kind !== 'tell')
        .map(({ timeNs, module, what, outcome }) => [
          secondText(timeNs),
          module,
          requestText(what),
          outcome?.kind ?? 'not ended',
          outcome?.kind === 'refused' ? `${outcome.error}: ${outcome.why}` : (outcome?.note ?? ''),
        ]),
    )
  }

  /** What people were told on the console. */
  get messages(): string {
    return this.#management()
      .acts.flatMap(({ what }) => (what.kind === 'tell' ? what.text : []))
      .join('\n')
  }

  /** What the telemetry that came did not say. */
  get account(): Table {
    return listed(
      ['source', 'unknown', 'times', { name: 'why', wraps: true }],
      this.#management().account.flatMap(({ source, unknown }) =>
        unknown.map(({ what, count, reason }) => [source, what, count ?? null, reason]),
      ),
    )
  }

  /** Errors of which no telemetry comes, or not all. */
  get gaps(): Table {
    return listed(
      ['errors', 'unseen', { name: 'why', wraps: true }],
      this.#management().gaps.map(({ kind, extent, reason }) => [kind, extent, reason]),
    )
  }

  /** The walk from what was seen to what was done: of a case, its uuid or its code. */
  explain(what: FmaCase | KnownCode, options: ReasonOptions = {}): FmaAccount {
    return this.#caseOf(what).explain(options)
  }

  toJSON(): unknown {
    return { cases: [...this.cases], gaps: this.#management().gaps }
  }

  [DESCRIBE](): Description {
    return { name: 'fma', summary: 'a fault management', members: VIEW_MEMBERS }
  }

  [DISPLAY](): Page {
    const faulty = this.faulty()
    const title = faulty.length === 0 ? ['nothing is held to be faulty'] : faulty[DISPLAY]().parts
    const unseen = notSeenLines(this.#management())
    return page([...title, unseen.join('\n')], this.toJSON())
  }

  #cases(keep: (of: Case) => boolean): FmaCases {
    const management = this.#management()
    const cases = management.manager.cases().filter(keep)
    return FmaCases.from(cases.map((of) => new FmaCase(management, of))) as FmaCases
  }

  #caseOf(what: FmaCase | string): FmaCase {
    if (what instanceof FmaCase) return what
    const found = this.cases.find(({ uuid, code }) => uuid === what || code === what)
    if (found !== undefined) return found
    const { length } = this.cases
    const which = what === undefined ? 'it is not said which case' : `there is no case ${what}`
    const hint = length > 0 ? 'fma.explain(fma.cases[0])' : 'fma: nothing is diagnosed so far'
    throw new XpvError('fma.no-case', which, hint)
  }
}

/** Two diagnoses of one history: shows itself as what differs. */
export type FmaComparison = FmaCompared<FmaView>

/** What only whoever put the session together can do. */
export interface FmaPlace {
  /** Reads a file, by a path as it is typed. Throws `XpvError` `file.*`. */
  read(path: string): Uint8Array
  /** Rules of files, by paths as they are typed, and of cells. Throws `XpvError` `fma.rules`. */
  rules(given: readonly (string | Rules)[]): RuleSet
  /** The parts of the host that a spec opens: 'sim:metal', a recording. Throws as opening does. */
  topology(spec: string): Topology
  /** The machine's physical history again, with what is different. Throws `XpvError`
   *  `machine.not-simulated`. */
  whatIf(
    change: RerunChange,
    how: WhatIfOptions,
  ): { comparison: Comparison; other: FaultManagement }
  /** Which faults the host could ever be diagnosed to have. */
  coverage(rules: RuleSet | undefined): FmaCoverage
}

/** How a file of telemetry is diagnosed. */
export interface DiagnoseFile {
  /** How far apart records were that do not say when: '19s'. */
  readonly every?: string | number
  readonly rules?: RulesGiven
  readonly threshold?: Threshold
  /** The parts of the host that it is of, or what opens one that has them: 'sim:metal'. */
  readonly topology?: Topology | string
}

/** The fault management of the machine that is open. */
export class FmaGlobal extends FmaView {
  readonly #management: () => FaultManagement
  readonly #place: FmaPlace

  constructor(management: () => FaultManagement, place: FmaPlace) {
    super(management)
    this.#management = management
    this.#place = place
  }

  /** Diagnoses a file of telemetry: what /dev/mcelog gave, rasdaemon's database, a kernel's log. */
  async diagnose(path: string, how: DiagnoseFile = {}): Promise<FmaView> {
    const { every, rules, threshold, topology } = how
    const { diagnose } = await import('../fma/host/diagnose.js')
    const options = {
      everyNs: every === undefined ? undefined : spanNs(every),
      ...this.#by(rules, threshold),
      topology: topology === undefined ? undefined : this.#parts(topology),
      isTopologyAssumed: true,
    }
    const management = await diagnose(path, this.#place.read(path), options).catch(hintedHere)
    return new FmaView(() => management)
  }

  /** The same faults again on another era, by other rules or limits: both diagnoses compared. */
  whatIf(change: WhatIf): FmaComparison {
    const { era, msi, rules, threshold, topology: parts, seconds } = checkedChange(change)
    const topology = parts === undefined ? undefined : this.#parts(parts)
    const again = { era, msi, ...this.#by(rules, threshold), topology }
    const { comparison, other } = this.#place.whatIf(again, { seconds })
    return new FmaCompared(comparison, new FmaView(() => other))
  }

  /** Which faults could ever be diagnosed here, and which not and why; by other rules than our
   *  own where some are given. */
  coverage(rules?: RulesGiven): FmaCoverage {
    return this.#place.coverage(this.#rules(rules))
  }

  #parts(parts: Topology | string): Topology {
    const given = checkedParts(parts)
    return typeof given === 'string' ? this.#place.topology(given) : given
  }

  /** By what is diagnosed. */
  #by(given: RulesGiven | undefined, threshold: Threshold | undefined) {
    const rules = this.#rules(given)
    const serd = threshold === undefined ? undefined : serdLimits(threshold, rules ?? ownRules())
    return { rules, serd }
  }

  #rules(given: RulesGiven | undefined): RuleSet | undefined {
    return given === undefined ? undefined : this.#place.rules(ruleList(given))
  }

  /** Says that something is repaired: an FMRI, a label, a case or its uuid. */
  repaired(what: FmaCase | string): FmaCases {
    return this.#say('repaired', what)
  }

  /** Says that something was replaced. */
  replaced(what: FmaCase | string): FmaCases {
    return this.#say('replaced', what)
  }

  /** Says that something is not the cause. */
  acquit(what: FmaCase | string): FmaCases {
    return this.#say('acquitted', what)
  }

  override [DESCRIBE](): Description {
    const summary = 'the fault management of the machine that is open'
    return { name: 'fma', summary, members: MEMBERS }
  }

  #say(kind: 'repaired' | 'replaced' | 'acquitted', what: FmaCase | string): FmaCases {
    this.#management().take({ kind, what: targetOf(what) })
    return this.faulty()
  }
}

/** What a command line says with an option is said with a property here. */
function hintedHere(error: unknown): never {
  if (!(error instanceof XpvError) || error.code !== 'fma.no-time') throw error
  const hint = "{ every: '10s' }, if that is how far apart they were"
  throw new XpvError(error.code, error.message, hint)
}

/** A table that says so when it has no rows. */
function listed(...of: Parameters<typeof table>): Table {
  return { ...table(...of), empty: 'none' }
}

/** What a record is about: a diagnosis by its code, an ereport by who noticed. */
function subjectOf(record: NvList, topology: Topology): string {
  const detector = listMember(record, 'detector')
  if (detector !== undefined) return withoutPath(partName(fmriFromNvlist(detector), topology))
  return stringMember(record, 'code') ?? stringMember(record, 'uuid') ?? ''
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function targetOf(what: FmaCase | string): RepairTarget {
  if (what instanceof FmaCase) return { kind: 'case', uuid: what.uuid }
  if (UUID.test(what)) return { kind: 'case', uuid: what }
  if (!what.includes('://')) return { kind: 'label', label: what }
  const fmri = parseFmri(what)
  return { kind: 'resource', fmri: parseFmri(printFmri(fmri)) }
}

const VIEW_MEMBERS: MembersOf<FmaView> = {
  faulty: 'cases whose suspects are held to be faulty: faulty()',
  cases: 'all cases, solved or not, over or not',
  log: "what was logged: log('error'), log('fault'), log('resource')",
  ereports: 'what was noticed, each with all that was said of it: ereports[0].payload',
  topology: 'the parts of the host',
  acts: 'what agents asked of the machine, and what became of it',
  messages: 'what people were told on the console',
  account: 'what the telemetry that came did not say',
  gaps: 'errors of which no telemetry comes, or not all',
  explain:
    'why a case is what it is: explain(fma.cases[0]), by code, { full: true }; ' +
    'its parts: .seen .why .dropped .done .unseen .tree',
}

const MEMBERS: MembersOf<FmaGlobal> = {
  ...VIEW_MEMBERS,
  repaired: "says that something is repaired: repaired('hc:///...'), a label, a case",
  replaced: 'says that something was replaced, in the same way',
  acquit: 'says that something is not the cause, in the same way',
  diagnose: "a file of telemetry: await diagnose('mcelog.bin', { every: '19s' })",
  coverage: 'which faults could ever be diagnosed here, and which not and why: coverage()',
  whatIf:
    "the same faults, but: whatIf({ era: 'metal' }), { msi: false }, { rules: 'site.esc' }, " +
    "{ topology: 'sim:metal' }, { threshold: { ENGINE: { n: 2, t: '1h' } } }; seconds: true; " +
    'what it finds is `.other`, an fma of its own: whatIf(...).other.explain(CODE)',
}
