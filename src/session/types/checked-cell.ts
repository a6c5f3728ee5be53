// A checked cell: prepared, and refused before it runs when its types are certain to be wrong.
//
//   let n: number = 'x'   ->  mistake ts.2322
//   !let n: number = 'x'  ->  code: runs all the same
//
// Holds: only code is checked, not a command, not a question (`x?`). A mark in front that means
// "not" in TypeScript means it here too, where the cell is sound with it.
import type { Diagnostic } from '../../base/diagnostic.js'
import { askedIn } from '../asked.js'
import type { FailedCell } from '../cell-runner.js'
import type { PreparedCell } from '../prepare.js'

type Prepared = PreparedCell | FailedCell

/** What preparing and checking take. */
export interface CheckedCellHost {
  prepare(source: string): Promise<Prepared>
  /** What is certain to be wrong. */
  mistakes(source: string): Promise<readonly Diagnostic[]>
}

/** Prepares a cell and checks it. */
export async function checkedCell(source: string, host: CheckedCellHost): Promise<Prepared> {
  const marked = /^\s*!/.exec(source)?.[0]
  const plain = await checked(source, host)
  if (marked === undefined || plain.kind === 'code' || plain.kind === 'commands') return plain
  const forced = await host.prepare(' '.repeat(marked.length) + source.slice(marked.length))
  return forced.kind === 'code' || forced.kind === 'incomplete' ? forced : plain
}

async function checked(source: string, host: CheckedCellHost): Promise<Prepared> {
  const prepared = await host.prepare(source)
  if (prepared.kind !== 'code' || askedIn(source) !== undefined) return prepared
  const diagnostics = await host.mistakes(source)
  return diagnostics.length === 0 ? prepared : { kind: 'mistake', diagnostics }
}
