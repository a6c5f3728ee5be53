// Generated code and the interpreter give the same records, faults, drops and aggregations on random programs.
// XPV_FUZZ sets how many programs; XPV_SEED the first seed.
import { expect, it } from 'vitest'
import { keyText } from '../../src/dtrace/aggregate/merge.js'
import type { RunOptions } from '../../src/dtrace/run/run.js'
import { type Outcome, runOn, testCatalog } from './build.js'
import { ProgramMaker, randomRows } from './random-program.js'

const COUNT = Number(process.env['XPV_FUZZ'] ?? 300)
const FIRST = Number(process.env['XPV_SEED'] ?? 1)

const CONTEXTS = [
  { pcpu: 0, domid: 1, vcpu: 0 },
  { pcpu: 2, domid: 0x7fff, vcpu: 2 },
]

function outcome(seed: number, engine: NonNullable<RunOptions['engine']>): string {
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

it(`engines agree on ${COUNT} random programs from seed ${FIRST}`, () => {
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const generated = outcome(seed, 'generated')
    const interpreted = outcome(seed, 'interpreter')
    if (generated !== interpreted) {
      expect(generated, `XPV_SEED=${seed} XPV_FUZZ=1`).toBe(interpreted)
    }
  }
  expect(COUNT).toBeGreaterThan(0)
})
