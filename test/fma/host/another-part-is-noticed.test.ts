// A host that starts again with another part in the place of one that was at fault: fmd notes that
// it was replaced. The same part, or one whose number nobody knows, stays at fault.
import { expect, it } from 'vitest'
import { faultStatusWords } from '../../../src/fma/event/fault-status.js'
import { FaultManager } from '../../../src/fma/fmd/manager.js'
import type { FmdModule } from '../../../src/fma/fmd/module.js'
import type { FmdState } from '../../../src/fma/fmd/state.js'
import { FileSource, fileHost } from '../../../src/fma/host/diagnose.js'
import { FaultManagement } from '../../../src/fma/host/fault-management.js'
import { LogStore } from '../../../src/fma/host/log-store.js'
import { Topology } from '../../../src/fma/topo/topology.js'
import { ereportOf, faultOf } from '../fmd/one-host.js'

const CHIP = [
  { name: 'motherboard', id: '0' },
  { name: 'chip', id: '0' },
]

/** A host whose chip has a serial number. */
const hostWith = (serial: string | undefined): Topology =>
  new Topology([{ name: 'motherboard', id: 0, children: [{ name: 'chip', id: 0, serial }] }])

/** Says of each error that its chip is at fault. */
const OF_CHIPS: FmdModule = {
  ...{ name: 'chips', version: '1.0', description: 'blames chips' },
  subscriptions: ['ereport.cpu.*'],
  receive(fmd) {
    const fru = { scheme: 'hc', path: CHIP, serial: 'A' } as const
    fmd.solveCase(fmd.openCase(), { suspects: [faultOf('l1dcache', 1, { fru })] })
  },
}

/** What is known after an error of chip A. */
function faulty(): FmdState {
  const manager = new FaultManager({ topology: hostWith('A'), modules: [OF_CHIPS], seed: 1 })
  manager.take({ kind: 'ereport', timeNs: 0n, ereport: ereportOf('l1dcache', 1) })
  return manager.save()
}

it.each([
  { now: 'B', words: ['replaced'], logged: 1 },
  { now: 'A', words: ['faulty'], logged: 0 },
  { now: undefined, words: ['faulty'], logged: 0 },
])('its number is $now now', ({ now, words, logged }) => {
  const topology = hostWith(now)
  const begin: NonNullable<FaultManagement['host']['begin']> = (parts) => {
    const manager = new FaultManager({ ...parts, modules: [OF_CHIPS] })
    manager.restore(faulty())
    return { manager, acts: [] }
  }
  const logs = new LogStore()
  const source = new FileSource()
  const kept = { begin, logs }
  const host = fileHost({ name: 'x', topology, source, options: {}, kept })
  const { manager } = new FaultManagement(host)
  const [suspect] = manager.resources().flatMap((each) => each.suspects)
  expect(suspect && faultStatusWords(suspect.status)).toEqual(words)
  expect(logs.records('info').length).toBe(logged)
})
