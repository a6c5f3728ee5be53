// A case that a SERD engine convicted has all that the engine counted when it fired, each once, over
// a restart and with ereports that count several times too; and so has what is published of it.
import { expect, it } from 'vitest'
import { enaOf } from '../../../src/fma/event/ena.js'
import { eversholtModule } from '../../../src/fma/eversholt/module.js'
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/fma/fmd/checkpoint.js'
import type { FmdAction } from '../../../src/fma/fmd/input.js'
import { FaultManager } from '../../../src/fma/fmd/manager.js'
import { ownRules } from '../../../src/fma/rules/own-rules.js'
import { Topology } from '../../../src/fma/topo/topology.js'
import { partsOf, pathOf } from '../rules/host-of-rules.js'

const SECOND = 1_000_000_000n
const MINUTE = 60n * SECOND
const STRAND = 'chip=0/core=1/strand=0'
const BOARD = new Topology([{ name: 'motherboard', id: 0, children: partsOf([STRAND]) }])

const errorAt = (leaf: string, timeNs: bigint) => ({
  ...{ class: `ereport.cpu.generic-x86.${leaf}`, ena: enaOf((timeNs << 20n) | 1n), timeNs },
  ...{ detector: { scheme: 'hc' as const, path: pathOf(STRAND) }, payload: new Map() },
})

function made(): FaultManager {
  const modules = [eversholtModule(ownRules())]
  return new FaultManager({ topology: BOARD, modules, seed: 1 })
}

/** One that knows what a checkpoint of the first kept. */
function restarted(manager: FaultManager): FaultManager {
  const state = decodeCheckpoint(encodeCheckpoint(manager.save()))
  if (state === undefined) throw new Error('the checkpoint is not whole')
  const after = made()
  after.restore(state)
  return after
}

const referred = (actions: readonly FmdAction[]): readonly bigint[][] =>
  actions.flatMap((each) => {
    if (each.kind !== 'log' || each.record.log !== 'fault') return []
    return [(each.record.ereports ?? []).map(({ timeNs }) => timeNs)]
  })

it.each([{ after: 0 }, { after: 1 }, { after: 3 }])(
  'four errors, with a restart after $after of them',
  ({ after }) => {
    let manager = made()
    const times = [1n, 2n, 3n, 4n].map((minute) => minute * MINUTE)
    const published: (readonly bigint[])[] = []
    for (const [i, timeNs] of times.entries()) {
      if (i === after) manager = restarted(manager)
      const ereport = errorAt('l1dcache', timeNs)
      published.push(...referred(manager.take({ kind: 'ereport', timeNs, ereport })))
      published.push(...referred(manager.take({ kind: 'time', timeNs: timeNs + MINUTE / 2n })))
    }
    const solved = manager.cases().filter(({ state }) => state !== 'unsolved')
    expect(solved.map(({ ereports }) => ereports.map(({ timeNs }) => timeNs))).toEqual([times])
    expect(published).toEqual([times])
  },
)

it('an error that was not corrected is one ereport, though it counts four times', () => {
  const manager = made()
  const ereport = errorAt('l1dcache_uc', MINUTE)
  manager.take({ kind: 'ereport', timeNs: MINUTE, ereport })
  manager.take({ kind: 'time', timeNs: 2n * MINUTE })
  expect(manager.cases().map(({ ereports }) => ereports.length)).toEqual([1])
})
