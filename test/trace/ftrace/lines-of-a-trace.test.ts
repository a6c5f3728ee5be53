import { expect, it } from 'vitest'
import { openFtraceText } from '../../../src/trace/ftrace/ftrace.js'
import { parseFields, parseLostLine, parseTextLine } from '../../../src/trace/ftrace/text-line.js'
import { rowsOf, textSource } from './captures.js'

it.each([
  {
    name: 'tracefs, five flags',
    line: '              xl-734     [000] .N...   257.341992: other_ioctl: (f+0x0/0xbe0) cmd=0x50ff',
    is: { comm: 'xl', pid: 734, vcpu: 0, time: 257341992000n, name: 'other_ioctl' },
  },
  {
    name: 'a name with dashes and digits',
    line: ' libxl-save-help-888     [001] .....   325.259829: open: (f)',
    is: { comm: 'libxl-save-help', pid: 888, vcpu: 1, time: 325259829000n, name: 'open' },
  },
  {
    name: 'a name with blanks, and a thread group id',
    line: '   my tool [x]-12 -91   (     77) [013] d.h2.  0.000001: release: (f)',
    is: { comm: 'my tool [x]-12 ', pid: 91, vcpu: 13, time: 1000n, name: 'release' },
  },
  {
    name: 'a name the kernel forgot',
    line: '           <...>-9123    [003] d..1.  9007199.254741: open: (f)',
    is: { comm: '<...>', pid: 9123, vcpu: 3, time: 9007199254741000n, name: 'open' },
  },
  {
    name: 'trace-cmd, no flags',
    line: '              xl-989   [000]   367.159244: open:                 (ffffffffc040b360)',
    is: { comm: 'xl', pid: 989, vcpu: 0, time: 367159244000n, name: 'open' },
  },
  {
    name: 'trace-cmd report -t: nanoseconds',
    line: '              xl-989   [000]   367.159244123: open:   (ffffffffc040b360)',
    is: { comm: 'xl', time: 367159244123n, counter: false },
  },
  {
    name: 'a clock that counts cycles',
    line: '              xl-734     [000] ..... 668644939179: open: (f)',
    is: { comm: 'xl', time: 668644939179n, counter: true, name: 'open' },
  },
  {
    name: 'the function tracer',
    line: '            bash-1994    [000] ....   152.101061: sys_read <-system_call',
    is: { comm: 'bash', pid: 1994, name: undefined },
  },
])('$name', ({ line, is }) => expect(parseTextLine(line)).toMatchObject(is))

it.each([
  'xl-734 [000]',
  '',
  'CPU:1 [LOST 12 EVENTS]',
  '# tracer: nop',
  'xl-734 [000] ..... 257.: open:',
])('%j is no line of a trace', (line) => expect(parseTextLine(line)).toBeUndefined())

it.each([
  ['CPU:1 [LOST 12 EVENTS]', { vcpu: 1, records: 12 }],
  ['CPU:0 [LOST EVENTS]', { vcpu: 0, records: undefined }],
  ['          CPU:3 [7 EVENTS DROPPED]', { vcpu: 3, records: 7 }],
  ['CPU:3 [EVENTS]x', undefined],
] as const)('%s says what the kernel dropped', (line, lost) => {
  if (lost === undefined) expect(parseLostLine('CPU:3')).toBeUndefined()
  else expect(parseLostLine(line)).toEqual(lost)
})

it('fields are integers of 64 bits; a value that could not be fetched is absent', () => {
  const body = '(f+0x0/0x1) cmd=0x305000 ret=-25 big=18446744073709551615 name="x" at=(fault) n=3'
  expect([...parseFields(body)]).toEqual([
    ['cmd', 0x305000n],
    ['ret', -25n],
    ['big', 18446744073709551615n],
    ['n', 3n],
  ])
})

const HEAD = '# tracer: nop\n#\n'
const at = (us: string, rest: string, pid = 7) => `  xl-${pid}  [000] .....   1.${us}: ${rest}\n`
const CALL = '(f) cmd=0x305000 op=36'

it('lines of one thread are one call, in whatever order the probes print them', () => {
  const text =
    HEAD +
    at('000001', `hypercall: ${CALL} a0=0x10 a1=0x0 a2=0x0 a3=0x0 a4=0x0`) +
    at('000002', `hypercall: (f) cmd=0x305000 op=35 a0=0x20 a1=0x0 a2=0x0 a3=0x0 a4=0x0`, 8) +
    at('000003', `domctl: ${CALL} dcmd=3 iver=0x15 dom=5 u0=0x1 u1=0x2 u2=0x3`) +
    at('000004', 'ioctl_ret: (f <- g) ret=0', 8) +
    at('000005', 'ioctl_ret: (f <- g) ret=-3')
  const rows = rowsOf(openFtraceText(textSource(text)).observe())
  expect(rows.map((row) => [row.kind, row.call, row.ticks, row.result])).toEqual([
    ['entry', 'domctl:pausedomain', 0, undefined],
    ['entry', 'sysctl:sysctl', 1000, undefined],
    ['return', 'sysctl:sysctl', 3000, 0n],
    ['return', 'domctl:pausedomain', 4000, -3n],
  ])
  expect(rows[0]?.args).toEqual({ domid: 5n, u0: 1n, u1: 2n, u2: 3n, version: 0x15n, addr: 16n })
  expect(rows[1]?.args).toMatchObject({ a0: 0x20n, subop: undefined })
})

it('what no probe recorded is unknown', () => {
  const text = HEAD + at('000001', `domctl: ${CALL} dcmd=3 iver=0x15 dom=5`)
  const [row] = rowsOf(openFtraceText(textSource(text)).observe())
  expect(row?.args).toEqual({
    domid: 5n,
    u0: undefined,
    u1: undefined,
    u2: undefined,
    version: 0x15n,
    addr: undefined,
  })
})

it('nothing stands behind a null address, whatever was printed', () => {
  const text =
    HEAD +
    at('000001', `domctl: ${CALL} dcmd=3 iver=0x15 dom=5 u0=0x1 u1=0x2 u2=0x3`) +
    at('000002', `hypercall: ${CALL} a0=0x0 a1=0x0 a2=0x0 a3=0x0 a4=0x0`)
  const [row] = rowsOf(openFtraceText(textSource(text)).observe())
  expect(row?.args).toMatchObject({ domid: undefined, addr: 0n })
})

it('a multicall of several calls stays a multicall', () => {
  const text =
    HEAD +
    at('000001', 'multicall: (f) cmd=0x305000 op=13 ncalls=2 mop=12 m0=0x6 m1=0x99') +
    at('000002', 'ioctl_ret: (f <- g) ret=0')
  const rows = rowsOf(openFtraceText(textSource(text)).observe())
  expect(rows.map((row) => [row.call, row.inMulticall, row.result])).toEqual([
    ['multicall:multicall', false, undefined],
    ['multicall:multicall', false, 0n],
  ])
  expect(rows[0]?.args).toMatchObject({ count: 2n, op: 12n, op_a0: 6n, op_a1: 0x99n })
})

it('the rest of a memory_op command is a continuation, not the command', () => {
  const m0 = `0x${((5 << 6) | 6).toString(16)}`
  const text =
    HEAD + at('000001', `multicall: (f) cmd=0x305000 op=13 ncalls=1 mop=12 m0=${m0} m1=0x99`)
  const [row] = rowsOf(openFtraceText(textSource(text)).observe())
  expect(row).toMatchObject({ call: 'memory_op:populate_physmap', inMulticall: true })
})

it('a call without a return and a return without a call are counted', () => {
  const domctl = `domctl: ${CALL} dcmd=3 iver=0x15 dom=5`
  const text =
    HEAD +
    at('000001', 'ioctl_ret: (f <- g) ret=0') +
    at('000002', domctl) +
    at('000003', domctl) +
    at('000004', 'ioctl_ret: (f <- g) ret=0') +
    at('000005', domctl)
  const stream = openFtraceText(textSource(text)).observe()
  expect(rowsOf(stream).map((row) => row.kind)).toEqual(['entry', 'entry', 'return', 'entry'])
  expect(stream.counts).toEqual({ unreturned: 2, unmatchedReturns: 1, skipped: 0 })
})

it('after lost records a return is not given to a call that began before them', () => {
  const text =
    HEAD +
    at('000001', `domctl: ${CALL} dcmd=3 iver=0x15 dom=5`) +
    'CPU:0 [LOST 12 EVENTS]\n' +
    at('000009', 'ioctl_ret: (f <- g) ret=0')
  const stream = openFtraceText(textSource(text)).observe()
  expect(rowsOf(stream).map((row) => row.kind)).toEqual(['entry'])
  expect(stream.counts).toMatchObject({ unreturned: 1, unmatchedReturns: 1 })
  expect(stream.loss).toMatchObject({ records: 12, gaps: 1 })
})

it('records that the kernel overwrote before the capture are loss', () => {
  const text = `# tracer: nop\n#\n# entries-in-buffer/entries-written: 1/41   #P:4\n${at('000001', 'open: (f)')}`
  const file = openFtraceText(textSource(text))
  expect(file.info).toMatchObject({ vcpus: 4, overwritten: 40 })
  expect(file.observe().loss).toMatchObject({ records: 40, gaps: 1 })
})

it('lines of other tracers and probes are passed over and counted', () => {
  const text =
    HEAD +
    at('000001', 'sys_read <-system_call') +
    at('000002', 'sched_switch: prev_comm=a ==> next_comm=b') +
    at('000003', 'open: (f)')
  const stream = openFtraceText(textSource(text)).observe()
  expect(rowsOf(stream)).toHaveLength(1)
  expect(stream.counts.skipped).toBe(2)
  expect(stream.loss.gaps).toBe(0)
})

it('a clock of cycles needs its rate from outside', () => {
  const text = `${HEAD}  xl-7  [000] ..... 668644939179: open: (f)\n`
  expect(openFtraceText(textSource(text)).info.clock).toMatchObject({
    unit: 'cycles',
    hz: undefined,
    zero: 668644939179n,
  })
  expect(openFtraceText(textSource(text), { hz: 2.6e9 }).info.clock.hz).toBe(2.6e9)
})

it('an entry waits no longer than memory allows', () => {
  const opens = Array.from({ length: 6000 }, (_, i) =>
    at(String(i + 2).padStart(6, '0'), 'open: (f)', 9),
  )
  const text = `${HEAD}${at('000001', `domctl: ${CALL} dcmd=3 iver=0x15 dom=5`)}${opens.join('')}`
  const rows = rowsOf(openFtraceText(textSource(text)).observe())
  expect(rows).toHaveLength(6001)
  expect(rows[0]).toMatchObject({ kind: 'entry', call: 'domctl:pausedomain' })
})

it('a consumer gets only the codes it wants', () => {
  const text = HEAD + at('000001', 'open: (f)') + at('000002', 'tracing_mark_write: here')
  const file = openFtraceText(textSource(text))
  expect(rowsOf(file.observe((code) => code === 0x1000_0003))).toMatchObject([
    { kind: 'mark', call: 'here' },
  ])
})
