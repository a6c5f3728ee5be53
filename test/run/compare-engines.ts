// One random program, run by both engines over the same random stream.
import { XpvError } from '../../src/base/error.js'
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
  const options = optionsOf(seed)
  const how = { engine, catalog, batch, contexts: CONTEXTS, options }
  try {
    return plain(runOn(program, randomRows(seed), how))
  } catch (e) {
    // Buffers that END can never fit into: both refuse to begin.
    if (e instanceof XpvError) return e.message
    throw e
  }
}

// Buffers from too small to large, in both dialects.
function optionsOf(seed: number): ReadonlyMap<string, string> {
  return new Map([
    ['destructive', ''],
    ['dialect', seed % 3 === 0 ? 'linux' : 'illumos'],
    ['bufpolicy', ['switch', 'switch', 'fill', 'ring'][seed % 4] ?? 'switch'],
    ['bufsize', `${2 ** (8 + (seed % 7))}`],
    ['specsize', `${2 ** (4 + (seed % 5))}`],
    ['nspec', `${seed % 4}`],
    ['strsize', '64'],
  ])
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
