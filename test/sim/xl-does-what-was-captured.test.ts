// xl on a simulated Xen and xl on the recorded one: the same guest, the same commands, the same
// calls with the same arguments and results, process by process. What differs is in a table, with
// the reason; a row that is not needed fails.
import { expect, it } from 'vitest'
import { createSimulator, type SimMachine } from '../../src/backend/sim/sim-machine.js'
import { byProcess, line, type Operation, recorded, simulated } from './recorded-calls.js'

type Calls = readonly Operation[]

/** A known difference: where it is, why, and what is left of either side without it. */
interface Difference {
  readonly recordings: readonly string[]
  readonly reason: string
  readonly without: (calls: Calls) => Calls
}

const DIFFERENCES: Readonly<Record<string, Difference>> = {
  notifications: {
    recordings: ['xl-create'],
    reason:
      'xenstored and xenconsoled notify an event channel once a message, once a piece of console ' +
      'output: as often as clients ask and a guest prints, which is not modelled',
    without: (calls) => calls.filter(({ call }) => call !== 'evtchn:notify'),
  },
  framesAhead: {
    recordings: ['xl-save-restore'],
    reason:
      "a guest's page tables name frames that have not come yet; they are populated ahead of their " +
      'batch, which then is shorter. What a running guest has mapped is not modelled: its frames ' +
      'come with their batch',
    without: withoutFramesAhead,
  },
  pins: {
    recordings: ['xl-save-restore'],
    reason:
      'a restored guest has as many page-table roots as it ran processes; ours has the one of its ' +
      'kernel',
    without: (calls) =>
      calls.map((c) =>
        isHelper(c) && c.call === 'mmuext_op:pin_l4_table' ? { ...c, args: {} } : c,
      ),
  },
}

const isHelper = ({ execname }: Operation) => execname === 'libxl-save-help'
const isRestoring = (c: Operation | undefined) =>
  c !== undefined && isHelper(c) && c.call === 'memory_op:populate_physmap'

/** Batches without their lengths; what is populated between them is left out. */
function withoutFramesAhead(calls: Calls): Calls {
  const next = (i: number) => calls.slice(i + 1).find((c) => c.pid === calls[i]?.pid)
  return calls.flatMap((c, i) => {
    const isList = isHelper(c) && c.call === 'file:buf_mmap' && isRestoring(next(i))
    if (!isRestoring(c) && !isList) return [c]
    if (isRestoring(c) && next(i)?.call !== 'file:mmap') return []
    return [{ ...c, args: {} }]
  })
}

/** A host like the recorded one: as much address space, four pcpus, dom0 with two vcpus; the next
 *  domain gets the recorded id. */
function host(nextDomid: number, era = 'xen-4.17'): SimMachine {
  const size = { memoryMiB: 4096, dom0MemoryMiB: 1024, sockets: 1, coresPerSocket: 4 }
  const machine = createSimulator({ era, seed: 1, ...size })
  machine.hypervisor.rover = nextDomid - 1
  return machine
}

const doing = (machine: SimMachine, commands: readonly string[]) => () => {
  for (const words of commands) {
    expect(machine.command(words.split(' ')).status).toBe(words.startsWith('xl migrate') ? 1 : 0)
    machine.run(1_000_000_000)
  }
}

const LIFE = ['xl create tiny', 'xl pause tiny', 'xl unpause tiny', 'xl destroy tiny']
const SAVE = [
  'xl create tiny',
  'xl list',
  'xl save tiny tiny.save',
  'xl restore tiny.save',
  'xl list',
]

function session(recording: string): Calls {
  const machine = host(recording === 'xl-create' ? 3 : 4)
  if (recording === 'xl-create') return simulated(machine, doing(machine, LIFE))
  if (recording === 'xl-save-restore') return simulated(machine, doing(machine, SAVE))
  doing(machine, SAVE)()
  return simulated(machine, doing(machine, ['xl migrate tiny localhost', 'xl list']))
}

/** Each process as lines, those of one name together, in the order of their beginning. */
function lines(calls: Calls): readonly (readonly string[])[] {
  return byProcess(calls)
    .map(({ execname, calls: own }) => [execname, ...own.map(line)])
    .sort(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0))
}

const rowsOf = (recording: string) =>
  Object.entries(DIFFERENCES).filter(([, row]) => row.recordings.includes(recording))

function differs(recording: string, rows: readonly Difference[]): boolean {
  const strip = (calls: Calls) => rows.reduce((left, row) => row.without(left), calls)
  const sides = [recorded(recording), session(recording)].map((calls) => lines(strip(calls)))
  return JSON.stringify(sides[0]) !== JSON.stringify(sides[1])
}

it.each([
  { recording: 'xl-create', least: 250 },
  { recording: 'xl-save-restore', least: 700 },
  { recording: 'xl-migrate', least: 200 },
])('$recording: every process makes the recorded calls', ({ recording, least }) => {
  const strip = (calls: Calls) =>
    rowsOf(recording).reduce((left, [, row]) => row.without(left), calls)
  const theirs = strip(recorded(recording))
  expect(theirs.length).toBeGreaterThan(least)
  expect(lines(strip(session(recording)))).toEqual(lines(theirs))
})

it.each(
  Object.entries(DIFFERENCES).flatMap(([name, { recordings }]) =>
    recordings.map((recording) => ({ name, recording })),
  ),
)('$recording differs by $name', ({ name, recording }) => {
  const others = rowsOf(recording).filter(([other]) => other !== name)
  expect(
    differs(
      recording,
      others.map(([, row]) => row),
    ),
  ).toBe(true)
})

it('a restored guest gets all its frames, whichever come first', () => {
  const frames = (calls: Calls) =>
    calls.filter(isRestoring).reduce((sum, { args }) => sum + Number(args['nr_extents']), 0)
  expect(frames(recorded('xl-save-restore'))).toBe(32_768)
  expect(frames(session('xl-save-restore'))).toBe(32_768)
})

/** What causes what across processes: each call comes after the one before it. */
const CHAINS: readonly (readonly [recording: string, ...steps: readonly string[]])[] = [
  [
    'xl-create',
    'xl domctl:createdomain',
    'xenstored domctl:getdomaininfo',
    'xl domctl:max_vcpus',
    'xl domctl:scheduler_op',
    'xenstored gntdev:map_grant_ref',
    'xenstored evtchn:bind_interdomain',
    'xenconsoled domctl:getdomaininfo',
    'xenconsoled gntdev:map_grant_ref',
    'xenconsoled event_channel_op:status',
    'xl domctl:unpausedomain',
    'xl domctl:pausedomain',
    'xl domctl:destroydomain',
    'xenstored domctl:getdomaininfo',
    'xenstored evtchn:unbind',
    'xenstored gntdev:unmap_grant_ref',
    'xenconsoled gntdev:unmap_grant_ref',
    'xenstored domctl:getdomaininfo',
  ],
  [
    'xl-save-restore',
    'xl memory_op:get_vnumainfo',
    'libxl-save-help memory_op:machphys_mfn_list',
    'libxl-save-help domctl:get_cpu_policy',
    'xenstored domctl:getdomaininfo',
    'xl sysctl:getdomaininfolist',
    'libxl-save-help domctl:getpageframeinfo3',
    'libxl-save-help domctl:shadow_op',
    'xl domctl:destroydomain',
    'xl domctl:createdomain',
    'libxl-save-help memory_op:maximum_gpfn',
    'libxl-save-help mmuext_op:pin_l4_table',
    'xl domctl:scheduler_op',
    'xenstored gntdev:map_grant_ref',
    'xl domctl:unpausedomain',
  ],
]

it.each(CHAINS)('%s: one process waits for another as recorded', (recording, ...steps) => {
  for (const calls of [recorded(recording), session(recording)]) {
    const said = calls.map(({ execname, call }) => `${execname} ${call}`)
    let at = -1
    for (const step of steps) {
      const found = said.indexOf(step, at + 1)
      expect(found, step).toBeGreaterThan(at)
      at = found
    }
  }
})

it('xen-4.20: xl info and xl vcpu-pin make the recorded calls', () => {
  const machine = host(1, 'xen-4.20')
  const pins = ['xl vcpu-pin 0 1 2', 'xl vcpu-pin 0 1 all']
  const ours = simulated(machine, doing(machine, ['xl info', ...pins]))
  const theirs = recorded('fma-ops').filter(({ execname }) => execname === 'xl')
  const plain = (calls: Calls) =>
    lines(calls.map((c) => (c.call.startsWith('xen_version:') ? { ...c, result: undefined } : c)))
  expect(theirs.length).toBeGreaterThan(80)
  expect(plain(ours)).toEqual(plain(theirs))
})
