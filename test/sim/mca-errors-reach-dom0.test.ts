// How far a machine check gets, era by era: into a bank, out of it, to dom0, or nowhere.
// Oracles: /dev/mcelog and the console of a recorded Xen 4.20 into whose pcpus the same errors were
// injected; on 4.17 nothing came.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { HostConfig } from '../../src/backend/sim/host-config.js'
import { createSimulator, type SimMachine } from '../../src/backend/sim/sim-machine.js'

const captured = (name: string) => readFileSync(join(import.meta.dirname, 'captures', name))
/** The recorded host: four pcpus of one package. */
const host = (era: string, more: Partial<HostConfig> = {}): SimMachine =>
  createSimulator({ era, sockets: 1, coresPerSocket: 4, ...more })
const inject = (machine: SimMachine, line: string): void => {
  machine.checks.run(`raw ${line}`)
}

/** Entries without the address, which is another page on another host. */
function entries(bytes: Uint8Array): readonly string[] {
  return Array.from({ length: bytes.length / 112 }, (_, n) => {
    const entry = Buffer.from(bytes.subarray(n * 112, (n + 1) * 112))
    const hasAddress = (entry.readBigUInt64LE(0) >> 58n) & 1n
    if (hasAddress === 1n && entry.readBigUInt64LE(16) > 0x1_0000_0000n) entry.fill(0, 16, 24)
    return entry.toString('hex')
  })
}

const consoleOf = (machine: SimMachine): readonly string[] =>
  machine.hypervisor.ring.text().trim().split('\n')
const MCE = 'status=0x9c0000400001009f address=0x12345000 misc=0x8c'

describe('/dev/mcelog holds what was captured', () => {
  it('two corrected errors', () => {
    const machine = host('xen-4.20')
    inject(machine, `pcpu=2 bank=6 ${MCE}`)
    machine.run(20e9)
    inject(machine, 'pcpu=0 bank=5 status=0x9c00008000010090 address=0x60000000 misc=0x8c')
    machine.run(20e9)
    const bytes = machine.checks.takeMcelog()
    expect(entries(bytes)).toEqual(entries(captured('mcelog-ce.bin')))
    expect(machine.checks.takeMcelog()).toHaveLength(0)
  })

  it('a series of two kinds, round after round', () => {
    const machine = host('xen-4.20')
    for (let round = 0; round < 7; round++) {
      inject(machine, `pcpu=2 bank=6 ${MCE}`)
      inject(machine, 'pcpu=1 bank=1 status=0x9400000000000135 address=0x2345040')
      machine.run(19e9)
    }
    const sorted = (bytes: Uint8Array) => [...entries(bytes)].sort()
    const bytes = machine.checks.takeMcelog()
    expect(sorted(bytes)).toEqual(sorted(captured('mcelog-series.bin')))
  })

  it('an error that can be survived, in a free page', () => {
    const machine = host('xen-4.20')
    const before = consoleOf(machine).length
    broadcast(machine, 0x6000_0000)
    machine.run(1e9)
    expect(entries(machine.checks.takeMcelog())).toEqual(entries(captured('mcelog-srao.bin')))
    const { frames } = machine.hypervisor
    expect([frames.ownerOf(0x60000).kind, frames.isBroken(0x60000)]).toEqual(['retired', true])
    expect(told(consoleOf(machine).slice(before))).toEqual(told(linesOf('xl-dmesg-srao.txt')))
  })

  it('the same in a page of a guest, which crashes', () => {
    const machine = host('xen-4.20')
    const domid = guest(machine)
    const mfn = machine.hypervisor.frames.frameOf(domid, 7) ?? 0
    const before = consoleOf(machine).length
    broadcast(machine, mfn * 4096)
    machine.run(100_000)
    const { frames, domains } = machine.hypervisor
    expect([frames.isPending(mfn), frames.isBroken(mfn)]).toEqual([true, true])
    expect(domains.get(domid)?.shutdown).toBe(3)
    expect(domains.get(0)?.shutdown).toBeUndefined()
    const ours = entries(machine.checks.takeMcelog())
    expect(ours).toHaveLength(4)
    expect(told(consoleOf(machine).slice(before))).toEqual(told(linesOf('xl-dmesg-srao-domU.txt')))
  })
})

/** As QEMU's `mce -b` tells all pcpus: what is wrong to one, something uncorrected to the others. */
function broadcast(machine: SimMachine, address: number): void {
  const status = '0xbd000000000000c0'
  for (const pcpu of [0, 2, 3]) inject(machine, `pcpu=${pcpu} bank=1 status=0xa000000000000000`)
  inject(machine, `pcpu=1 bank=9 status=${status} address=${address} misc=0x8c`)
}

/** Adds a domain with memory; its number. */
function guest(machine: SimMachine): number {
  const call = (hypercall: string, operation: string, args: Record<string, number>) =>
    machine.hypervisor.call({ domid: 0, vcpu: 0 }, { kind: 'call', hypercall, operation, args })
      .reply
  const domid = Number(call('domctl', 'createdomain', { domid: 0 }).out['domid'])
  call('domctl', 'max_mem', { domid, u0: 65536 })
  call('memory_op', 'populate_physmap', { domid, nr_extents: 32, extent_order: 0 })
  return domid
}

/** Lines of the part of a console that is about machine checks. */
function linesOf(name: string): readonly string[] {
  return captured(name).toString().trim().split('\n')
}

/** What they tell: not in which order pcpus came, which of them was last, or where memory is. */
function told(lines: readonly string[]): readonly string[] {
  return lines
    .map((line) =>
      line
        .replace(/CPU\d (enter|handling)/, 'CPU_ $1')
        .replace(/cpu#\d/, 'cpu#_')
        .replace(/memory [0-9a-f]{5,}/, 'memory _')
        .replace(/at {2,}[0-9a-f]+/, 'at _'),
    )
    .filter((line) => line !== '')
}

describe('how far it gets', () => {
  const CACHE = { kind: 'cache', level: 1, pcpu: 2 } as const

  it.each([
    { era: 'xvm-3.1', reaches: 0, cleared: false },
    { era: 'xen-3.1-upstream', reaches: 0, cleared: false },
    { era: 'xvm-mca', reaches: 1, cleared: true },
    { era: 'xen-4.17', reaches: 0, cleared: false },
    { era: 'xen-4.20', reaches: 1, cleared: true },
    { era: 'metal', reaches: 1, cleared: true },
  ])('$era: $reaches records, the bank emptied: $cleared', ({ era, reaches, cleared }) => {
    const machine = host(era)
    machine.checks.inject(CACHE)
    machine.run(60e9)
    expect(machine.checks.log).toHaveLength(reaches)
    expect(machine.checks.banks(2).every(({ status }) => status === 0n)).toBe(cleared)
  })

  it('with the interrupt for corrected errors nobody waits for a poll', () => {
    const machine = host('xen-4.20', { processor: 'broadwell' })
    machine.checks.inject(CACHE)
    machine.checks.inject(CACHE)
    machine.run(1e6)
    const [record] = machine.checks.log
    expect(record).toMatchObject({ pcpu: 2, flags: 0x21 })
    expect(record?.banks[0]?.ctl2).toBe(0x4000_0002n)
  })

  it('on 4.17 the interrupt still works: it looks at another set of banks', () => {
    const machine = host('xen-4.17', { processor: 'broadwell' })
    machine.checks.run('cache level=1 pcpu=2 every=1ms times=2')
    machine.run(1e9)
    expect(machine.checks.log).toHaveLength(1)
  })

  it('a record says who ran there and whose memory it is', () => {
    const machine = host('xen-4.20')
    const domid = guest(machine)
    const mfn = machine.hypervisor.frames.frameOf(domid, 3) ?? 0
    inject(machine, `pcpu=2 bank=6 status=0x9c0000400001009f address=${mfn * 4096} misc=0x8c`)
    machine.run(20e9)
    expect(machine.checks.log[0]?.banks[0]?.domid).toBe(domid)
    const [ours, theirs] = [machine.checks.takeMcelog(), captured('mcelog-ce-domU.bin')]
    for (const bytes of [ours, theirs]) bytes.fill(0, 16, 24)
    expect(entries(ours)).toEqual(entries(theirs))
  })

  it.each(['xvm-3.1', 'xvm-mca', 'xen-4.20', 'metal'])('%s: a fatal error ends the host', (era) => {
    const machine = host(era)
    machine.checks.inject({ kind: 'cache', level: 2, pcpu: 1, severity: 'fatal' })
    machine.run(1e6)
    expect(machine.checks.halted).toBeDefined()
    expect(machine.checks.banks(1).some(({ severity }) => severity === 'fatal')).toBe(
      era !== 'metal',
    )
    const log = machine.checks.log.length
    machine.checks.inject(CACHE)
    machine.run(60e9)
    expect(machine.checks.log).toHaveLength(log)
  })

  it('on 4.17 nobody looks: even a fatal error is only latched', () => {
    const machine = host('xen-4.17')
    machine.checks.inject({ kind: 'cache', level: 2, pcpu: 1, severity: 'fatal' })
    machine.run(1e9)
    expect(machine.checks.halted).toBeUndefined()
    expect(consoleOf(machine).at(-1)).toBe('(XEN) MCE: send MCE# to DOM0 through virq')
  })
})
