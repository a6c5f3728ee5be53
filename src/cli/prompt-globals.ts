// PromptGlobals: the names of the prompt and their types.
//
//   promptGlobals(...) in globals.ts makes them      the type service reads them from here
//
// Holds: what a session gives its cells and what their check is told of it are one list.
import type { Displayable } from '../base/display.js'
import type { ShownAsPage } from '../base/page.js'
import type { Table } from '../base/table.js'
import type { CurveColumns } from '../chart/curves.js'
import type { HexField } from '../chart/hex.js'
import type { whyUnknown } from '../dtrace/query/firing-rows.js'
import type { KnownProbe } from '../dtrace/query/known-probe.js'
import type { Queries, SelectionOf } from '../dtrace/query/queries.js'
import type { arg, builtin } from '../dtrace/query/scope.js'
import type { HostObjects } from '../machine/host-objects.js'
import type { PciFunction } from '../machine/pci-function.js'
import type { Toolstack } from '../machine/toolstack.js'
import type { EscTag } from '../session/esc/rules.js'
import type { explain } from '../session/explain/explain.js'
import type { CommandFunctions } from './command-functions.js'
import type { FmaGlobal } from './fma-global.js'
import type { ForkedMachine, MachineGlobal } from './machine-global.js'

/** How a trace is opened. */
export interface OpenOptions {
  /** The clock rate of a trace that does not say: '2.6G'. */
  readonly hz?: number | string
}

/** What a cell of a chart's data may be. */
type Figure = number | bigint | null

/** A table, a query that yields one when it runs, rows, or plain numbers, named or not. */
export type ChartData =
  | Table
  | { table(): Table }
  | readonly Figure[]
  | readonly Readonly<Record<string, Figure | string | boolean | undefined>>[]
  | Readonly<Record<string, Figure>>

/** Which columns a timeline is made of. */
export interface TimelineColumns {
  readonly lane?: string
  readonly kind?: string
  readonly took?: string
}

/** Tables as charts. */
export interface Charts {
  /** A line of numbers over `x`: of the column `y`, of several `y: ['law', 'seen']`, or one for
   *  each value of the column `by`, with a legend; `log: true` for powers of ten. Throws
   *  `XpvError` `chart.column` for a column that there is not. */
  line(data: ChartData, options?: CurveColumns): Displayable
  /** A bar for each row. */
  bar(data: ChartData): Displayable
  /** How many fell where: time, value, count. */
  heat(data: ChartData): Displayable
  /** What took place when, a lane for each vcpu, or for each value of the column `lane`; `kind` is
   *  the column that is told apart, `took` that of how long it took, in nanoseconds. */
  timeline(data: ChartData, options?: TimelineColumns): Displayable
  /** Numbers in one line of blocks. */
  spark(values: readonly (number | bigint | null)[]): Displayable
}

/** What cells of a session know by name. */
export interface PromptGlobals extends HostObjects {
  /** A query over the probes that match: `provider:module:function:name`, right-aligned, with
   *  globs. Throws `XpvError` `query.no-probe`. */
  on<const S extends string>(spec: S): SelectionOf<KnownProbe, S>
  readonly d: Queries<KnownProbe>['d']
  /** Rules of diagnosis in Eversholt: fma.coverage(esc`...`). */
  readonly esc: EscTag
  readonly arg: typeof arg
  readonly builtin: typeof builtin
  readonly whyUnknown: typeof whyUnknown
  /** The probes that match, as a table; all of them without a description. */
  probes(spec?: string): Table
  /** Goes to another machine: simulated, a trace, a folder of recordings, a fork. */
  open(what: string | ForkedMachine, options?: OpenOptions): Displayable
  readonly fma: FmaGlobal
  /** Every command as a function: await xpv.info('trace.xt'). */
  readonly xpv: CommandFunctions
  readonly xm: Toolstack
  readonly xl: Toolstack
  readonly machine: MachineGlobal
  readonly chart: Charts
  /** What something is: a number, a register, a probe, a class of ereports, the code of a message,
   *  an FMRI, a D program, a query. Of a number `as` says what it was read as: 'hypercall',
   *  'error', 'msr', 'status', 'pci', 'trace', or the name of a register. */
  readonly explain: typeof explain
  /** Bytes sixteen a line, and what they say: of a PCI function its registers; a number as 0x1f. */
  hex(what: Uint8Array | PciFunction | number | bigint, fields?: readonly HexField[]): ShownAsPage
}
