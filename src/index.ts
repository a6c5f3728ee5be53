// The library: what a script or a notebook may import, and nothing else.
//
//   import { openRecording, queriesOn } from 'xpv'
//   const { on, d } = queriesOn(openRecording('examples/recordings/xl-create'))
//   on('privcmd:::entry').by('probefunc').count().rows()
import { DiagnosticError } from './base/diagnostic.js'
import { isOn } from './base/switch-value.js'
import { picture } from './chart/picture.js'
import { textTable } from './chart/table.js'
import { compile } from './dtrace/d/compile.js'
import { SaidAgain } from './dtrace/print/said-again.js'
import { TextPrinter } from './dtrace/print/text.js'
import { standardCatalog } from './dtrace/probe/standard-catalog.js'
import type { Program } from './dtrace/program/program.js'
import type { OutputRecord } from './dtrace/program/record.js'
import { programToD } from './dtrace/program/to-d.js'
import type { Outcome } from './dtrace/query/host.js'
import type { KnownProbe } from './dtrace/query/known-probe.js'
import { createQueries, type Queries } from './dtrace/query/queries.js'
import { runProgram } from './dtrace/run/run.js'
import { isActive } from './machine/active-machine.js'
import { historyOf } from './machine/history.js'
import type { Machine } from './machine/machine.js'

export { openRecording, type ReplayOptions } from './backend/replay/open.js'
export type { HostConfig } from './backend/sim/host-config.js'
export { createSimulator, type SimMachine } from './backend/sim/sim-machine.js'
export { parseSimSpec } from './backend/sim/sim-spec.js'
export {
  type Diagnostic,
  DiagnosticError,
  printDiagnostic,
} from './base/diagnostic.js'
export { DISPLAY, type Displayable, type DisplayBundle, isDisplayable } from './base/display.js'
export { printError, XpvError } from './base/error.js'
export { type Cell, type Column, type Table, table } from './base/table.js'
export { barChart, sparkline } from './chart/bar.js'
export { csvTable } from './chart/csv.js'
export { type HeatOptions, heatMap, heatSvg } from './chart/heat-map.js'
export { lineChart } from './chart/line.js'
export { barSvg, lineSvg } from './chart/svg.js'
export { textTable } from './chart/table.js'
export { timeline, timelineSvg } from './chart/timeline.js'
export type { AggregationSnapshot, Group, GroupState } from './dtrace/aggregate/aggregation.js'
export { mergeSnapshots } from './dtrace/aggregate/merge.js'
export { type Compilation, type CompileOptions, compile, type DSource } from './dtrace/d/compile.js'
export { recordJson, resultJson } from './dtrace/print/json.js'
export { snapshotJson, snapshotTable } from './dtrace/print/snapshot.js'
export { TextPrinter, type TextPrinterOptions } from './dtrace/print/text.js'
export type { ProbeCatalog } from './dtrace/probe/catalog.js'
export type { ProbeArg, ProbeDescription } from './dtrace/probe/description.js'
export { standardCatalog } from './dtrace/probe/standard-catalog.js'
export type { Program } from './dtrace/program/program.js'
export type { OutputRecord, RunResult } from './dtrace/program/record.js'
export { programToD } from './dtrace/program/to-d.js'
export type { AggregationQuery } from './dtrace/query/aggregation-query.js'
export type { DProgram } from './dtrace/query/d-program.js'
export { whyUnknown } from './dtrace/query/firing-rows.js'
export type { Outcome, QueryHost } from './dtrace/query/host.js'
export type { Latency } from './dtrace/query/latency.js'
export { createQueries, type Queries } from './dtrace/query/queries.js'
export type { RateQuery } from './dtrace/query/rate-query.js'
export type { RowQuery } from './dtrace/query/row-query.js'
export type { Bucket, Rows } from './dtrace/query/rows.js'
export type { QueryRun, Runnable } from './dtrace/query/runnable.js'
export { arg, builtin } from './dtrace/query/scope.js'
export type { Selection } from './dtrace/query/selection.js'
export type { IntTerm, StringTerm } from './dtrace/query/term.js'
export { type RunOptions, runProgram, runProgramAsync } from './dtrace/run/run.js'
export {
  type AsruChange,
  type AsruState,
  asruChangeFromNvlist,
  asruChangeToNvlist,
  asruState,
} from './fma/event/asru-change.js'
export {
  decodeEna,
  type Ena,
  type EnaParts,
  enaOf,
  makeEna,
  NO_ENA,
  nextEna,
  sameIncident,
  strandEnaId,
} from './fma/event/ena.js'
export { type Ereport, ereportFromNvlist, ereportToNvlist } from './fma/event/ereport.js'
export { type EventKind, eventKind, matchesClass } from './fma/event/event-class.js'
export { type Fault, faultFromNvlist, faultToNvlist } from './fma/event/fault.js'
export {
  type FaultStatus,
  type FaultStatusWord,
  faultStatus,
  faultStatusWords,
} from './fma/event/fault-status.js'
export { type Fmri, fmriFromNvlist, fmriToNvlist, parseFmri, printFmri } from './fma/event/fmri.js'
export type { HcFmri, HcPair } from './fma/event/fmri-hc.js'
export { type CpuClass, mcaEreportClass, mcaEreportClasses } from './fma/event/mca-class.js'
export { memberAt, type NvList, type NvValue, nv, nvlist } from './fma/event/nvlist.js'
export { parseNvlistJson, printNvlistJson } from './fma/event/nvlist-json.js'
export { parseNvlist, printNvlist } from './fma/event/nvlist-text.js'
export {
  type ListChange,
  type ListedSuspect,
  type SuspectList,
  suspectListFromNvlist,
  suspectListToNvlist,
} from './fma/event/suspect-list.js'
export { caseLines } from './fma/explain/case-lines.js'
export { explainCase } from './fma/explain/explain-case.js'
export type { Case } from './fma/fmd/case.js'
export { type DiagnoseOptions, diagnose } from './fma/host/diagnose.js'
export type { FaultManagement, MachineAct } from './fma/host/fault-management.js'
export { manageFaults, type ResidentOptions } from './fma/host/resident.js'
export { messageFor, messageOf, messages } from './fma/message/catalog.js'
export { type Diagcode, parseDiagcode, printDiagcode } from './fma/message/diagcode.js'
export { codeIn, type Dictionary, parseDictionary } from './fma/message/dictionary.js'
export type { Message, MessageType, Severity } from './fma/message/message.js'
export { expandMessage, type MessageContext, printMessage } from './fma/message/message-text.js'
export { type ActiveMachine, type CommandOutcome, isActive } from './machine/active-machine.js'
export type { Bank } from './machine/bank.js'
export type { Domain } from './machine/domain.js'
export { type HostObjects, hostObjects } from './machine/host-objects.js'
export { HostSnapshot } from './machine/host-snapshot.js'
export type { Machine, MachineSnapshot } from './machine/machine.js'
export type { MsrReading } from './machine/msr-reading.js'
export { isKnown, type NotKnown } from './machine/not-known.js'
export type { PciFunction } from './machine/pci-function.js'
export type { Pcpu } from './machine/pcpu.js'
export type { Vcpu } from './machine/vcpu.js'

/** `on(...)` and d`...` for a machine, with the names of all probes as types. A function is asked
 *  anew at each run. A machine on which time passes is asked for its past, kept from now on.
 *  `columns` is how wide charts are drawn: 80 when absent. */
export function queriesOn(
  machine: Machine | (() => Machine),
  options: { readonly columns?: () => number } = {},
): Queries<KnownProbe> {
  const current = typeof machine === 'function' ? machine : () => machine
  const past = (): Machine => pastOf(current())
  const catalog = standardCatalog()
  if (typeof machine !== 'function') past()
  return createQueries<KnownProbe>({
    catalog,
    run: (program) => {
      const records: OutputRecord[] = []
      const sink = (record: OutputRecord): void => void records.push(record)
      const { options } = program
      return { result: runProgram(program, past(), catalog, { sink, options }), records }
    },
    compile: (text) => {
      const compilation = compile([{ part: 'script', text }], { catalog })
      if (compilation.kind === 'ok') return compilation.program
      throw new DiagnosticError(text, compilation.diagnostics)
    },
    programToD,
    print: printOutcome,
    draw: (table, kind) => {
      const width = options.columns?.() ?? 80
      return kind === 'table'
        ? { 'text/plain': textTable(table, { width }) }
        : picture(table, kind, { width })
    },
    nothingFound: () => NOTHING[current().backend === 'replay' ? 'recording' : 'past'],
  })
}

/** What a query says that found nothing. */
const NOTHING = {
  past: [
    'nothing of this has happened so far: a query looks back',
    "  try: a command of dom0, or machine.run('5s'); then ask again",
  ].join('\n'),
  recording: 'nothing of this is in the recording',
} as const

/** What can be asked again and again. */
function pastOf(machine: Machine): Machine {
  return isActive(machine) ? historyOf(machine) : machine
}

/** What dtrace(8) prints, faults and drops where they happened, the same one told once; without
 *  blank lines around it. */
function printOutcome({ options }: Program, { records, result }: Outcome): string {
  const said = new SaidAgain()
  const write = (text: string): void => said.write(text)
  const warn = (line: string): void => said.warn(line)
  const quiet = isOn(options.get('quiet'))
  const printer = new TextPrinter({ write, warn, quiet, options })
  for (const record of records) printer.record(record)
  printer.finish(result)
  return said.text().replace(/^\n+|\n+$/g, '')
}
