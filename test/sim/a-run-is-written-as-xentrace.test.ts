// What a simulated machine did, as a xentrace file: xenalyze takes it without a warning, and our own
// reader gives the same observations back.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GuestName } from '../../src/backend/sim/guest-model.js'
import { createSimulator, type SimMachine } from '../../src/backend/sim/sim-machine.js'
import { tickToNs } from '../../src/machine/clock.js'
import { DOMID_UNKNOWN } from '../../src/machine/ids.js'
import { copyBatch, DOM0_CODES, type ObservationBatch } from '../../src/machine/observation.js'
import { bytesSource } from '../../src/trace/byte-source.js'
import { XentraceWriter } from '../../src/trace/xentrace/observation-writer.js'
import { openXentrace } from '../../src/trace/xentrace/xentrace-file.js'
import { hasXenalyze, xenalyze } from '../trace/xentrace/xenalyze-run.js'
import { build } from './guest-scripts.js'

const XEN_ERAS = ['xvm-3.1', 'xen-3.1-upstream', 'xvm-mca', 'xen-4.17', 'xen-4.20']
/** What xenalyze tells of any file, real ones included, that is not a warning. */
const USUAL = [
  /^Using VMX hardware-assisted virtualization\.$/,
  /^scan_for_new_pcpu: Activating pcpu \d+ at offset \d+$/,
  /^Creating (domain \d+|vcpu \d+ for dom \d+)$/,
  /^init_pcpus: through first trace write, done for now\.$/,
  /^First schedule for d\d+v\d+ doesn't take us into a running state; leaving INIT$/,
  /^Using first_tsc for d\d+v\d+ \(\d+ cycles\)$/,
  /^read_record: read returned zero, deactivating pcpu \d+$/,
  /^deactivate_pcpu: (setting d\d+v\d+ to state LOST|Setting max_active_pcpu to -?\d+)$/,
]

/** The words with which it warns, and the form in which it tells of itself. */
const WARNING = /warning|strange|unexpected|fatal|error|invalid|not processing/i
const COMPLAINT = /^([a-z_]+: |[A-Z]\S+ \w+ (for|vcpu|domain|\d))/

interface Row {
  readonly ns: number
  readonly code: number
  readonly who: string
  readonly words: readonly number[]
}

/** A run written down twice: as a file, and as rows by pcpu. */
interface Written {
  readonly bytes: Uint8Array
  readonly rows: ReadonlyMap<number, readonly Row[]>
}

function recorded(machine: SimMachine, act: (machine: SimMachine) => void): Written {
  const pieces: Uint8Array[] = []
  const rows = new Map<number, Row[]>()
  const { host, nowNs } = machine
  const writer = new XentraceWriter({
    pcpus: machine.hypervisor.pcpus,
    hz: host.cpuHz,
    startNs: nowNs,
    write: (piece) => pieces.push(piece),
  })
  const all = (): boolean => true
  const watch = machine.watch(all, (batch) => {
    collect(copyBatch(batch), (ticks) => ticks, rows)
    writer.add(batch)
  })
  act(machine)
  watch.close()
  writer.flush()
  return { bytes: new Uint8Array(Buffer.concat(pieces)), rows }
}

function collect(
  batch: ObservationBatch,
  toNs: (ticks: number) => number,
  rows: Map<number, Row[]>,
): void {
  for (let i = 0; i < batch.length; i++) {
    const code = batch.code[i] ?? 0
    if (code >= DOM0_CODES) continue
    const pcpu = batch.pcpu[i] ?? 0
    const at = batch.at[i] ?? 0
    const own = rows.get(pcpu) ?? []
    rows.set(pcpu, own)
    own.push({
      ns: toNs(batch.ticks[i] ?? 0),
      code,
      who: `d${batch.domid[i]}v${batch.vcpu[i]}`,
      words: [...batch.words.subarray(at, at + (batch.extra[i] ?? 0))],
    })
  }
}

function readBack(bytes: Uint8Array, hz: number): ReadonlyMap<number, readonly Row[]> {
  const stream = openXentrace(bytesSource('run.xt', bytes), { hz }).observe()
  const rows = new Map<number, Row[]>()
  const toNs = tickToNs(stream.clock)
  for (let batch = stream.next(); batch !== undefined; batch = stream.next()) {
    collect(batch, toNs, rows)
  }
  expect(stream.loss).toEqual({ records: 0, bytes: 0, gaps: 0, notes: [] })
  return rows
}

/** Some of everything: guests made and ended, competing, pinned, paused; a pcpu gone and back. */
function busyHour(machine: SimMachine): void {
  machine.run(400_000_000)
  const guests = (['busy', 'bursty', 'busy', 'idle'] as const).map((name) =>
    guest(machine, name, 2),
  )
  machine.run(800_000_000)
  machine.scheduler.pin(guests[0] ?? 0, 0, [1])
  machine.run(100_000_000)
  machine.scheduler.setPcpuOnline(2, false)
  machine.run(100_000_000)
  machine.scheduler.setPcpuOnline(2, true)
  machine.scheduler.pause(guests[1] ?? 0)
  machine.run(100_000_000)
  machine.scheduler.unpause(guests[1] ?? 0)
  guest(machine, 'busy', 3)
  machine.run(300_000_000)
}

const GUEST = 'name = "g"\nmemory = 64\nvcpus = 2\nkernel = "/boot/vmlinuz-2.6.18-xen"\n'
const LIFE = [
  'create /etc/xen/g',
  'vcpu-set g 1',
  'mem-set g 40',
  'save g /tmp/g',
  'restore /tmp/g',
]

/** A guest is made, shrunk, saved, restored, moved and restarted, as the era's tool does it. */
function lifeOfGuests(machine: SimMachine): void {
  machine.files.write('/etc/xen/g', GUEST)
  for (const line of [...LIFE, 'pause g', 'unpause g', 'reboot g', 'migrate g xvm2', 'list']) {
    machine.command([machine.era.toolstack, ...line.split(' ')])
    machine.run(1_500_000_000)
  }
}

function guest(machine: SimMachine, name: GuestName, vcpus: number): number {
  const domid = build(machine, { memoryMiB: 32, vcpus })
  machine.scheduler.setGuest(domid, name)
  return domid
}

describe.each(XEN_ERAS)('%s', (era) => {
  it.runIf(hasXenalyze).each([
    { name: 'a run', act: busyHour },
    { name: 'what tools do', act: lifeOfGuests },
  ])('xenalyze takes the file of $name without a warning', ({ act }) => {
    const { bytes } = recorded(createSimulator({ era }), act)
    const told = ['--summary', '--dump-all'].flatMap((option) => {
      return xenalyze(bytes, option).split('\n')
    })
    expect(told.filter((line) => WARNING.test(line))).toEqual([])
    expect(told.filter((line) => COMPLAINT.test(line) && !isUsual(line))).toEqual([])
  })

  it.runIf(hasXenalyze)('xenalyze counts what the hypervisor did', () => {
    const { bytes, rows } = recorded(createSimulator({ era }), busyHour)
    const all = [...rows.values()].flat()
    const hypercalls = all.filter(({ code }) => code === 0x20100d || code === 0x20200e).length
    const dump = xenalyze(bytes, '--dump-all').split('\n')
    expect(dump.filter((line) => / hypercall /.test(line))).toHaveLength(hypercalls)
  })
})

it.skipIf(hasXenalyze)('xenalyze is not installed: its judgement is left out', () => {})

it('read back, a run is what was observed', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...XEN_ERAS),
      fc.nat(1000),
      fc.integer({ min: 1_000_000_000, max: 3_400_000_000 }),
      fc.array(fc.constantFrom<GuestName>('busy', 'bursty', 'idle'), { maxLength: 4 }),
      (era, seed, cpuHz, names) => {
        const machine = createSimulator({ era, seed, cpuHz, memoryMiB: 2048 })
        machine.run(seed * 1_000_003)
        const { bytes, rows } = recorded(machine, () => {
          for (const name of names) guest(machine, name, 2)
          machine.run(150_000_000)
        })
        same(readBack(bytes, cpuHz), rows)
      },
    ),
    { numRuns: 15 },
  )
})

/** Times count from the first row; whose a row is, the file tells once it told who runs. */
function same(
  found: ReadonlyMap<number, readonly Row[]>,
  said: ReadonlyMap<number, readonly Row[]>,
): void {
  const first = Math.min(...[...said.values()].map((own) => own[0]?.ns ?? 0))
  expect([...found.keys()].sort()).toEqual([...said.keys()].sort())
  for (const [pcpu, own] of said) {
    const read = found.get(pcpu) ?? []
    const expected = own.map((row, i) => ({
      ...row,
      ns: row.ns - first,
      who: read[i]?.who.startsWith(`d${DOMID_UNKNOWN}v`) ? read[i]?.who : row.who,
    }))
    expect(read).toEqual(expected)
  }
}

const isUsual = (line: string): boolean => USUAL.some((usual) => usual.test(line))
