import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createDom0Firer } from '../../src/dtrace/probe/fire-dom0.js'
import { allocateFirings } from '../../src/dtrace/probe/firing.js'
import { PRIVCMD_PROBES } from '../../src/dtrace/probe/privcmd-probes.js'
import { XPV_PROBES } from '../../src/dtrace/probe/xpv-probes.js'
import {
  DOM0_CALL_ENTRY,
  DOM0_CALL_RETURN,
  DOM0_DEVICE_CALL,
  DOM0_MARK,
} from '../../src/machine/observation.js'
import { bytesSource } from '../../src/trace/byte-source.js'
import { openFtraceText } from '../../src/trace/ftrace/ftrace.js'

const RECORDINGS = join(import.meta.dirname, '../../examples/recordings')
const capture = (name: string) => readFileSync(join(RECORDINGS, name, 'privcmd.ftrace.txt'), 'utf8')
const BY_ID = new Map([...XPV_PROBES, ...PRIVCMD_PROBES].map((p): [number, typeof p] => [p.id, p]))
const XPV_IDS = XPV_PROBES.map((p): number => p.id)
const ALL = new Set(BY_ID.keys())

interface Fired {
  readonly name: string
  readonly function: string
  readonly cpu: number
  readonly pid: number
  readonly tid: number
  readonly execname: string
  readonly ns: bigint
  /** Undefined where it was not recorded. */
  readonly args: readonly (bigint | undefined)[]
}

/** Fires a capture; `args` says which arguments the program reads. */
function fire(text: string, enabled: ReadonlySet<number>, args = 0x3ff): Fired[] {
  const file = openFtraceText(bytesSource('capture', new TextEncoder().encode(text)))
  const firer = createDom0Firer(enabled, { args })
  const stream = file.observe((code) => firer.wants(code))
  const fired: Fired[] = []
  const out = allocateFirings(8)
  for (let batch = stream.next(); batch !== undefined; batch = stream.next()) {
    for (let i = 0; i < batch.length; i++) {
      out.length = 0
      for (const column of out.args) column.fill(-1n)
      out.unknown.fill(0xffff)
      firer.fireRow(batch, i, stream.strings, out)
      for (let n = 0; n < out.length; n++) {
        const probe = BY_ID.get(out.probe[n] ?? 0)
        fired.push({
          name: probe?.name ?? '',
          function: probe?.function ?? '',
          cpu: out.cpu[n] ?? -1,
          pid: out.pid[n] ?? -1,
          tid: out.tid[n] ?? -1,
          execname: out.strings[out.execname[n] ?? 0] ?? '',
          ns: file.info.clock.zero + BigInt(out.ticks[n] ?? 0),
          args: out.args.map((column, k) =>
            ((out.unknown[n] ?? 0) & (1 << k)) === 0 ? column[n] : undefined,
          ),
        })
      }
    }
  }
  return fired
}

const historic = (text: string) => fire(text, new Set(XPV_IDS))
const spec = ({ name, args }: Fired, count: number) => [name, ...args.slice(0, count)]

it('the creation of a domain fires the historic probes in the order of 2007 and after', () => {
  const names = historic(capture('xl-create'))
    .filter(({ pid }) => pid === 734)
    .map(({ name }) => name)
  expect(names).toEqual([
    'dom-create-start',
    'dom-create-end',
    ...Array(2).fill(['evtchn-op-start', 'evtchn-op-end']).flat(),
    'set-memory-map-start',
    'set-memory-map-end',
    'populate-physmap-start',
    'populate-physmap-end',
    ...Array(7).fill(['mmapbatch-start', 'mmapbatch-end']).flat(),
    'mmu-ext-op-start',
    'mmu-ext-op-end',
    'mmapbatch-start',
    'mmapbatch-end',
    'setvcpucontext-start',
    'setvcpucontext-end',
    'dom-unpause-start',
    'dom-unpause-end',
  ])
})

it('historic arguments are those of the capture; what it did not record is unknown', () => {
  const fired = historic(capture('xl-create')).filter(({ pid }) => pid === 734)
  const first = (name: string) => fired.find((f) => f.name === name)
  const args = (name: string, count: number) => first(name)?.args.slice(0, count)
  expect(args('dom-create-start', 1)).toEqual([0x7fb321e6a010n + 16n])
  expect(args('dom-create-end', 1)).toEqual([0n])
  expect(args('evtchn-op-start', 2)).toEqual([6n, 0x7fb321e69010n])
  expect(args('set-memory-map-start', 3)).toEqual([3n, 1n, (0x7fb3n << 32n) | 568758288n])
  expect(args('populate-physmap-start', 3)).toEqual([3n, 64n, 0x7fb321e69010n])
  expect(args('populate-physmap-end', 1)).toEqual([undefined])
  expect(args('mmapbatch-start', 3)).toEqual([3n, 14848n, 0x7fb319725000n])
  expect(args('mmapbatch-end', 3)).toEqual([0n, undefined, 0x7fb319725000n])
  expect(args('mmu-ext-op-start', 2)).toEqual([1n, 0x7fb321e69010n])
  expect(args('setvcpucontext-start', 2)).toEqual([3n, 0x7fb321835010n])
  expect(args('dom-unpause-start', 1)).toEqual([3n])
})

it('pause, unpause and destroy are seen with the domain they are about', () => {
  const fired = historic(capture('xl-create')).filter(({ name }) =>
    /^dom-(pause|unpause|destroy)-start$/.test(name),
  )
  expect(fired.map((f) => spec(f, 1))).toEqual([
    ['dom-unpause-start', 3n],
    ['dom-pause-start', 3n],
    ['dom-unpause-start', 3n],
    ['dom-pause-start', 3n],
    ['dom-destroy-start', 3n],
  ])
})

it('cpu is the dom0 vcpu, pid and tid the thread, execname the process, time the line', () => {
  const [create] = historic(capture('xl-create'))
  expect(create).toMatchObject({
    name: 'dom-create-start',
    function: 'privcmd_HYPERVISOR_domctl',
    cpu: 0,
    pid: 734,
    tid: 734,
    execname: 'xl',
    ns: 257415216000n,
  })
})

it('xpv fires before privcmd, and both say the same', () => {
  const fired = fire(capture('xl-create'), ALL)
  const at = fired.findIndex(({ name }) => name === 'dom-destroy-start')
  expect(fired.slice(at, at + 4).map((f) => [f.function, f.name, f.args[0]])).toEqual([
    ['privcmd_HYPERVISOR_domctl', 'dom-destroy-start', 3n],
    ['destroydomain', 'entry', 3n],
    ['privcmd_HYPERVISOR_domctl', 'dom-destroy-end', 0n],
    ['destroydomain', 'return', 0n],
  ])
})

it('privcmd counts every call as grep counts the lines', () => {
  for (const name of ['xl-create', 'xl-save-restore', 'xl-migrate', 'fma-ops']) {
    const text = capture(name)
    const fired = fire(text, ALL)
    const lines = (probe: string) => text.match(new RegExp(` ${probe}: `, 'g'))?.length ?? 0
    const named = (probe: string) => fired.filter((f) => f.name === probe).length
    expect(named('entry')).toBe(lines('ioctl_ret'))
    expect(named('return')).toBe(lines('ioctl_ret'))
    expect(named('mark')).toBe(lines('tracing_mark_write'))
    const devices = ['open', 'release', 'mmap', 'buf_mmap', 'evtchn_ioctl', 'gntdev_ioctl']
    expect(named('call')).toBe(devices.reduce((sum, probe) => sum + lines(probe), 0))
  }
})

it('a failed call keeps the sign of the hypervisor in both providers', () => {
  const fired = fire(capture('xl-migrate'), ALL)
  const shadow = fired.filter((f) => f.function === 'shadow_op' && f.name === 'return')
  expect(shadow.map((f) => f.args[0])).toEqual([-95n, -22n, -22n])
})

const HEAD = '# tracer: nop\n'
const at = (us: string, rest: string) => `  xl-7  [001] .....   1.${us}: ${rest}\n`

it.each([
  { linux: '0', solaris: 0n },
  { linux: '-14', solaris: 14n },
  { linux: '-22', solaris: 22n },
  { linux: '-95', solaris: 48n },
])('mmapbatch-end turns $linux into the Solaris errno $solaris', ({ linux, solaris }) => {
  const text =
    HEAD +
    at('000001', 'mmap_batch: (f) cmd=0x205004 num=9 dom=5 addr=0x7f0000000000 gfn0=0x1') +
    at('000002', `ioctl_ret: (f <- g) ret=${linux}`)
  expect(historic(text).map((f) => spec(f, 1))).toEqual([
    ['mmapbatch-start', 5n],
    ['mmapbatch-end', solaris],
  ])
})

it('the old mmap ioctl fires mmap-start and mmap-end; its entries were not recorded', () => {
  const text =
    HEAD +
    at('000001', 'other_ioctl: (f) cmd=0x105002') +
    at('000002', 'ioctl_ret: (f <- g) ret=-22')
  expect(historic(text).map((f) => spec(f, 3))).toEqual([
    ['mmap-start', undefined, undefined, undefined],
    ['mmap-end', 22n, 0n, 0n],
  ])
})

it('an event channel command that Sun did not know fires no historic probe', () => {
  const line = (cmd: number) => at('000001', `evtchn_op: (f) cmd=0x305000 op=32 ecmd=${cmd} w0=0x1`)
  expect(historic(HEAD + line(10))).toHaveLength(1)
  expect(historic(HEAD + line(11))).toHaveLength(0)
})

it('only the arguments that a program reads are filled', () => {
  const [create] = fire(capture('xl-create'), new Set([8503]), 0b101)
  expect(create?.args.slice(0, 4)).toEqual([65535n, -1n, 0x473b9b91df47c50bn, -1n])
})

it('a firer wants the codes of its enabled probes, no others', () => {
  const wanted = (...ids: number[]) => {
    const firer = createDom0Firer(new Set(ids), { args: 0 })
    return [DOM0_CALL_ENTRY, DOM0_CALL_RETURN, DOM0_MARK, DOM0_DEVICE_CALL, 0x20100d].filter(
      (code) => firer.wants(code),
    )
  }
  expect(wanted()).toEqual([])
  expect(wanted(6314)).toEqual([DOM0_CALL_ENTRY])
  expect(wanted(6313)).toEqual([DOM0_CALL_RETURN])
  expect(wanted(8504, 8451)).toEqual([DOM0_CALL_RETURN, DOM0_MARK])
  expect(wanted(8401)).toEqual([DOM0_DEVICE_CALL])
  expect(wanted(6326, 1, 7001)).toEqual([])
})

it('a mark carries the text that a script wrote', () => {
  const text = capture('xl-create')
  const file = openFtraceText(bytesSource('capture', new TextEncoder().encode(text)))
  const marks = fire(text, new Set([8451]))
  const stream = file.observe((code) => code === DOM0_MARK)
  while (stream.next() !== undefined);
  expect(marks.map((f) => stream.strings[Number(f.args[0])])).toEqual([
    'create-begin',
    'create-end',
    'pause',
    'unpause',
    'destroy-begin',
    'destroy-end',
  ])
})
