// Laws of the fault manager: state and input decide everything, and a state is all there is.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { stringMember } from '../../../src/fma/event/nvlist.js'
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/fma/fmd/checkpoint.js'
import type { LogRecord } from '../../../src/fma/fmd/input.js'
import { FaultManager } from '../../../src/fma/fmd/manager.js'
import { happen, lives, type Step } from './driven.js'
import { modules, SECOND, TOPOLOGY } from './one-host.js'

const manager = () => new FaultManager({ topology: TOPOLOGY, modules: modules(), seed: 7 })

function live(steps: readonly Step[], fmdAt: (i: number, fmd: FaultManager) => FaultManager) {
  let fmd = manager()
  let timeNs = 1_000_000n * SECOND
  const records: LogRecord[] = []
  for (const [i, step] of steps.entries()) {
    fmd = fmdAt(i, fmd)
    timeNs += BigInt(step.afterS) * SECOND
    happen(fmd, { step, timeNs }, (record) => records.push(record))
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

/** What may be published of a case, in short, in order. */
const LIFE = /^suspect(,updated)*(,isolated(,updated)*)?(,repaired(,resolved)?)?$/

it('in all lives: a case is published in order, and no uuid comes twice', () => {
  fc.assert(
    fc.property(lives, (steps) => {
      const { state, records } = live(steps, (_, fmd) => fmd)
      const told = new Map<string, string[]>()
      for (const { log, event } of records) {
        if (log !== 'fault') continue
        const uuid = stringMember(event, 'uuid') ?? ''
        const change = stringMember(event, 'class')?.slice('list.'.length) ?? ''
        told.set(uuid, [...(told.get(uuid) ?? []), change])
      }
      for (const changes of told.values()) expect(changes.join()).toMatch(LIFE)
      for (const { uuid, diagnosis } of state.cases) {
        const changes = told.get(uuid)?.filter((change) => change !== 'updated')
        const last = { suspect: 'solved', isolated: 'closed' }[changes?.at(-1) ?? '']
        expect(diagnosis?.state).toBe(last ?? changes?.at(-1))
      }
    }),
  )
})
