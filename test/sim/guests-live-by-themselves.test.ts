// What guests do when nobody asks them to, held against a recorded host that did nothing.
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openRecording } from '../../src/backend/replay/open.js'
import { CREDIT, CREDIT2, DONE, type Row, schedulerHost } from './scheduler-host.js'

const IDLE = join(import.meta.dirname, '../../examples/recordings/idle')
const HYPERCALL = 0x20100d
const NAMES: Readonly<Record<number, string>> = {
  3: 'stack_switch',
  15: 'set_timer_op',
  23: 'iret',
  24: 'vcpu_op',
  25: 'set_segment_base',
  29: 'sched_op',
}

/** Rows a second, of records and of hypercalls by name. */
function rates(rows: readonly Pick<Row, 'code' | 'words'>[], seconds: number) {
  const found = new Map<string, number>()
  for (const { code, words } of rows) {
    const op = (words[0] ?? 0) & 0xfffff
    const name = code === HYPERCALL ? (NAMES[op] ?? 'other') : code.toString(16)
    found.set(name, (found.get(name) ?? 0) + 1 / seconds)
  }
  return found
}

it.each([
  '28004',
  '28006',
  '2800a',
  '2800e',
  '2800f',
  '21021',
  '21211',
  'iret',
  'stack_switch',
  'vcpu_op',
  'sched_op',
])('an idle dom0 does as often as a recorded one: %s', (name) => {
  const host = schedulerHost({ pcpus: 4, era: CREDIT2, listens: true })
  host.add(0, 2, {})
  host.seconds(20)
  const simulated = rates(host.taken(), 20).get(name) ?? 0
  const real = rates(recorded(), 1.99).get(name) ?? 0
  expect(simulated / real).toBeGreaterThan(0.6)
  expect(simulated / real).toBeLessThan(1.6)
})

it("a Solaris dom0's clock ticks a hundred times a second", () => {
  const host = schedulerHost({ pcpus: 2, era: CREDIT, listens: true })
  host.add(0, 2, {})
  host.seconds(10)
  const found = rates(host.taken(), 10)
  expect(found.get('set_timer_op')).toBeGreaterThan(98)
  expect(found.get('set_timer_op')).toBeLessThan(115)
  expect(found.has('vcpu_op')).toBe(false)
})

it('a guest lives from being let go to being stopped', () => {
  const host = schedulerHost({ pcpus: 2, era: CREDIT2, listens: true })
  host.scheduler.addDomain(1, 1, { guest: 'busy' })
  host.scheduler.pause(1)
  host.scheduler.raise(1, 0)
  host.seconds(1)
  const lives = () => host.taken().some(({ domid }) => domid === 1)
  expect(lives()).toBe(false)
  host.scheduler.unpause(1)
  host.seconds(1)
  expect(lives()).toBe(true)
  host.scheduler.pause(1)
  host.scheduler.pause(1)
  host.scheduler.unpause(1)
  host.taken()
  host.seconds(1)
  expect(lives()).toBe(false)
  host.scheduler.unpause(1)
  host.seconds(1)
  expect(lives()).toBe(true)
  host.scheduler.removeDomain(1)
  host.taken()
  host.seconds(1)
  expect(host.taken()).toEqual([])
})

it('a guest with a disk asks dom0, whose backend answers', () => {
  const host = schedulerHost({ pcpus: 2, era: CREDIT2, listens: true })
  host.add(0, 1, {})
  host.add(1, 1, { guest: 'bursty' })
  host.seconds(2)
  const sends = host.taken().filter(({ code, words }) => code === HYPERCALL && words[0] === 32)
  const of = (domid: number) => sends.filter((row) => row.domid === domid).length
  expect(of(1)).toBeGreaterThan(50)
  expect(Math.abs(of(0) - of(1))).toBeLessThanOrEqual(1)
})

it('a guest on virtual hardware makes no hypercalls of a paravirtual one', () => {
  const host = schedulerHost({ pcpus: 2, era: CREDIT2, listens: true })
  host.add(1, 1, { guest: 'busy', isPv: false })
  host.seconds(0.5)
  const codes = new Set(host.taken().map(({ code }) => code >>> 16))
  expect([...codes]).toContain(0x8)
  expect([...codes]).not.toContain(0x20)
})

it('rows of a guest are where it runs, and say it is current', () => {
  const host = schedulerHost({ pcpus: 2, era: CREDIT, listens: true })
  for (let d = 1; d <= 3; d++) host.add(d, 2, { guest: 'busy' })
  host.seconds(1)
  const on = new Map<number, string>()
  for (const { code, pcpu, domid, vcpu, words } of host.taken()) {
    if (code === 0x2800a) on.set(pcpu, `d${words[2]}v${words[3]}`)
    if ((code & 0xff0000) === 0x200000) expect(`d${domid}v${vcpu}`).toBe(on.get(pcpu))
  }
})

it('work is done in turn, each when its time was used', () => {
  const host = schedulerHost({ pcpus: 1, era: CREDIT })
  host.add(0, 1)
  host.seconds(0.001)
  for (const [n, ns] of [3_000, 0, 50_000].entries()) host.scheduler.work(0, 0, ns, DONE, n)
  host.kernel.runUntil(host.kernel.now + 40_000)
  expect(host.done).toEqual([0, 1])
  host.seconds(0.001)
  expect(host.done).toEqual([0, 1, 2])
})

/** Rows of the recorded host that did nothing for two seconds. */
function recorded(): readonly Pick<Row, 'code' | 'words'>[] {
  const stream = openRecording(IDLE).observe()
  const rows: Pick<Row, 'code' | 'words'>[] = []
  for (let batch = stream.next(); batch !== undefined; batch = stream.next()) {
    for (let i = 0; i < batch.length; i++) {
      const at = batch.at[i] ?? 0
      const words = [...batch.words.subarray(at, at + (batch.extra[i] ?? 0))]
      rows.push({ code: batch.code[i] ?? 0, words })
    }
  }
  stream.close()
  return rows
}
