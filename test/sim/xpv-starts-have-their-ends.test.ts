// The probes of 2007 keep what their names say, whatever the tools do; and the law is one that can
// be broken.
import { expect, it } from 'vitest'
import { ERAS } from '../../src/backend/sim/era.js'
import { createSimulator } from '../../src/backend/sim/sim-machine.js'
import { DOM0_CALL_RETURN, type ObservationBatch } from '../../src/machine/observation.js'
import { XpvPairs } from './laws/xpv-pairs.js'

const WITH_XM = ERAS.filter(({ toolstack }) => toolstack === 'xm').map(({ name }) => name)
const STORY = [
  'xm create web1',
  'xm create win1',
  'xm pause web1',
  'xm unpause web1',
  'xm save web1 /tmp/web1',
  'xm restore /tmp/web1',
  'xm destroy web1',
  'xm destroy win1',
  'xm create no-such',
]

it.each(WITH_XM)('%s: every start has its own end, entries are inside', (era) => {
  const machine = createSimulator({ era })
  const pairs = new XpvPairs()
  const broken: string[] = []
  machine.bus.listen(
    () => true,
    (batch: ObservationBatch) => {
      for (let i = 0; i < batch.length; i++) broken.push(...pairs.see(batch, i))
    },
  )
  for (const line of STORY) machine.command(line.split(' '))
  machine.run(1e9)
  machine.bus.flush()
  expect(broken).toEqual([])
  expect(pairs.open).toEqual([])
  for (const start of ['dom-create-start', 'mmap-start', 'populate-physmap-start']) {
    expect(pairs.fired.get(start), start).toBeGreaterThan(0)
    expect(pairs.fired.get(start)).toBe(pairs.fired.get(start.replace('start', 'end')))
  }
  expect(pairs.fired.get('mmap-entry')).toBeGreaterThan(1000)
})

it('a call without its end, and what comes in its middle, are found', () => {
  const machine = createSimulator()
  const pairs = new XpvPairs()
  const broken: string[] = []
  let isLost = false
  machine.bus.listen(
    () => true,
    (batch: ObservationBatch) => {
      for (let i = 0; i < batch.length; i++) {
        const isEnd = pairs.fired.has('dom-create-start') && batch.code[i] === DOM0_CALL_RETURN
        if (isEnd && !isLost) isLost = true
        else broken.push(...pairs.see(batch, i))
      }
    },
  )
  machine.command(['xm', 'create', 'web1'])
  machine.bus.flush()
  expect(broken[0]).toMatch(/^process \d+: evtchn-op-start in the middle of dom-create$/)
})
