// What queries need of the world around them: probes to select from, a machine to run on, a
// printer, a chart. Handing these in keeps the builder free of the engine and of any backend.
import type { DisplayBundle } from '../../base/display.js'
import type { Table } from '../../base/table.js'
import type { ProbeCatalog } from '../probe/catalog.js'
import type { Program } from '../program/program.js'
import type { OutputRecord, RunResult } from '../program/record.js'

/** All a program yielded: the records in order, and what is left at the end. */
export interface Outcome {
  readonly records: readonly OutputRecord[]
  readonly result: RunResult
}

/** Runs and prints programs for queries; one host stands for one machine. */
export interface QueryHost {
  readonly catalog: ProbeCatalog
  /** Runs a program to its end on the machine. Throws `XpvError` as the engine does:
   *  `trace.no-clock` when the program asks for time and the recording does not say its clock
   *  rate. */
  run(program: Program): Outcome
  /** Compiles a D script. Throws `DiagnosticError` with all its mistakes. */
  compile(text: string): Program
  /** A program as D text, which compiles to the same program. */
  programToD(program: Program): string
  /** What dtrace(8) prints for this outcome, without a newline at the end. */
  print(program: Program, outcome: Outcome): string
  /** Draws a table: its last column over the first, as bars beside all others, as shades over time
   *  and value, or as it is. */
  draw(table: Table, kind: 'line' | 'bar' | 'heat' | 'table'): DisplayBundle
  /** What is said where a query found nothing: where it looked, and how to go on. */
  nothingFound(): string
}
