// Laws of the fault manager: state and input decide everything, and a state is all there is.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/fma/fmd/checkpoint.js'
import type { LogRecord } from '../../../src/fma/fmd/input.js'
import { FaultManager } from '../../../src/fma/fmd/manager.js'
import { inputOf, lives, type Step, take } from './driven.js'
import { modules, SECOND, TOPOLOGY } from './one-host.js'

const manager = () => new FaultManager({ topology: TOPOLOGY, modules: modules(), seed: 7 })

function live(steps: readonly Step[], fmdAt: (i: number, fmd: FaultManager) => FaultManager) {
  let fmd = manager()
  let timeNs = 1_000_000n * SECOND
  const records: LogRecord[] = []
  for (const [i, step] of steps.entries()) {
    fmd = fmdAt(i, fmd)
    timeNs += BigInt(step.afterS) * SECOND
    const input = inputOf(step, fmd, timeNs)
    if (input !== undefined) take(fmd, input, (record) => records.push(record))
  }
  return { state: fmd.save(), records: records.map(({ event, ...of }) => ({ ...of, event })) }
}

it('the same inputs give the same actions and the same state', () => {
  fc.assert(
    fc.property(lives, (steps) => {
      const same = (_: number, fmd: FaultManager) => fmd
      expect(live(steps, same)).toEqual(live(steps, same))
    }),
  )
})

it('a manager that is restored from a checkpoint at any point goes on as if nothing had been', () => {
  fc.assert(
    fc.property(lives, fc.nat(40), (steps, when) => {
      const restarted = live(steps, (i, fmd) => {
        if (i !== when) return fmd
        const next = manager()
        const state = decodeCheckpoint(encodeCheckpoint(fmd.save()))
        if (state === undefined) throw new Error('a checkpoint that is not whole')
        next.restore(state)
        return next
      })
      expect(restarted).toEqual(live(steps, (_, fmd) => fmd))
    }),
  )
})

it('in all lives: no two open cases share a faulty suspect in use, no uuid comes twice', () => {
  fc.assert(
    fc.property(lives, (steps) => {
      const { state, records } = live(steps, (_, fmd) => fmd)
      const open = state.cases.filter(({ diagnosis }) => diagnosis && !diagnosis.repaired)
      const blamed = open.flatMap(({ diagnosis }) =>
        (diagnosis?.entries ?? [])
          .filter(({ faulty, unusable }) => faulty && !unusable)
          .map(({ fault }) => `${fault.class} ${fault.location}`),
      )
      expect(new Set(blamed).size).toBe(blamed.length)
      const diagnosed = records.flatMap(({ event }) => {
        const name = event.get('class')
        return name?.kind === 'string' && name.value === 'list.suspect' ? [event.get('uuid')] : []
      })
      expect(new Set(diagnosed.map((uuid) => JSON.stringify(uuid))).size).toBe(diagnosed.length)
    }),
  )
})
