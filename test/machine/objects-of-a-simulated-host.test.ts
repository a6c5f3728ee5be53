// The typed objects over a simulated host: they tell what is, refuse what is gone, and a look
// changes nothing.
import { expect, it } from 'vitest'
import type { SimMachine } from '../../src/backend/sim/sim-machine.js'
import { createSimulator } from '../../src/backend/sim/sim-machine.js'
import { DESCRIBE, isDescribed } from '../../src/base/describe.js'
import { DISPLAY } from '../../src/base/display.js'
import { XpvError } from '../../src/base/error.js'
import { hostObjects } from '../../src/machine/host-objects.js'
import { HostSnapshot } from '../../src/machine/host-snapshot.js'
import { isKnown } from '../../src/machine/not-known.js'

const objects = (machine: SimMachine) => hostObjects(() => machine)
const snapshot = (machine: SimMachine) => new HostSnapshot(machine.snapshot(), machine.access)
const hostOf = (era: string, seed = 1) => createSimulator({ era, seed })

function refusal(act: () => unknown): { readonly code: string; readonly hint: string | undefined } {
  try {
    act()
  } catch (error) {
    if (error instanceof XpvError) return { code: error.code, hint: error.hint }
    throw error
  }
  throw new Error('nothing was refused')
}

it('a list answers as its array does', () => {
  const machine = hostOf('xvm-3.1')
  const { domains, pcpus } = objects(machine)
  machine.command(['xm', 'create', 'web1'])
  expect(domains.reduce((sum, { maxVcpus }) => sum + (maxVcpus as number), 0)).toBe(3)
  expect(domains.some(({ name }) => name === 'web1')).toBe(true)
  expect(domains.every(({ name }) => name === 'web1')).toBe(false)
  expect(domains.flatMap(({ vcpus }) => vcpus.ids())).toEqual([0, 1, 0])
  const backwards = pcpus.toSorted((a, b) => b.id - a.id)
  expect(backwards.map(({ id }) => id)).toEqual([3, 2, 1, 0])
  const seen: number[] = []
  pcpus.forEach(({ id }) => {
    seen.push(id)
  })
  expect(seen).toEqual([0, 1, 2, 3])
})

it('a domain is there once it is created, by number and by name, and refused once it is gone', () => {
  const machine = hostOf('xvm-3.1')
  const { domains, xen } = objects(machine)
  const free = xen.freeBytes as number
  expect(domains.length).toBe(1)
  machine.command(['xm', 'create', 'web1'])
  const web = domains.named('web1')
  expect(domains.ids()).toEqual([0, 1])
  expect(web.domid).toBe(domains[1]?.domid)
  expect(web).toMatchObject({ name: 'web1', type: 'pv', memoryBytes: 512 * 2 ** 20 })
  expect(free - (xen.freeBytes as number)).toBeGreaterThanOrEqual(512 * 2 ** 20)
  machine.command(['xm', 'destroy', 'web1'])
  expect(domains.length).toBe(1)
  expect(refusal(() => web.memoryBytes)).toEqual({ code: 'machine.no-domain', hint: 'domains' })
  expect(refusal(() => domains[1])).toEqual({ code: 'machine.no-domain', hint: 'there are 0' })
  expect(refusal(() => domains.named('Domain0')).hint).toBe("domains.named('Domain-0')")
})

it('every public member of an object says what it is', () => {
  const machine = hostOf('xvm-mca')
  machine.checks.run('cache level=1 pcpu=1')
  machine.run(1e9)
  const { xen, domains, dom0, pcpus, hostbridge } = objects(machine)
  const pcpu = pcpus[1]
  const banks = pcpu?.banks
  const all: unknown[] = [xen, domains, dom0, dom0.vcpus, dom0.vcpus[0], pcpus, pcpu, hostbridge]
  all.push(banks, banks !== undefined && isKnown(banks) ? banks[2] : undefined)
  all.push(pcpu?.msr.named('MCG_CAP'), pcpu?.msr.named('MCG_CAP').hardware)
  all.push(hostbridge.rootPorts[0], hostbridge.rootPorts[0]?.aer, snapshot(machine))
  all.push(hostbridge.rootPorts[0]?.registers['DevSta'], snapshot(machine).diff(snapshot(machine)))
  for (const value of all) {
    expect(isDescribed(value)).toBe(true)
    if (!isDescribed(value)) continue
    const { name, summary, members } = value[DESCRIBE]()
    expect(summary, name).not.toBe('')
    expect(Object.keys(members).sort(), name).toEqual(expect.arrayContaining(publicNames(value)))
    expect(Object.values(members), name).not.toContain('')
  }
})

function publicNames(value: object): string[] {
  const names = new Set<string>()
  for (let at: object | null = value; at !== null && at !== Object.prototype; ) {
    const own = Object.getOwnPropertyNames(at)
    for (const name of own) if (!/^(constructor|toJSON|\d+|Domain-0)$/.test(name)) names.add(name)
    at = Reflect.getPrototypeOf(at)
  }
  return [...names]
}

it('a look changes nothing: time stands still, and the future is the same', () => {
  const looked = hostOf('xvm-3.1')
  const other = hostOf('xvm-3.1')
  for (const machine of [looked, other]) machine.run(1e8)
  const before = looked.nowNs
  for (const value of Object.values(objects(looked))) {
    JSON.stringify(value[DISPLAY](), (_, each) => (typeof each === 'bigint' ? `${each}` : each))
  }
  expect(looked.nowNs).toBe(before)
  for (const machine of [looked, other]) machine.command(['xm', 'create', 'web1'])
  expect(snapshot(looked).diff(snapshot(other)).rows).toEqual([])
})

it.each([
  { era: 'xvm-3.1', read: 'msr.gp-fault', byHypercall: 'msr.denied' },
  { era: 'xen-3.1-upstream', read: 'real', byHypercall: 'msr.denied' },
  { era: 'xen-4.17', read: 'virtual', byHypercall: 'msr.denied' },
  { era: 'metal', read: 'real', byHypercall: 'real' },
])('$era: three ways to a register of machine checks', ({ era, read, byHypercall }) => {
  const { dom0, pcpus } = objects(hostOf(era))
  const outcome = (act: () => { readonly isReal: boolean } | undefined): string => {
    try {
      return act()?.isReal === true ? 'real' : 'virtual'
    } catch (error) {
      return error instanceof XpvError ? error.code : String(error)
    }
  }
  expect(outcome(() => dom0.vcpus[0]?.rdmsr('IA32_MC4_STATUS'))).toBe(read)
  expect(outcome(() => pcpus[1]?.msr.named('IA32_MC4_STATUS').read())).toBe(byHypercall)
  expect(outcome(() => pcpus[1]?.msr.named('IA32_MC4_STATUS').hardware)).toBe('real')
})

it.each([
  { era: 'xen-3.1-upstream', became: 'write-dropped' },
  { era: 'xen-4.17', became: 'virtualised' },
  { era: 'metal', became: 'written' },
])('$era: a write to a bank is $became', ({ era, became }) => {
  const { dom0 } = hostObjects(hostOf(era))
  const written = dom0.vcpus[0]?.wrmsr('IA32_MC1_STATUS', 0)
  expect(written).toMatchObject({ became, name: 'IA32_MC1_STATUS', value: 0n })
  expect(written?.[DISPLAY]().parts[0]).toMatch(/^IA32_MC1_STATUS <- 0x0{16}: /)
})

it('the fault says who faulted where, and what to do instead', () => {
  const { dom0 } = objects(hostOf('xvm-3.1'))
  const refused = refusal(() => dom0.vcpus[1]?.rdmsr('mc4_status'))
  expect(refused).toEqual({ code: 'msr.gp-fault', hint: 'pcpus[1].banks' })
})

it('reads back to back run where the scheduler has the vcpu; pinned, they stay', () => {
  const machine = hostOf('xen-3.1-upstream')
  const vcpu = objects(machine).dom0.vcpus[0]
  const read = (): number => vcpu?.rdmsr('IA32_APIC_BASE').executedOn ?? -1
  const whileGuestsCome = (): readonly number[] =>
    [1, 2, 3, 4].map((n) => {
      const { atNs = 0, executedOn } = vcpu?.rdmsr('IA32_APIC_BASE') ?? {}
      expect(atNs).toBe(machine.nowNs)
      machine.command(['xm', 'create', 'db1', `name=db${n}-${atNs}`, 'vcpus=4', 'memory=64'])
      return executedOn ?? -1
    })
  expect(new Set([...whileGuestsCome(), read()]).size).toBeGreaterThan(1)
  expect(vcpu?.migrations).toBeGreaterThan(0)
  const pinned = vcpu?.withPinned(1, whileGuestsCome)
  expect(new Set(pinned)).toEqual(new Set([1]))
  expect(vcpu?.affinity).toEqual([0, 1, 2, 3])
})

it('a domain computes as much as it is told to, until it is told otherwise', () => {
  const machine = hostOf('xvm-3.1')
  machine.command(['xm', 'create', 'web1'])
  const { domains } = objects(machine)
  const [dom0] = domains
  const shareOfSecond = (): number => {
    const before = dom0?.runtimeNs as number
    machine.run(1e9)
    return ((dom0?.runtimeNs as number) - before) / 2e9
  }
  dom0?.load('busy')
  expect(shareOfSecond()).toBeGreaterThan(0.95)
  dom0?.load('idle')
  shareOfSecond()
  expect(shareOfSecond()).toBeLessThan(0.1)
  // @ts-expect-error: no load is called so
  expect(refusal(() => dom0?.load('heavy')).code).toBe('machine.refused')
})

it('a bank tells what went wrong, how bad it is and where', () => {
  const machine = hostOf('xvm-3.1')
  machine.checks.run('memory address=0x12345040')
  machine.run(1e8)
  const banks = objects(machine).pcpus[0]?.banks
  if (banks === undefined || !isKnown(banks)) throw new Error('no banks')
  expect(banks.filter(({ isEmpty }) => !isEmpty).map(({ id }) => id)).toEqual([4])
  const { severity, what, address, correctedErrors } = banks.at(4)
  expect({ severity, what, address, correctedErrors }).toEqual({
    severity: 'corrected',
    what: 'bus_interconnect_memory, BUSLG_SRC_RD_M_NOTIMEOUT_ERR',
    address: 0x12345040n,
    correctedErrors: null,
  })
})

it('the hostbridge tells which function has an error latched', () => {
  const machine = hostOf('xvm-3.1')
  const { hostbridge } = objects(machine)
  expect(hostbridge.failing).toEqual([])
  machine.checks.run('pcie function=05:00.0 error=CmpltTO')
  machine.run(1e6)
  expect(hostbridge.failing.map(({ id }) => id)).toContain('05:00.0')
  const { aer, parent } = hostbridge.at('05:00.0')
  if (!isKnown(aer)) throw new Error('no AER')
  expect(aer.uncorrectableStatus.set).toEqual(['CmpltTO'])
  expect(parent?.id).toBe('00:0d.0')
  expect(refusal(() => hostbridge.at('09:00.0')).code).toBe('machine.no-function')
})

it('snapshots compare: a creation is one row, a change says by how much', () => {
  const machine = hostOf('xvm-3.1')
  const before = snapshot(machine)
  expect(before.equals(snapshot(machine))).toBe(true)
  machine.command(['xm', 'create', 'web1'])
  const { rows, elapsedNs } = before.diff(snapshot(machine))
  expect(elapsedNs).toBe(machine.nowNs)
  expect(rows[0]).toMatchObject({ what: 'domains[1]', before: '-', change: 'new' })
  expect(rows[0]?.after).toMatch(/^web1, 512 MiB, 1 vcpus/)
  expect(rows.find(({ what }) => what === 'xen.freeBytes')?.change).toMatch(/^-51\d/)
})

it('a fork is equal to the machine it is of, and goes its own way', () => {
  const machine = hostOf('xvm-3.1')
  machine.command(['xm', 'create', 'web1'])
  const fork = machine.fork()
  expect(snapshot(machine).equals(snapshot(fork))).toBe(true)
  fork.command(['xm', 'destroy', 'web1'])
  expect(snapshot(machine).diff(snapshot(fork)).rows[0]).toMatchObject({ change: 'gone' })
  expect(objects(machine).domains.length).toBe(2)
})

it.each([
  { era: 'xvm-3.1', pcpu: 3, refused: 'machine.refused' },
  { era: 'xvm-mca', pcpu: 3, refused: undefined },
  { era: 'xvm-mca', pcpu: 0, refused: 'machine.refused' },
  { era: 'metal', pcpu: 3, refused: undefined },
])('$era: pcpu $pcpu goes offline, or the hypervisor says no', ({ era, pcpu, refused }) => {
  const { pcpus } = objects(hostOf(era))
  const goes = () => pcpus[pcpu]?.offline().isOnline
  if (refused === undefined) expect(goes()).toBe(false)
  else expect(refusal(goes).code).toBe(refused)
})

it.each([
  { era: 'xen-4.20', mfn: 0x100, why: /EPERM.*the hypervisor itself uses this frame/ },
  { era: 'xen-4.20', mfn: 0xc8000, why: /EINVAL.*there is no memory at this frame/ },
  { era: 'xvm-3.1', mfn: 0x50000, why: /ENOSYS.*xvm-3.1 cannot take a page offline/ },
  { era: 'metal', mfn: 0x100, why: /EBUSY.*the kernel itself uses this frame/ },
])('$era: frame $mfn is not taken offline, and the reason is said', ({ era, mfn, why }) => {
  expect(() => objects(hostOf(era)).xen.offlinePage(mfn)).toThrow(why)
})

it('a free page goes offline at once, one of a domain when it is given back', () => {
  const machine = hostOf('xen-4.20')
  const { xen } = objects(machine)
  const free = machine.hypervisor.frames.save().free[0]?.mfn ?? 0
  xen.offlinePage(free)
  expect(machine.hypervisor.frames.ownerOf(free).kind).toBe('retired')
  const own = machine.hypervisor.frames.frameOf(0, 0)
  expect(xen.offlinePage(own ?? 0)).toMatch(/^page 0x\w+: it goes once domain 0 gives it back$/)
})

it('a domain that is not there is refused by its name, with the one that was meant', async () => {
  const machine = hostOf('xvm-3.1')
  const { domains } = objects(machine)
  machine.command(['xm', 'create', 'web1'])
  const member = (name: string) => refusal(() => Reflect.get(domains, name))
  expect(member('nosuch')).toEqual({ code: 'machine.no-domain', hint: 'domains' })
  expect(member('wbe1')).toEqual({ code: 'machine.no-domain', hint: 'domains.web1' })
  expect(member('toTabel')).toMatchObject({ code: 'machine.no-domain' })
  expect(await domains).toBe(domains)
  expect('nosuch' in domains).toBe(false)
})
