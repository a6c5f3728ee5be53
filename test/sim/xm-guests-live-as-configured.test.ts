// Guests of xm: what becomes of them when they end, are saved, moved, changed.
import { expect, it } from 'vitest'
import type { SimMachine } from '../../src/backend/sim/sim-machine.js'
import { ask } from './guest-scripts.js'
import { allFrames, counted, fired, xm, xmHost } from './xm-host.js'

const SECOND = 1_000_000_000

/** Names and ids of the guests. */
function guests(machine: SimMachine): readonly string[] {
  return xm(machine, 'list')
    .stdout.split('\n')
    .slice(2, -1)
    .map((row) => row.trim().split(/ +/).slice(0, 2).join(' '))
}

const crash = (machine: SimMachine, domid: number) =>
  ask(machine, 'sched_op', 'remote_shutdown', {}, { domid, reason: 3 })

it('xm list has the columns of xm list', () => {
  const machine = xmHost()
  xm(machine, 'create db1 memory=96')
  xm(machine, 'pause db1')
  machine.run(SECOND)
  const [head = '', dom0 = '', guest = ''] = xm(machine, 'list').stdout.split('\n')
  expect(head).toBe('Name                                      ID   Mem VCPUs      State   Time(s)')
  const columns = /^(\S+) +(\d+) +(\d+) +(\d+) +([-rbpscd]{6}) +(\d+\.\d)$/
  expect(dom0).toHaveLength(head.length - 1)
  expect(columns.exec(dom0)?.slice(1, 6)).toEqual(['Domain-0', '0', '512', '2', 'r-----'])
  expect(guest).toHaveLength(head.length - 1)
  expect(columns.exec(guest)?.slice(1, 4)).toEqual(['db1', '1', '96'])
  expect(columns.exec(guest)?.[5]).toMatch(/^--?b?p---$|^-bp---$/)
})

it('a reboot makes the guest anew: one ends, another begins', () => {
  const machine = xmHost()
  xm(machine, 'create db1 memory=96')
  const rows = fired(machine, () => xm(machine, 'reboot -w db1'))
  const life = rows.filter((row) => /dom-.*-start$/.test(row))
  expect(life).toEqual([
    'xend dom-destroy-start',
    'xend dom-create-start',
    'xend dom-unpause-start',
  ])
  expect(guests(machine)).toEqual(['db1 2'])
  machine.run(30 * SECOND)
  expect(xm(machine, 'shutdown -w db1').stdout).toBe(
    'Domain db1 terminated\nAll domains terminated\n',
  )
  expect(guests(machine)).toEqual([])
  expect(machine.world.store.list('/vm')).toEqual([])
})

it.each([
  { onCrash: 'destroy', left: [] },
  { onCrash: 'restart', left: ['db1 2'] },
  { onCrash: 'preserve', left: ['db1 1'] },
  { onCrash: 'rename-restart', left: [expect.stringMatching(/^Domain-.* 1$/), 'db1 2'] },
])('on_crash = $onCrash', ({ onCrash, left }) => {
  const machine = xmHost()
  const total = allFrames(machine)
  xm(machine, `create db1 memory=96 on_crash=${onCrash}`)
  machine.run(SECOND)
  crash(machine, 1)
  machine.run(5 * SECOND)
  expect(guests(machine)).toEqual(left)
  expect(allFrames(machine)).toBe(total)
})

it('a guest that crashes again at once is not restarted for ever', () => {
  const machine = xmHost()
  xm(machine, 'create db1 memory=96 on_crash=restart')
  for (const domid of [1, 2]) {
    machine.run(2 * SECOND)
    crash(machine, domid)
    machine.run(2 * SECOND)
  }
  expect(guests(machine)).toEqual([])
})

it('xm save writes a file that xm restore reads, in batches of 1024 pages', () => {
  const machine = xmHost()
  xm(machine, 'create db1 memory=100')
  machine.run(2 * SECOND)
  const free = machine.world.freePages
  const saved = counted(fired(machine, () => xm(machine, 'save db1 /var/lib/xen/db1')))
  expect(saved).toMatchObject({
    'xc_save mmapbatch-start': 25 + 2,
    'xend dom-destroy-start': 1,
  })
  expect(guests(machine)).toEqual([])
  expect(machine.world.freePages).toBeGreaterThan(free)
  const rows = fired(machine, () => xm(machine, 'restore /var/lib/xen/db1'))
  expect(counted(rows)).toMatchObject({
    'xend dom-create-start': 1,
    'xend evtchn-op-start': 2,
    'xc_restore populate-physmap-start': 25,
    'xc_restore mmu-update-start': 25,
    'xc_restore mmapbatch-start': 25 + 1,
    'xc_restore mmu-ext-op-start': 1,
    'xc_restore setvcpucontext-start': 2,
    'xend dom-unpause-start': 1,
  })
  expect(guests(machine)).toEqual(['db1 2'])
  expect(machine.world.freePages).toBe(free)
})

it('a checkpoint leaves the guest running under its name', () => {
  const machine = xmHost()
  xm(machine, 'create db1 memory=64')
  machine.run(SECOND)
  const rows = fired(machine, () => xm(machine, 'save -c db1 /tmp/db1'))
  expect(rows.filter((row) => row.includes('dom-'))).toEqual([])
  expect(guests(machine)).toEqual(['db1 1'])
  expect(machine.world.domains()[1]?.shutdownReason).toBeUndefined()
})

it.each(['', '--live '])('xm migrate %sto the second host', (live) => {
  const machine = xmHost()
  xm(machine, 'create db1 memory=64')
  machine.run(2 * SECOND)
  const total = allFrames(machine)
  const rows = fired(machine, () => {
    expect(xm(machine, `migrate ${live}db1 xvm2`)).toMatchObject({ status: 0, stderr: '' })
  })
  expect(rows.filter((row) => row.endsWith('dom-destroy-start'))).toHaveLength(1)
  expect(guests(machine)).toEqual([])
  expect(guests(machine.peer)).toEqual(['db1 1'])
  expect(allFrames(machine)).toBe(total)
  const batches = counted(rows)['xc_save mmapbatch-start'] ?? 0
  expect(batches).toBeGreaterThanOrEqual(16 + 2)
  machine.peer.run(2 * SECOND)
  expect(machine.peer.world.domains()[1]?.isPaused).toBe(false)
})

it('a guest that the other host has no room for stays', () => {
  const machine = xmHost()
  xm(machine, 'create db1 memory=2000')
  xm(machine.peer, 'create db1 name=other memory=2500')
  const { status, stderr } = xm(machine, 'migrate db1 xvm2')
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: 'Error: /usr/lib/xen/bin/xc_save 22 1 0 0 0 failed\n',
  })
  expect(guests(machine)).toEqual(['db1 1'])
  expect(guests(machine.peer)).toEqual(['other 1'])
  expect(machine.world.domains()[1]?.isPaused).toBe(false)
})

it('vcpus, memory, shares and devices change while it runs', () => {
  const machine = xmHost()
  xm(machine, 'create db1 memory=96 vcpus=2')
  machine.run(3 * SECOND)
  xm(machine, 'vcpu-set db1 1')
  xm(machine, 'mem-set db1 64')
  xm(machine, 'vcpu-pin db1 0 1,3')
  xm(machine, 'sched-credit -d db1 -w 512 -c 50')
  machine.run(2 * SECOND)
  expect(machine.world.domains()[1]).toMatchObject({ onlineVcpus: 1, pages: 64 * 256 })
  expect(machine.world.vcpus(1)[0]?.affinity).toEqual([1, 3])
  expect(xm(machine, 'sched-credit -d db1').stdout).toMatch(/\ndb1 +1 +512 +50\n$/)
  expect(xm(machine, 'block-attach db1 phy:/dev/zvol/dsk/rpool/more xvdc w').status).toBe(0)
  machine.run(SECOND)
  expect(xm(machine, 'block-list db1').stdout).toMatch(/\n51744 +0 +0 +4 /)
  expect(xm(machine, 'block-detach db1 xvdc').status).toBe(0)
  expect(xm(machine, 'block-list db1').stdout).not.toMatch(/51744/)
})

it('dom0 runs on when its vcpus are taken', () => {
  const machine = xmHost()
  xm(machine, 'vcpu-set 0 1')
  machine.run(SECOND)
  expect(machine.world.domains()[0]?.onlineVcpus).toBe(1)
  expect(xm(machine, 'create db1 memory=64').status).toBe(0)
  xm(machine, 'vcpu-set 0 2')
  machine.run(SECOND)
  expect(machine.world.domains()[0]?.onlineVcpus).toBe(2)
})

it('dom0 gives memory to a guest that needs it', () => {
  const machine = xmHost({ memoryMiB: 1024, dom0MemoryMiB: 800 })
  expect(xm(machine, 'create db1 memory=400').status).toBe(0)
  expect(machine.world.domains().map((d) => d.pages >= 400 * 256)).toEqual([true, true])
  expect(machine.world.domains()[0]?.pages).toBeLessThan(700 * 256)
})

it('a dump is taken page by page from a guest that waits', () => {
  const machine = xmHost()
  xm(machine, 'create db1 memory=32')
  machine.run(SECOND)
  const rows = fired(machine, () => {
    expect(xm(machine, 'dump-core db1 /var/xen/db1.core').stdout).toBe(
      'Dumping core of domain: db1 ...\n',
    )
  })
  expect(rows[0]).toBe('xend dom-pause-start')
  expect(rows.at(-1)).toBe('xend dom-unpause-end')
  expect(counted(rows)['xend mmap-start']).toBe(32 * 256 + 2)
  expect(machine.world.file('/var/xen/db1.core')).toMatch(/^Xen core of db1 .* 8192 pages\n$/)
})

it('a copy of the machine lists the same', () => {
  const machine = xmHost()
  xm(machine, 'create db1 memory=64')
  const other = machine.fork()
  for (const line of ['list', 'vcpu-list', 'list -l db1', 'info', 'dmesg']) {
    expect(xm(other, line)).toEqual(xm(machine, line))
  }
})

it('with two threads a core, half the pcpus are not any cpu', () => {
  const machine = xmHost({ threadsPerCore: 2 })
  xm(machine, 'create db1 memory=64')
  xm(machine, 'vcpu-pin db1 0 0-3')
  const rows = xm(machine, 'vcpu-list db1').stdout.trim().split('\n')
  expect(rows[1]).toMatch(/ 0-3$/)
  expect(rows[2]).toMatch(/ any cpu$/)
})

it('xm info tells of whole sockets whose pcpus are online', () => {
  const machine = xmHost({ era: 'xvm-mca' })
  const told = () => /^nr_cpus +: (\d+)$/m.exec(xm(machine, 'info').stdout)?.[1]
  expect(told()).toBe('4')
  ask(machine, 'platform_op', 'cpu_offline', { u0: 3 })
  expect(told()).toBe('2')
})

it.each(['0', '1', '64'])("dom0's kernel keeps what it lives on: xm mem-set 0 %s", (mib) => {
  const machine = xmHost({ dom0MemoryMiB: 1024 })
  xm(machine, `mem-set 0 ${mib}`)
  machine.run(10e9)
  const [dom0] = machine.world.domains()
  expect(dom0?.pages).toBe((mib === '0' ? 1024 : 104 + 1024 / 8) * 256)
  xm(machine, 'mem-set 0 1024')
  machine.run(10e9)
  expect(machine.world.domains()[0]?.pages).toBe(1024 * 256)
  expect(xm(machine, 'create db1 memory=64').status).toBe(0)
})
