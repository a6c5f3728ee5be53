// Guests on virtual hardware leave for the hypervisor and go on, as Xen's trace tells it. Oracle:
// xenalyze's summary.
import { describe, expect, it } from 'vitest'
import { createSimulator, type SimMachine } from '../../src/backend/sim/sim-machine.js'
import type { ObservationBatch } from '../../src/machine/observation.js'
import { XentraceWriter } from '../../src/trace/xentrace/observation-writer.js'
import { hasXenalyze, xenalyze } from '../trace/xentrace/xenalyze-run.js'

const VMENTRY = 0x81001
const VMEXIT = 0x81002
const HVM_CLASS = 0x8
const SWITCH = 0x2800a
const WARNING = /warning|strange|unexpected|fatal|error|invalid|expected/i

/** A guest on virtual hardware beside a PV guest, busy for a while. */
function story(machine: SimMachine): void {
  machine.command(['xm', 'create', 'win1'])
  machine.run(600_000_000)
  for (const domid of machine.hypervisor.domains.keys()) {
    if (domid > 0) machine.scheduler.setGuest(domid, 'bursty')
  }
  machine.scheduler.pin(1, 0, [1])
  machine.command(['xm', 'create', 'web1'])
  machine.scheduler.setGuest(2, 'busy')
  machine.scheduler.pin(2, 0, [1])
  machine.run(800_000_000)
  machine.command(['xm', 'pause', 'win1'])
  machine.command(['xm', 'unpause', 'win1'])
  machine.run(200_000_000)
}

function traced(machine: SimMachine, act: (machine: SimMachine) => void): Uint8Array {
  const pieces: Uint8Array[] = []
  const writer = new XentraceWriter({
    pcpus: machine.hypervisor.pcpus,
    hz: machine.host.cpuHz,
    startNs: machine.nowNs,
    write: (piece) => pieces.push(piece),
  })
  const watch = machine.watch(
    () => true,
    (batch) => writer.add(batch),
  )
  act(machine)
  watch.close()
  writer.flush()
  return new Uint8Array(Buffer.concat(pieces))
}

describe.each([
  {
    processor: 'opteron',
    options: ['--svm-mode'],
    reasons: [
      'VMEXIT_EXCEPTION_PF',
      'VMEXIT_CR3_WRITE',
      'VMEXIT_INTR',
      'VMEXIT_HLT',
      'VMEXIT_IOIO',
    ],
  },
  {
    processor: 'nehalem',
    options: [],
    reasons: ['EXCEPTION_NMI', 'CR_ACCESS', 'EXTERNAL_INTERRUPT', 'HLT', 'IO_INSTRUCTION'],
  },
])('$processor', ({ processor, options, reasons }) => {
  it.runIf(hasXenalyze)('xenalyze knows every reason, and warns of nothing', () => {
    const bytes = traced(createSimulator({ era: 'xvm-3.1', processor }), story)
    const lines = xenalyze(bytes, ...options, '--summary').split('\n')
    expect(lines.filter((line) => WARNING.test(line))).toEqual([])
    for (const reason of reasons) {
      const told = lines.find((line) => line.trim().startsWith(`${reason} `))
      expect(Number(told?.trim().split(/\s+/)[1]), reason).toBeGreaterThan(3)
    }
  })
})

it('an exit, then an entry, of whoever runs; nobody is switched out from inside', () => {
  const machine = createSimulator({ era: 'xvm-3.1' })
  const inside = new Map<number, boolean>()
  const broken: string[] = []
  let exits = 0
  const see = (batch: ObservationBatch, i: number): void => {
    const code = batch.code[i] ?? 0
    const pcpu = batch.pcpu[i] ?? 0
    const who = ((batch.domid[i] ?? 0) << 16) | (batch.vcpu[i] ?? 0)
    const told = `${code.toString(16)} at ${batch.ticks[i]}`
    if (code === SWITCH && inside.get(who) === true) broken.push(told)
    if (code >>> 16 !== HVM_CLASS) return
    const at = machine.hypervisor.domains.get(batch.domid[i] ?? 0)
    if (at !== undefined && at.type !== 'hvm') broken.push(`${told} on pcpu ${pcpu} of a PV guest`)
    if (code === VMENTRY || code === VMEXIT) {
      if ((inside.get(who) ?? false) !== (code === VMEXIT)) broken.push(told)
      inside.set(who, code === VMENTRY)
      if (code === VMEXIT) exits++
    } else if (inside.get(who) !== false && code !== 0x82004) broken.push(told)
  }
  machine.bus.listen(
    () => true,
    (batch: ObservationBatch) => {
      for (let i = 0; i < batch.length; i++) see(batch, i)
    },
  )
  story(machine)
  machine.bus.flush()
  expect(broken.slice(0, 3)).toEqual([])
  expect(exits).toBeGreaterThan(500)
})
