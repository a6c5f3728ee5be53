// `xl info` of a simulated host like the recorded ones (Xen 4.20): the same lines in the same order,
// and the same words where hosts do not differ.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createSimulator } from '../../src/backend/sim/sim-machine.js'

const RECORDED = readFileSync(join(import.meta.dirname, 'captures/xen-4.20-xl-info.txt'), 'utf8')

/** What a host has of its own, or the recorder told it. */
const OWN = ['host', 'cpu_mhz', 'total_memory', 'free_memory', 'xen_commandline']

const rowsOf = (text: string): Map<string, string> =>
  new Map(
    text
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(0, 22).trimEnd(), line.slice(25)] as const),
  )

it('xl info', () => {
  const shape = { sockets: 1, coresPerSocket: 4, memoryMiB: 3071 }
  const machine = createSimulator({ era: 'xen-4.20', ...shape })
  const ours = rowsOf(machine.command(['xl', 'info']).stdout)
  const real = rowsOf(RECORDED)
  expect([...ours.keys()]).toEqual([...real.keys()])
  for (const [name, value] of real) {
    if (!OWN.includes(name)) expect(ours.get(name), name).toBe(value)
  }
})
