// Guests that xl made: they leave when asked, come again when their configuration says so, are saved
// and restored, and go to another host where the hypervisor can follow what they write.
import { afterEach, expect, it } from 'vitest'
import { ABI_4_17 } from '../../src/backend/sim/abi.js'
import { createSimulator, type SimMachine } from '../../src/backend/sim/sim-machine.js'
import { layoutOf } from '../../src/backend/sim/toolstack/xl/layout.js'
import { ask } from './guest-scripts.js'
import { type Operation, simulated } from './recorded-calls.js'

const SECOND = 1_000_000_000
const ERAS = ['xen-4.17', 'xen-4.20'] as const

function host(era: string): SimMachine {
  return createSimulator({ era, seed: 1, memoryMiB: 4096, dom0MemoryMiB: 512 })
}

function xl(machine: SimMachine, words: string, status = 0): string {
  const outcome = machine.command(['xl', ...words.split(' ')])
  expect({ words, ...outcome }).toMatchObject({ status })
  return outcome.stdout + outcome.stderr
}

const guests = (machine: SimMachine) =>
  machine.world
    .domains()
    .slice(1)
    .map(
      ({ domid, pages }) => `${machine.store.read(`/local/domain/${domid}/name`)} ${pages / 256}`,
    )

const log = (machine: SimMachine) =>
  machine.files.read('/var/log/xen/xl-tiny.log')?.split('\n') ?? []

it.each(ERAS)('%s: a guest that powers off is destroyed by the xl left behind', (era) => {
  const machine = host(era)
  xl(machine, 'create tiny')
  machine.run(2 * SECOND)
  expect(xl(machine, 'shutdown -w tiny')).toContain('Domain 1 has been shut down, reason code 0')
  machine.run(SECOND)
  expect(guests(machine)).toEqual([])
  expect(log(machine)).toEqual([
    'Waiting for domain tiny (domid 1) to die',
    'Domain 1 has shut down, reason code 0 0x0',
    'Action for shutdown reason code 0 is destroy',
    'Domain 1 needs to be cleaned up: destroying the domain',
    'Done. Exiting now',
    '',
  ])
})

it.each(ERAS)('%s: a guest that reboots is made anew, with a new id', (era) => {
  const machine = host(era)
  xl(machine, 'create tiny memory=160')
  machine.run(2 * SECOND)
  xl(machine, 'reboot tiny')
  machine.run(10 * SECOND)
  expect(machine.world.domains().map((d) => d.domid)).toEqual([0, 2])
  expect(guests(machine)).toEqual(['tiny 160'])
  expect(log(machine).slice(-3)).toEqual([
    'Done. Rebooting now',
    'Waiting for domain tiny (domid 2) to die',
    '',
  ])
})

it.each([
  { action: 'preserve', left: ['tiny 128'] },
  { action: 'destroy', left: [] },
  { action: 'restart', left: ['tiny 128'] },
])('a guest that crashes: $action', ({ action, left }) => {
  const machine = host('xen-4.17')
  xl(machine, `create tiny on_crash=${action}`)
  machine.run(2 * SECOND)
  ask(machine, 'sched_op', 'remote_shutdown', {}, { domid: 1, reason: 3 })
  machine.run(10 * SECOND)
  expect(guests(machine)).toEqual(left)
  const state = /tiny .* ([rbpscd-]{6}) /.exec(xl(machine, 'list'))?.[1]
  expect(state?.slice(2)).toBe({ preserve: '-sc-', destroy: undefined, restart: '----' }[action])
})

it('an xl that does not stay behind leaves its guest as it ends', () => {
  const machine = host('xen-4.17')
  xl(machine, 'create -e tiny')
  machine.run(2 * SECOND)
  xl(machine, 'shutdown tiny')
  machine.run(10 * SECOND)
  expect(xl(machine, 'list')).toMatch(/tiny +1 +128 +1 +-b-s-- /)
})

it.each(ERAS)('%s: a saved guest is gone, a restored one is as it was', (era) => {
  const machine = host(era)
  xl(machine, 'create tiny memory=200 vcpus=2 cpu_weight=300')
  machine.run(2 * SECOND)
  const { free } = machine.hypervisor.frames
  xl(machine, 'save tiny /root/tiny')
  machine.run(SECOND)
  expect(guests(machine)).toEqual([])
  xl(machine, 'restore /root/tiny')
  machine.run(SECOND)
  expect(guests(machine)).toEqual(['tiny 200'])
  expect(machine.hypervisor.frames.free).toBe(free)
  const [, domain] = machine.world.domains()
  expect(domain).toMatchObject({ domid: 2, onlineVcpus: 2 })
  expect(machine.world.weight(2).weight).toBe(300)
})

it('a snapshot lets the guest go on', () => {
  const machine = host('xen-4.17')
  xl(machine, 'create tiny')
  machine.run(2 * SECOND)
  xl(machine, 'save -c tiny /root/tiny')
  machine.run(SECOND)
  const [, domain] = machine.world.domains()
  expect(domain).toMatchObject({ domid: 1, shutdownReason: undefined, isPaused: false })
  expect(xl(machine, 'restore /root/tiny', 1)).toContain('"tiny" already exists')
})

afterEach(() => setLogDirty(false))

/** A hypervisor with shadow paging can follow what guests write; distributions build it without. */
function setLogDirty(can: boolean): void {
  ;(ABI_4_17 as { logDirty: boolean }).logDirty = can
}

it.each([
  { can: false, here: ['tiny 128'], there: [] },
  { can: true, here: [], there: ['tiny 128'] },
])('a guest migrates where its writes can be followed: $can', ({ can, here, there }) => {
  const machine = host('xen-4.20')
  const { peer } = machine
  xl(machine, 'create tiny')
  machine.run(2 * SECOND)
  setLogDirty(can)
  const said = xl(machine, `migrate tiny ${peer.host.name}`, can ? 0 : 1)
  expect(said).toContain(can ? 'Migration successful.' : 'Migration failed, failed to suspend')
  machine.run(2 * SECOND)
  expect(guests(machine)).toEqual(here)
  expect(guests(peer)).toEqual(there)
  const running = [...machine.world.domains().slice(1), ...peer.world.domains().slice(1)]
  expect(running).toHaveLength(1)
  expect(running[0]).toMatchObject({ isPaused: false, shutdownReason: undefined })
  expect(peer.processes.areIdle && machine.processes.areIdle).toBe(true)
})

const extents = (calls: readonly Operation[]) =>
  calls
    .filter(({ call }) => call === 'memory_op:populate_physmap')
    .map(({ args }) => [Number(args['nr_extents']), Number(args['extent_order'])])

it.each([
  { memory: 128, calls: [[64, 9]] },
  {
    memory: 129,
    calls: [
      [64, 9],
      [256, 0],
    ],
  },
  {
    memory: 1536,
    calls: [
      [512, 9],
      [256, 9],
    ],
  },
  {
    memory: 2048,
    calls: [
      [512, 9],
      [512, 9],
    ],
  },
])('a guest of $memory MiB is populated in $calls.length calls', ({ memory, calls }) => {
  const machine = host('xen-4.17')
  const made = simulated(machine, () => xl(machine, `create tiny memory=${memory}`))
  expect(extents(made)).toEqual(calls)
})

it('the recorded guest has its parts where the recorded frames say', () => {
  expect(layoutOf({ pages: 32_768, kernelPages: 14_848, ramdiskPages: 485 })).toEqual({
    kernel: 0x1000,
    startInfo: 0x4a00,
    xenstore: 0x4a01,
    console: 0x4a02,
    tables: 0x4a03,
    tablePages: 41,
    ramdisk: 0x4c00,
    p2m: 0x4de5,
    p2mPages: 64,
    p2mTables: 3,
    end: 0x4e28,
  })
})
