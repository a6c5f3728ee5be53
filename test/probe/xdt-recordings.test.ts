// What xenalyze 4.17 says of real recordings, and what the probes of xdt say: the same.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { createTraceFirer } from '../../src/dtrace/probe/fire-trace.js'
import { XDT_PROBES } from '../../src/dtrace/probe/xdt-probes.js'
import { bytesSource } from '../../src/trace/byte-source.js'
import { openXentrace } from '../../src/trace/xentrace/xentrace-file.js'

const ROOT = join(import.meta.dirname, '../..')
const NAMES = new Map<number, string>(XDT_PROBES.map((p) => [p.id, `${p.module}::${p.name}`]))

// Records of each kind in xenalyze's dump; its hypercalls without the subcalls it counts among
// them.
const RECORDINGS = [
  { name: 'idle', path: 'idle/idle.xt', hypercalls: 430, faults: 1, switches: 126 },
  { name: 'load', path: 'load/load.xt', hypercalls: 12528, faults: 1577, switches: 691 },
  { name: 'create', path: 'xl-create/create.xt', hypercalls: 70647, faults: 24963, switches: 2405 },
  { name: 'sched', path: 'contended/sched.xt', hypercalls: 0, faults: 0, switches: 11324 },
]

interface Firing {
  readonly probe: string
  readonly vcpu: string
  readonly unknown: number
  readonly args: readonly bigint[]
}

/** Every firing of a recording, in order, with its first four arguments. */
function firingsOf(path: string): readonly Firing[] {
  const bytes = readFileSync(join(ROOT, 'examples/recordings', path))
  const stream = openXentrace(bytesSource(path, bytes)).observe()
  const firer = createTraceFirer(new Set(NAMES.keys()), { args: 0b1111 })
  const firings: Firing[] = []
  for (let batch = stream.next(); batch !== undefined; batch = stream.next()) {
    const out = firer.fire(batch, stream.strings)
    for (let i = 0; i < out.length; i++) {
      firings.push({
        probe: NAMES.get(out.probe[i] ?? 0) ?? '?',
        vcpu: `d${out.domid[i]}v${out.vcpu[i]}`,
        unknown: out.unknown[i] ?? 0,
        args: [0, 1, 2, 3].map((n) => out.args[n]?.[i] ?? 0n),
      })
    }
  }
  stream.close()
  return firings
}

/** How often each text occurs. */
function counts(texts: readonly string[]): Record<string, number> {
  const found: Record<string, number> = {}
  for (const text of texts) found[text] = (found[text] ?? 0) + 1
  return found
}

/** xenalyze prints nanoseconds as whole microseconds, a dot, and the rest without leading zeros. */
function nanoseconds(text: string | undefined): bigint {
  const [whole = '0', rest = '0'] = (text ?? '0').split('.')
  return BigInt(whole) * 1000n + BigInt(rest)
}

const STATES = ['running', 'runnable', 'blocked', 'offline']

/** Counts that xenalyze's summary gives for each vcpu: hypercalls by number, faults, page table
 *  writes. */
function summaryOf(name: string): Record<string, number> {
  const text = readFileSync(join(ROOT, `test/oracle/${name}.summary.txt`), 'utf8')
  const found: Record<string, number> = {}
  let domain = ''
  let vcpu = ''
  for (const line of text.split('\n')) {
    domain = /^\|-- Domain (\d+) --\|/.exec(line)?.[1] ?? domain
    vcpu = /^-- v(\d+) --/.exec(line)?.[1] ?? vcpu
    const call = /^ {4}\S+ +\[ ?(\d+)\]: +(\d+)/.exec(line)
    const other = /^ {2}(page_fault|ptwr|hypercall \(subcall\)) +(\d+)$/.exec(line)
    const [, what, count] = call ?? other ?? []
    if (what !== undefined) found[`d${domain}v${vcpu} ${what}`] = Number(count)
  }
  return found
}

/** The same, from firings. xenalyze counts a subcall also under its own number. */
function summaryFrom(firings: readonly Firing[]): Record<string, number> {
  const lines: string[] = []
  for (const { probe, vcpu, args } of firings) {
    if (vcpu.startsWith('d32768')) continue
    if (probe === 'pv::hypercall' || probe === 'pv::subcall') lines.push(`${vcpu} ${args[1]}`)
    if (probe === 'pv::subcall') lines.push(`${vcpu} hypercall (subcall)`)
    if (probe === 'pv::page-fault') lines.push(`${vcpu} page_fault`)
    if (probe === 'pv::pte-write-emul') lines.push(`${vcpu} ptwr`)
  }
  return counts(lines)
}

describe.each(RECORDINGS)('$name', ({ name, path, hypercalls, faults, switches }) => {
  let firings: readonly Firing[] = []
  let dump: readonly string[] = []
  const of = (...probes: readonly string[]): readonly Firing[] =>
    firings.filter((f) => probes.includes(f.probe))
  const said = (pattern: RegExp): readonly RegExpExecArray[] =>
    dump.map((line) => pattern.exec(line)).filter((found) => found !== null)

  beforeAll(() => {
    firings = firingsOf(path)
    const packed = readFileSync(join(ROOT, `test/oracle/${name}.dump-all.txt.gz`))
    dump = gunzipSync(packed).toString('utf8').split('\n')
  })

  it(`${hypercalls} hypercalls, ${faults} page faults, ${switches} switches`, () => {
    expect(of('pv::hypercall')).toHaveLength(hypercalls)
    expect(of('pv::page-fault')).toHaveLength(faults)
    expect(of('sched::on-cpu', 'sched::idle-on-cpu')).toHaveLength(switches)
  })

  it('hypercalls by number, page faults and page table writes of each vcpu', () => {
    expect(summaryFrom(firings)).toEqual(summaryOf(name))
  })

  it('wakes, blocks and sleeps of each vcpu, in order', () => {
    const lines = said(/ vcpu_(wake|block|sleep) (d\d+v\d+)/).map(
      ([, what, who]) => `${what} ${who}`,
    )
    const fired = of('sched::wake', 'sched::block', 'sched::sleep')
    expect(fired.map((f) => `${f.probe.slice(7)} d${f.args[0]}v${f.args[1]}`)).toEqual(lines)
  })

  it('runstate changes, in order', () => {
    const lines = said(/ runstate_change (d\d+v\d+) (\w+->\w+)/).map(
      ([, who, how]) => `${who} ${how}`,
    )
    const fired = of('sched::runstate-change').map(({ args }) => {
      return `d${args[0]}v${args[1]} ${STATES[Number(args[2])]}->${STATES[Number(args[3])]}`
    })
    expect(fired).toEqual(lines)
  })

  it('switches: who goes after how long, who comes after what wait, with what slice', () => {
    const times = '(?:, was runnable for ([\\d.]+)us)?(?:, next slice ([\\d.]+)us)?'
    const prev = said(/ sched_switch prev (d\d+v\d+), run for ([\d.]+)us/)
    const next = said(new RegExp(` sched_switch next (d\\d+v\\d+)${times}`))
    const off = of('sched::off-cpu', 'sched::idle-off-cpu')
    const on = of('sched::on-cpu', 'sched::idle-on-cpu')
    expect(off.every((f) => (f.unknown & 0b111) === 0)).toBe(true)
    expect(on.every((f) => (f.unknown & 0b1111) === 0)).toBe(true)
    expect(off.map((f) => [f.vcpu, f.args[2]])).toEqual(
      prev.map(([, who, ran]) => [who, nanoseconds(ran)]),
    )
    expect(on.map((f) => [f.vcpu, f.args[2]])).toEqual(
      next.map(([, who, waited]) => [who, nanoseconds(waited)]),
    )
    const slices = on.map((f) => BigInt.asIntN(32, f.args[3] ?? 0n))
    expect(slices.map((slice) => (slice > 0n ? slice : 0n))).toEqual(
      next.map(([, , , slice]) => nanoseconds(slice)),
    )
  })

  it('idle names are for the idle domain alone', () => {
    expect(of('sched::off-cpu', 'sched::on-cpu').every((f) => f.args[0] !== 32767n)).toBe(true)
    const idle = of('sched::idle-off-cpu', 'sched::idle-on-cpu')
    expect(idle.every((f) => f.args[0] === 32767n)).toBe(true)
  })

  it('no record is without a name', () => expect(of('trace::unnamed')).toEqual([]))

  it('lost records are told as often as xenalyze finds them', () => {
    const lines = said(/ lost_records count (\d+)/).map(([, count]) => BigInt(count ?? 0))
    expect(of('trace::records-lost').map((f) => f.args[1])).toEqual(lines)
  })
})
