// One random program, run by both engines over the same random stream.
import { keyText } from '../../src/dtrace/aggregate/merge.js'
import type { RunOptions } from '../../src/dtrace/run/run.js'
import { type Outcome, runOn, testCatalog } from './build.js'
import { ProgramMaker, randomRows } from './random-program.js'

const CONTEXTS = [
  { pcpu: 0, domid: 1, vcpu: 0 },
  { pcpu: 2, domid: 0x7fff, vcpu: 2 },
]

/** What an engine makes of the program of a seed: all records, faults, drops and aggregations, as
 *  text. */
export function outcomeOf(seed: number, engine: NonNullable<RunOptions['engine']>): string {
  const catalog = testCatalog()
  const program = new ProgramMaker(seed, catalog).make()
  const batch = 1 + (seed % 40)
  return plain(runOn(program, randomRows(seed), { engine, catalog, batch, contexts: CONTEXTS }))
}

// Groups are in no particular order: sorted by key, both engines must say the same.
function plain(result: Outcome): string {
  return JSON.stringify(
    result,
    (name, value: unknown) => {
      if (typeof value === 'bigint') return `${value}n`
      if (name !== 'groups') return value
      const groups = value as { key: (bigint | string)[] }[]
      return [...groups].sort((a, b) => (keyText(a.key) < keyText(b.key) ? -1 : 1))
    },
    1,
  )
}
