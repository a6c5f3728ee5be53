import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { callShape } from '../../../src/machine/hypercall.js'
import { CALL_NONE } from '../../../src/machine/observation.js'
import { openFtraceText } from '../../../src/trace/ftrace/ftrace.js'
import { captureText, type Row, rowsOf, textSource } from './captures.js'

const RECORDINGS = ['xl-create', 'xl-save-restore', 'xl-migrate', 'fma-ops']
const observe = (text: string): Row[] => rowsOf(openFtraceText(textSource(text)).observe())
const entries = (rows: readonly Row[]) => rows.filter((row) => row.kind === 'entry')

/** How often each value of a field occurs in the lines of one probe: grep | sort | uniq -c. */
function tally(text: string, probe: string, field: string): Map<number, number> {
  const counts = new Map<number, number>()
  for (const [, value] of text.matchAll(new RegExp(` ${probe}: .* ${field}=(\\d+)`, 'g'))) {
    counts.set(Number(value), (counts.get(Number(value)) ?? 0) + 1)
  }
  return counts
}

const nameOf = (op: number, subop: number) => callShape({ ioctl: CALL_NONE, op, subop }).function

const count = (rows: readonly Row[], call: string) => rows.filter((row) => row.call === call).length

it.each(RECORDINGS)('%s: every call has its entry and its return, as grep counts them', (name) => {
  const text = captureText(name)
  const file = openFtraceText(textSource(text)).observe()
  const rows = rowsOf(file)
  const calls = entries(rows)
  const returns = text.match(/ ioctl_ret: /g)?.length
  expect(calls).toHaveLength(returns ?? 0)
  expect(rows.filter((row) => row.kind === 'return')).toHaveLength(returns ?? 0)
  expect(file.counts).toEqual({ unreturned: 0, unmatchedReturns: 0, skipped: 0 })
  expect(file.loss).toMatchObject({ gaps: 0, bytes: 0, records: 0 })
})

it.each(
  RECORDINGS.flatMap((recording) => [
    { recording, probe: 'domctl', field: 'dcmd', op: 36, module: 'domctl' },
    { recording, probe: 'sysctl', field: 'scmd', op: 35, module: 'sysctl' },
    { recording, probe: 'memory_op', field: 'mcmd', op: 12, module: 'memory_op' },
    { recording, probe: 'evtchn_op', field: 'ecmd', op: 32, module: 'event_channel_op' },
    { recording, probe: 'xenver', field: 'vcmd', op: 17, module: 'xen_version' },
    { recording, probe: 'mmuext_op', field: 'xcmd', op: 26, module: 'mmuext_op' },
    { recording, probe: 'mca', field: 'mcmd', op: 48, module: 'mca' },
  ]),
)('$recording: $module is counted as grep counts $probe lines', (the) => {
  const text = captureText(the.recording)
  const calls = entries(observe(text))
  const expected = [...tally(text, the.probe, the.field)]
  for (const [subop, times] of expected) {
    expect(count(calls, `${the.module}:${nameOf(the.op, subop)}`)).toBe(times)
  }
  const all = calls.filter((row) => row.call.startsWith(`${the.module}:`))
  expect(all).toHaveLength(expected.reduce((sum, [, times]) => sum + times, 0))
})

it('opens, maps and other drivers are seen too', () => {
  const text = captureText('xl-create')
  const devices = observe(text).filter((row) => row.kind === 'device')
  const lines = (probe: string) => text.match(new RegExp(` ${probe}: `, 'g'))?.length ?? 0
  for (const probe of ['open', 'release', 'mmap', 'buf_mmap']) {
    expect(count(devices, `file:${probe}`)).toBe(lines(probe))
  }
  const modules = (module: string) => devices.filter((row) => row.call.startsWith(`${module}:`))
  expect(modules('evtchn')).toHaveLength(lines('evtchn_ioctl'))
  expect(modules('gntdev')).toHaveLength(lines('gntdev_ioctl'))
  expect(devices.find((row) => row.call === 'evtchn:bind_interdomain')?.args).toEqual({
    remote_domid: 3n,
    remote_port: 1n,
  })
})

it('xl create asks the hypervisor in the documented order (Xen 4.17, PV, 128 MB)', () => {
  const calls = creation().filter(({ call }) => SHAPING.test(call))
  expect(calls.map(({ call }) => call)).toEqual([
    'domctl:createdomain',
    'domctl:max_vcpus',
    'domctl:setvcpuaffinity',
    'domctl:setnodeaffinity',
    'domctl:max_mem',
    'event_channel_op:alloc_unbound',
    'event_channel_op:alloc_unbound',
    'memory_op:set_memory_map',
    'domctl:settscinfo',
    'domctl:set_cpu_policy',
    'domctl:set_address_size',
    'memory_op:claim_pages',
    'memory_op:populate_physmap',
    'memory_op:claim_pages',
    'ioctl:mmapbatch_v2',
    'ioctl:mmapbatch_v2',
    'ioctl:mmapbatch_v2',
    'ioctl:mmapbatch_v2',
    'ioctl:mmapbatch_v2',
    'ioctl:mmapbatch_v2',
    'ioctl:mmapbatch_v2',
    'mmuext_op:pin_l4_table',
    'ioctl:mmapbatch_v2',
    'domctl:setvcpucontext',
    'ioctl:mmap_resource',
    'domctl:scheduler_op',
    'domctl:scheduler_op',
    'domctl:unpausedomain',
  ])
})

it('the calls of the creation carry the documented arguments', () => {
  const calls = creation()
  const args = (call: string) => calls.filter((row) => row.call === call).map((row) => row.args)
  expect(args('domctl:createdomain')[0]).toMatchObject({ domid: 65535n, version: 0x15n })
  expect(args('domctl:max_mem')[0]).toMatchObject({ domid: 3n, u0: 0x20400n })
  expect(args('event_channel_op:alloc_unbound')).toEqual([
    { domid: 3n, remote_domid: 0n, addr: 0x7fb321e69010n },
    { domid: 3n, remote_domid: 0n, addr: 0x7fb321e69010n },
  ])
  expect(args('memory_op:set_memory_map')[0]).toEqual({
    domid: 3n,
    nr_entries: 1n,
    buffer: (0x7fb3n << 32n) | 568758288n,
    addr: 0x7fb321e6a010n,
  })
  expect(args('memory_op:claim_pages').map((claim) => claim.nr_extents)).toEqual([32768n, 0n])
  expect(args('memory_op:populate_physmap')).toEqual([
    {
      domid: 3n,
      nr_extents: 64n,
      extent_order: 9n,
      mem_flags: 0n,
      extent_start: 0x7fb321e69010n,
      addr: 0x7fb321e6a010n,
    },
  ])
  expect(args('ioctl:mmapbatch_v2').map((map) => map.num)).toEqual([
    14848n,
    1n,
    1n,
    41n,
    485n,
    67n,
    1n,
    1n,
  ])
  expect(args('mmuext_op:pin_l4_table')).toEqual([{ domid: 3n, count: 1n, addr: 0x7fb321e69010n }])
  expect(args('ioctl:mmap_resource')[0]).toMatchObject({ domid: 3n, type: 1n, num: 1n })
})

it('a memory_op is found inside its multicall, and its result is not made up', () => {
  const rows = observe(captureText('xl-create'))
  const memory = rows.filter((row) => row.call.startsWith('memory_op:'))
  expect(memory.length).toBeGreaterThan(0)
  for (const row of memory) expect(row).toMatchObject({ inMulticall: true, result: undefined })
  const others = rows.filter((row) => row.kind === 'return' && !row.inMulticall)
  for (const row of others) expect(row.result).toBeTypeOf('bigint')
})

it('results keep the sign of the hypervisor', () => {
  const migrate = observe(captureText('xl-migrate'))
  const shadow = migrate.filter((row) => row.call === 'domctl:shadow_op' && row.kind === 'return')
  expect(shadow.map((row) => row.result)).toEqual([-95n, -22n, -22n])
  const version = observe(captureText('xl-create')).find(
    (row) => row.call === 'xen_version:version' && row.kind === 'return',
  )
  expect(version?.result).toBe((4n << 16n) | 17n)
})

it('fault management operations are named, and marks say which command made them', () => {
  const rows = observe(captureText('fma-ops')).filter((row) => row.kind !== 'return')
  const between = (mark: string) => {
    const start = rows.findIndex((row) => row.kind === 'mark' && row.call === mark)
    const rest = rows.slice(start + 1)
    return rest.slice(
      0,
      rest.findIndex((row) => row.kind === 'mark'),
    )
  }
  expect(count(between('cpu-offline'), 'sysctl:cpu_hotplug')).toBe(1)
  expect(count(between('mem-offline'), 'sysctl:page_offline_op')).toBe(1)
  expect(between('mceinj').filter((row) => row.call.startsWith('mca:'))).toMatchObject([
    { call: 'mca:msrinject', args: { version: 0x1ecc003n } },
    { call: 'mca:mceinject' },
  ])
})

it('typed probes whose filter was off are not believed (trace-cmd)', () => {
  const report = gunzipSync(
    readFileSync(join(import.meta.dirname, 'xl-create.trace-cmd-report.txt.gz')),
  ).toString('utf8')
  const file = openFtraceText(textSource(report))
  expect(file.info).toMatchObject({ form: 'trace-cmd', vcpus: 2 })
  const calls = entries(rowsOf(file.observe()))
  const grep = (pattern: RegExp) => report.match(pattern)?.length ?? 0
  expect(calls).toHaveLength(grep(/ ioctl_ret: /g))
  for (const [op, module] of Object.entries({ 36: 'domctl', 35: 'sysctl', 17: 'xen_version' })) {
    const lines = grep(new RegExp(` hypercall: .* cmd=0x305000 op=${op} `, 'g'))
    expect(calls.filter((row) => row.call.startsWith(`${module}:`))).toHaveLength(lines)
  }
  expect(count(calls, 'ioctl:dm_op')).toBe(grep(/ other_ioctl: .* cmd=0x105005/g))
  const create = calls.find((row) => row.call === 'domctl:createdomain')
  expect(create).toMatchObject({ args: { domid: 65535n, version: 0x15n } })
  expect(calls.find((row) => row.call === 'memory_op:populate_physmap')).toMatchObject({
    inMulticall: true,
    args: { nr_extents: 64n, extent_order: 9n },
  })
})

/** What xl itself called between the marks of the creation, without what it only asked. */
function creation(): Row[] {
  const rows = observe(captureText('xl-create'))
  const at = (mark: string) => rows.findIndex((row) => row.kind === 'mark' && row.call === mark)
  return entries(rows.slice(at('create-begin'), at('create-end'))).filter(
    (row) => row.pid === 734 && row.call !== 'domctl:getdomaininfo',
  )
}

const SHAPING = /^(domctl|event_channel_op|mmuext_op|ioctl:mmap|memory_op:(set|claim|populate))/
