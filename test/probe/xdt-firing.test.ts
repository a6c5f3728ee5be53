import { describe, expect, it } from 'vitest'
import { createTraceFirer } from '../../src/dtrace/probe/fire-trace.js'
import { type FiringBatch, vcpuThread } from '../../src/dtrace/probe/firing.js'
import type { RowFirer } from '../../src/dtrace/probe/row-firer.js'
import { XDT_PROBES } from '../../src/dtrace/probe/xdt-probes.js'
import { DOM0_MARK } from '../../src/machine/observation.js'
import { batchOf, recordOf, type TestRow } from './trace-record.js'

const ALL = new Set<number>(XDT_PROBES.map((p) => p.id))
const IDLE = 32767

const idOf = (name: string): number => {
  const [module, probe] = name.split('::')
  const found = XDT_PROBES.find((p) => p.module === module && p.name === probe)
  if (found === undefined) throw new Error(`no probe ${name}`)
  return found.id
}

/** One firing as people read it; an argument that was not recorded is '?'. */
interface Fired {
  readonly probe: string
  readonly vcpu: string
  readonly args: readonly (bigint | '?')[]
}

const firingsOf = (out: FiringBatch): readonly Fired[] =>
  Array.from({ length: out.length }, (_, i) => {
    const probe = XDT_PROBES.find((p) => p.id === out.probe[i])
    if (probe === undefined) throw new Error(`firing ${i} has no probe`)
    const unknown = out.unknown[i] ?? 0
    return {
      probe: `${probe.module}::${probe.name}`,
      vcpu: `d${out.domid[i]}v${out.vcpu[i]}`,
      args: probe.args.map((_, n) => ((unknown >> n) & 1 ? '?' : (out.args[n]?.[i] ?? '?'))),
    }
  })

const fire = (rows: readonly TestRow[], enabled: ReadonlySet<number> = ALL): readonly Fired[] =>
  firingsOf(createTraceFirer(enabled, { args: 0x3ff }).fire(batchOf(rows), ['']))

const only = (...names: readonly string[]): ReadonlySet<number> => new Set(names.map(idOf))

describe('a record fires its probe with its fields', () => {
  it.each([
    {
      hex: '0d1020b0 d0cc9a3b 00000000 14001001 05000000 03000000',
      probe: 'pv::hypercall',
      args: ['?', 20n, 5n, '?', 3n, '?', '?', '?', 0b101n],
    },
    {
      hex: '0d102090 f0ca9a3b 00000000 24000000',
      probe: 'pv::hypercall',
      args: ['?', 36n, '?', '?', '?', '?', '?', '?', 0n],
    },
    {
      hex: '0e2020a0 d4cd9a3b 00000000 1a004000 04000000',
      probe: 'pv::subcall',
      args: ['?', 26n, '?', 4n, '?', '?', '?', '?', 0b10n],
    },
    {
      hex: '031120b0 14cf9a3b 00000000 10000081 ffffffff 0d801000',
      probe: 'pv::trap',
      args: [BigInt.asIntN(64, 0xffffffff81000010n), 13n, 1n, 0x10n],
    },
    {
      hex: '041120d0 b0ce9a3b 00000000 00000081 ffffffff 78563412 007f0000 06000000',
      probe: 'pv::page-fault',
      args: [BigInt.asIntN(64, 0xffffffff81000000n), 0x7f0012345678n, 6n],
    },
    {
      hex: '0b1120e0 78cf9a3b 00000000 67604523 01000080 00100000 8088ffff 20000081 ffffffff',
      probe: 'pv::pte-write-emul',
      args: [0x8000000123456067n, 0xffff888000001000n, 0xffffffff81000020n].map((v) =>
        BigInt.asIntN(64, v),
      ),
    },
    {
      hex: '0c200830 01040000 90000100 4000008c',
      probe: 'hvm::msr-read',
      args: [0x401n, BigInt.asIntN(64, 0x8c00004000010090n)],
    },
    {
      hex: '01210830 02000000 78563412 0088ffff',
      probe: 'hvm::pagefault-xen',
      args: [2n, BigInt.asIntN(64, 0xffff880012345678n)],
    },
    {
      hex: '11120290 0aca9a3b 00000000 00000300',
      probe: 'sched::runstate-change',
      args: [3n, 0n, 2n, 1n],
    },
    {
      hex: '04f01060 00010000 00000000 00020000 00000000 00000000 05000900',
      probe: 'mem::set-p2m',
      args: [5n, 0x100n, 0x200n, 0n, 9n],
    },
    {
      hex: '01100490 2ccb9a3b 00000000 05000000',
      probe: 'dom0op::domain-create',
      args: [5n],
    },
  ])('$probe $args', ({ hex, probe, args }) => {
    expect(fire([recordOf(hex)])).toEqual([{ probe, vcpu: 'd0v0', args }])
  })

  it.each([
    {
      name: 'a 32-bit trap',
      code: 0x201003,
      words: [0xc0100000, 13],
      args: [0xc0100000n, 13n, 0n, 0n],
    },
    {
      name: 'a hypercall before Xen 4.3',
      code: 0x201101,
      words: [0x1000, 1, 32],
      args: [0x1_0000_1000n, 32n],
    },
    {
      name: 'that, numbered as then',
      code: 0x20f101,
      words: [0x1000, 1, 32],
      args: [0x1_0000_1000n, 32n],
    },
    {
      name: 'a 32-bit page table write',
      code: 0x20100c,
      words: [0x67, 1, 0x8000, 0x9000],
      args: [0x1_0000_0067n, 0x8000n, 0x9000n],
    },
    {
      name: 'a cr-write, not a cr-read',
      code: 0x82109,
      words: [3, 0x1000, 0],
      args: [3n, 0x1000n],
    },
    { name: 'an interrupt of unknown vector', code: 0x8200f, words: [], args: ['?'] },
    { name: 'an interrupt on VMX', code: 0x8200f, words: [0xf3], args: [0xf3n] },
    {
      name: 'I/O without count or size',
      code: 0x82216,
      words: [0x3f8, 65],
      args: [0x3f8n, '?', '?', 65n],
    },
    { name: 'I/O through memory', code: 0x82016, words: [0x3f8], args: [0x3f8n, '?', '?', '?'] },
    {
      name: 'a pending vector or -1',
      code: 0x82020,
      words: [3, 0, 0xffffffff],
      args: [3n, 0n, -1n],
    },
    { name: 'a nested exit', code: 0x81502, words: [12, 5, 6], args: [12n, 0x6_0000_0005n, 1n] },
    { name: 'a domain without a vcpu', code: 0x28001, words: [4], args: [4n, '?'] },
    {
      name: 'negative credit',
      code: 0x22203,
      words: [0x10002, -9 >>> 0, 0, 7],
      args: [1n, 2n, -9n, 0n, 7n],
    },
    { name: 'a record cut short', code: 0x201104, words: [1, 0, 2], args: [1n, '?', '?'] },
  ])('$name', ({ code, words, args }) => {
    const [fired] = fire([{ code, words }])
    expect(fired?.args.slice(0, args.length)).toEqual(args)
  })

  it('a record of no table fires trace::unnamed, words and all', () => {
    expect(fire([{ code: 0x800f123, words: [7, 8] }])).toEqual([
      {
        probe: 'trace::unnamed',
        vcpu: 'd0v0',
        args: [0x800f123n, 2n, 7n, 8n, '?', '?', '?', '?', '?'],
      },
    ])
  })

  it('lost records tell the pcpu they were lost on', () => {
    const lost = recordOf('01f001c0 28ed9a3b 00000000 07000000 03000000 b8d59a3b 00000000')
    expect(fire([{ ...lost, pcpu: 5 }])[0]?.args).toEqual([5n, 7n, 3n, 0n, 1_000_003_000n])
  })
})

describe('a context switch', () => {
  const prev = (domid: number, vcpu: number, ranNs: number): TestRow => ({
    code: 0x2800e,
    words: [domid, vcpu, ranNs],
  })
  const next = (domid: number, vcpu: number, waitedNs: number, sliceNs: number): TestRow => ({
    code: 0x2800f,
    words: [domid, vcpu, waitedNs, sliceNs],
  })
  const change = (...words: readonly number[]): TestRow => ({ code: 0x2800a, words, domid: 9 })

  it('fires off-cpu, then on-cpu, each in its own context, with the times told before', () => {
    expect(fire([prev(1, 2, 500), next(3, 4, 60, 7000), change(1, 2, 3, 4)])).toEqual([
      { probe: 'sched::off-cpu', vcpu: 'd1v2', args: [1n, 2n, 500n, 3n, 4n] },
      { probe: 'sched::on-cpu', vcpu: 'd3v4', args: [3n, 4n, 60n, 7000n, 1n, 2n] },
    ])
  })

  it('is idle-on-cpu and idle-off-cpu when the idle domain comes or goes', () => {
    const names = (rows: readonly TestRow[]): readonly string[] => fire(rows).map((f) => f.probe)
    expect(names([change(1, 0, IDLE, 0)])).toEqual(['sched::off-cpu', 'sched::idle-on-cpu'])
    expect(names([change(IDLE, 0, 1, 0)])).toEqual(['sched::idle-off-cpu', 'sched::on-cpu'])
  })

  it('does not know times that were not told', () => {
    const [off, on] = fire([change(1, 0, 2, 0)])
    expect(off?.args[2]).toBe('?')
    expect(on?.args.slice(2, 4)).toEqual(['?', '?'])
  })

  it.each([
    { why: 'told on another pcpu', told: { ...prev(1, 0, 500), pcpu: 1 } },
    { why: 'told of another vcpu', told: prev(1, 7, 500) },
    { why: 'told of another domain', told: prev(2, 0, 500) },
  ])('does not believe what was $why', ({ told }) => {
    expect(fire([told, change(1, 0, 2, 0)])[0]?.args[2]).toBe('?')
  })

  it('uses what was told once only', () => {
    const fired = fire([prev(1, 0, 500), change(1, 0, 2, 0), change(1, 0, 2, 0)])
    expect(fired.map((f) => f.args[2])).toEqual([500n, '?', '?', '?'])
  })

  it('understands older records that name only the domain', () => {
    const rows = [
      { code: 0x2800e, words: [1, 500] },
      { code: 0x2800f, words: [2, 60, 7000] },
    ]
    const [off, on] = fire([...rows, change(1, 3, 2, 4)])
    expect(off?.args[2]).toBe(500n)
    expect(on?.args.slice(2, 4)).toEqual([60n, 7000n])
  })

  it('fires only what is enabled', () => {
    const rows = [prev(1, 2, 500), next(3, 4, 60, 7000), change(1, 2, 3, 4)]
    expect(fire(rows, only('sched::on-cpu')).map((f) => f.probe)).toEqual(['sched::on-cpu'])
    expect(fire(rows, only('sched::idle-on-cpu'))).toEqual([])
  })

  it('is nothing when the record is cut', () => {
    expect(fire([change(1, 2, 3)])).toEqual([])
  })
})

it.each([
  [0, 'sched::shutdown-poweroff'],
  [1, 'sched::shutdown-reboot'],
  [2, 'sched::shutdown-suspend'],
  [3, 'sched::shutdown-crash'],
  [4, 'sched::shutdown-watchdog'],
  [5, 'sched::shutdown-soft-reset'],
  [255, 'sched::shutdown-other'],
])('shutdown reason %i fires %s alone', (reason, probe) => {
  const row = { code: 0x28007, words: [4, 0, reason] }
  expect(fire([row])).toEqual([{ probe, vcpu: 'd0v0', args: [4n, 0n, BigInt(reason)] }])
  expect(fire([row], only(probe)).map((f) => f.probe)).toEqual([probe])
  const others = new Set([...ALL].filter((id) => id !== idOf(probe)))
  expect(fire([row], others)).toEqual([])
})

it('columns: cpu is the pcpu, tid the vcpu, no process', () => {
  const rows = [{ code: 0x28004, words: [3, 1], ticks: 77, pcpu: 6, domid: 2, vcpu: 5 }]
  const out = createTraceFirer(ALL, { args: 0 }).fire(batchOf(rows), [''])
  const row = [out.ticks, out.pcpu, out.cpu, out.domid, out.vcpu, out.pid, out.execname]
  expect(row.map((column) => column[0])).toEqual([77, 6, 6, 2, 5, 0, 0])
  expect(out.tid[0]).toBe(vcpuThread(2, 5))
})

it('a vcpu that begins to run does so in its own context', () => {
  const begins = recordOf('01110290 14ca9a3b 00000000 00000300')
  expect(fire([{ ...begins, domid: 0x8000, vcpu: 0xffff }])[0]?.vcpu).toBe('d3v0')
})

it('keeps every row when one batch fires more than it has rows', () => {
  const rows = Array.from({ length: 500 }, (_, i) => ({ code: 0x2800a, words: [1, i, 2, i] }))
  const fired = fire(rows)
  expect(fired).toHaveLength(1000)
  expect(fired.map((f) => f.args[1])).toEqual(rows.flatMap((_, i) => [BigInt(i), BigInt(i)]))
})

describe('wants', () => {
  const wanted = (names: readonly string[], args = 0, contexts = false): readonly string[] => {
    const firer = createTraceFirer(only(...names), { args }, { contexts })
    const codes = [0x2800a, 0x2800e, 0x2800f, 0x21101, 0x21011, 0x21002, 0x28004, 0x20100d, 0x1f001]
    return codes.filter((code) => firer.wants(code)).map((code) => code.toString(16))
  }
  it.each([
    { names: ['sched::wake'], args: 3, codes: ['28004'] },
    { names: ['pv::hypercall'], args: 0, codes: ['20100d'] },
    { names: ['sched::off-cpu'], args: 3, codes: ['2800a'] },
    { names: ['sched::off-cpu'], args: 4, codes: ['2800a', '2800e'] },
    { names: ['sched::idle-on-cpu'], args: 8, codes: ['2800a', '2800f'] },
    { names: ['sched::runstate-change'], args: 0, codes: ['21101', '21011'] },
    { names: ['trace::unnamed'], args: 0, codes: [] },
    { names: [], args: 0, codes: [] },
  ])('$names reading args $args wants $codes', ({ names, args, codes }) => {
    expect(wanted(names, args)).toEqual(codes)
  })

  it('wants what tells contexts when somebody asks for them', () => {
    expect(wanted([], 0, true)).toEqual(['2800a', '21101', '21002'])
  })

  it('wants unknown codes only for trace::unnamed', () => {
    expect(createTraceFirer(only('trace::unnamed'), { args: 0 }).wants(0x800f123)).toBe(true)
    expect(createTraceFirer(only('sched::wake'), { args: 0 }).wants(0x800f123)).toBe(false)
  })
})

describe('contexts', () => {
  const contextsAfter = (rows: readonly TestRow[]): readonly string[] => {
    const firer = createTraceFirer(new Set(), { args: 0 }, { contexts: true })
    firer.fire(batchOf(rows), [''])
    return firer.contexts().map((c) => `p${c.pcpu} d${c.domid}v${c.vcpu}`)
  }
  const switches = [
    { code: 0x2800a, words: [IDLE, 1, 0, 1], pcpu: 1 },
    { code: 0x2800a, words: [IDLE, 0, 3, 0], pcpu: 0 },
    { code: 0x2800a, words: [0, 1, IDLE, 1], pcpu: 1 },
  ]

  it.each([
    { after: 0, contexts: [] },
    { after: 1, contexts: ['p1 d0v1'] },
    { after: 2, contexts: ['p0 d3v0', 'p1 d0v1'] },
    { after: 3, contexts: ['p0 d3v0', 'p1 d32767v1'] },
  ])('after $after switches: $contexts', ({ after, contexts }) => {
    expect(contextsAfter(switches.slice(0, after))).toEqual(contexts)
  })

  it('are not misled by the columns of records between those of one switch', () => {
    const rows = [
      { code: 0x2800a, words: [0, 1, 3, 0], domid: 0, vcpu: 1 },
      { code: 0x21021, words: [0x0000_0001], domid: 0, vcpu: 1 },
      { code: 0x21101, words: [0x0003_0000], domid: 0x8000, vcpu: 0xffff },
    ]
    for (const count of [1, 2, 3]) expect(contextsAfter(rows.slice(0, count))).toEqual(['p0 d3v0'])
  })

  it('last from batch to batch', () => {
    const firer = createTraceFirer(new Set(), { args: 0 }, { contexts: true })
    firer.fire(batchOf([{ code: 0x21002, words: [0x0001_0002], pcpu: 1 }]), [''])
    firer.fire(batchOf([{ code: 0x20100d, words: [1], domid: 4 }]), [''])
    expect(firer.contexts()).toEqual([
      { pcpu: 0, domid: 4, vcpu: 0 },
      { pcpu: 1, domid: 1, vcpu: 2 },
    ])
  })
})

it('hands rows of dom0 to their own firer, in order', () => {
  const dom0: RowFirer = {
    wants: (code) => code === DOM0_MARK,
    fireRow: (_batch, _i, _strings, out) => {
      out.probe[out.length] = 1234
      out.pid[out.length] = 42
      out.execname[out.length] = 1
      out.length += 1
    },
  }
  const firer = createTraceFirer(ALL, { args: 0 }, { dom0 })
  const wake = { code: 0x28004, words: [1, 0] }
  const mark = { code: DOM0_MARK, words: [] }
  const out = firer.fire(batchOf([wake, mark, wake]), ['', 'xl'])
  expect([...out.probe.subarray(0, out.length)]).toEqual([7007, 1234, 7007])
  expect(firer.wants(DOM0_MARK)).toBe(true)
  const again = firer.fire(batchOf([wake, wake, wake]), ['', 'xl'])
  expect([...again.pid.subarray(0, 3), ...again.execname.subarray(0, 3)]).toEqual([
    0, 0, 0, 0, 0, 0,
  ])
})
