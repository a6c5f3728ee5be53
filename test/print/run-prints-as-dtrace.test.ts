// Rows, heads, faults, drops and the end of a run. Expected bytes: Oracle's test/unittest/{actions,
// aggs, error, drops, options} and the formats of illumos dtrace.c.
import { expect, it } from 'vitest'
import { printProbeList } from '../../src/dtrace/print/list.js'
import { TextPrinter } from '../../src/dtrace/print/text.js'
import type { OutputRecord, RecordItem, RunResult } from '../../src/dtrace/program/record.js'
import { aggregation, BEGIN, count, firing, format, KEY, probe, value } from './samples.js'

const NOTHING: RunResult = {
  status: 0,
  exited: true,
  interrupted: false,
  aggregations: [],
  unprinted: [],
  firings: 1,
}

interface How {
  quiet?: boolean
  testing?: boolean
  dialect?: 'illumos' | 'linux'
  options?: ReadonlyMap<string, string>
  result?: Partial<RunResult>
}

function run(records: readonly OutputRecord[], how: How = {}): { out: string; err: string } {
  let out = ''
  let err = ''
  const { result, ...rest } = how
  const printer = new TextPrinter({
    quiet: false,
    ...rest,
    write: (text) => {
      out += text
    },
    warn: (text) => {
      err += text
    },
  })
  for (const record of records) printer.record(record)
  printer.finish({ ...NOTHING, ...result })
  return { out, err }
}

const traced = (...args: Parameters<typeof value>): RecordItem => ({
  kind: 'trace',
  value: value(...args),
})
const printed = (text: string): RecordItem => ({ kind: 'printf', format: format(text), args: [] })

it('three default actions, a string, counts and exit(0) (aggs/tst.count_notquiet)', () => {
  const rows = [[], [], [], [traced('hello world')], []].map((items) => firing(BEGIN, items))
  const a = aggregation('count', [], [[[], count(10)]])
  const result = { aggregations: [a], unprinted: [0] }
  expect(run(rows, { testing: true, result }).out).toBe(
    `                   FUNCTION:NAME
                          :BEGIN 
                          :BEGIN 
                          :BEGIN 
                          :BEGIN   hello world                      
                          :BEGIN 

               10
`,
  )
})

it('a row says cpu, id, function and name', () => {
  const start = probe(6314, ['xpv', 'privcmd', 'privcmd_HYPERVISOR_domctl', 'dom-create-start'])
  expect(run([firing(start, [], { cpu: 3 }), firing(BEGIN, [printed('a'), traced(1)])]).out).toBe(
    `CPU     ID                    FUNCTION:NAME
  3   6314 privcmd_HYPERVISOR_domctl:dom-create-start 
  0      1                           :BEGIN a        1

`,
  )
})

it.each([
  { type: 'int8_t -1', bytes: 1, signed: true, v: -1n, illumos: ' 255', linux: '  -1' },
  { type: 'uint8_t', bytes: 1, signed: false, v: 255n, illumos: ' 255', linux: ' 255' },
  { type: 'int16_t -1', bytes: 2, signed: true, v: -1n, illumos: ' 65535', linux: '    -1' },
  {
    type: 'int32_t -1',
    bytes: 4,
    signed: true,
    v: -1n,
    illumos: '       -1',
    linux: '         -1',
  },
  {
    type: 'uint32_t',
    bytes: 4,
    signed: false,
    v: 4294967295n,
    illumos: '       -1',
    linux: ' 4294967295',
  },
  {
    type: 'int64_t -1',
    bytes: 8,
    signed: true,
    v: -1n,
    illumos: '               -1',
    linux: '                  -1',
  },
  {
    type: 'uint64_t',
    bytes: 8,
    signed: false,
    v: (1n << 64n) - 1n,
    illumos: '               -1',
    linux: ' 18446744073709551615',
  },
] as const)('trace() of $type', ({ bytes, signed, v, illumos, linux }) => {
  const rows = [firing(BEGIN, [traced(v, bytes, signed)])]
  for (const [dialect, text] of Object.entries({ illumos, linux })) {
    const how = { testing: true, dialect: dialect as 'illumos' | 'linux' }
    expect(run(rows, how).out.split('\n')[1]).toBe(`                          :BEGIN ${text}`)
    expect(run(rows, { ...how, quiet: true }).out).toBe(`${text.trim()}\n`)
  }
})

it('quiet prints what actions print, then a newline', () => {
  const rows = [firing(BEGIN, [traced('a'), printed('b\n'), traced(5)]), firing(BEGIN, [])]
  expect(run(rows, { quiet: true }).out).toBe('ab\n5\n')
})

it('an aggregation that printa() printed does not print again at the end', () => {
  const a = aggregation('count', [], [[[], count(1)]])
  const b = aggregation('count', [KEY.string], [[['web1'], count(2)]], { id: 1 })
  const item: RecordItem = { kind: 'printa', aggregations: [a] }
  const result = { aggregations: [a, b], unprinted: [1] }
  expect(run([firing(BEGIN, [item])], { quiet: true, result }).out).toBe(
    `
                1

  web1                                                              2
`,
  )
})

const fault = { kind: 'fault', epid: 5, probe: BEGIN, fault: 4, text: 'divide-by-zero' } as const

it('faults go to standard error, in the words of the dialect', () => {
  expect(run([{ ...fault, action: 1 }]).err).toBe(
    'dtrace: error on enabled probe ID 5 (ID 1: dtrace:::BEGIN): divide-by-zero in action #1\n',
  )
  expect(run([{ ...fault, action: 0 }]).err).toBe(
    'dtrace: error on enabled probe ID 5 (ID 1: dtrace:::BEGIN): divide-by-zero in predicate\n',
  )
  expect(run([{ ...fault, action: 1, clause: 3 }], { dialect: 'linux' }).err).toBe(
    'dtrace: error in dt_clause_3 for probe ID 1 (dtrace:::BEGIN): divide-by-zero at BPF pc 2\n',
  )
  expect(run([{ ...fault, action: 1 }]).out).toBe('\n')
})

it.each([
  { code: 1, value: 0x40n, illumos: ' (0x40)', linux: ' (0x40)' },
  { code: 1, value: (1n << 64n) - 1n, illumos: ' (0xffffffffffffffff)', linux: '' },
  { code: 2, value: 3n, illumos: ' (0x3)', linux: ' (0x3)' },
  { code: 4, value: 3n, illumos: '', linux: '' },
  { code: 10, value: 16n, illumos: '', linux: ' (0x10)' },
  { code: 11, value: -2n, illumos: '', linux: ' (-2)' },
])('a fault $code of $value says what was bad', ({ code, value: bad, illumos, linux }) => {
  const record = { ...fault, fault: code, value: bad, action: 1, text: 'bad' }
  expect(run([record]).err).toContain(`: bad${illumos} in action #1\n`)
  expect(run([record], { dialect: 'linux' }).err).toContain(`: bad${linux} at BPF pc 2\n`)
})

it('noerror silences faults, and nothing else', () => {
  const options = new Map([['noerror', '']])
  expect(run([{ ...fault, action: 1 }], { options }).err).toBe('')
  expect(run([{ kind: 'drop', what: 'principal', count: 1 }], { options }).err).not.toBe('')
})

it('setopt() holds for what follows it', () => {
  const set = (option: string, text?: string): RecordItem => ({
    kind: 'setopt',
    option,
    ...(text === undefined ? {} : { value: text }),
  })
  const stack: RecordItem = { kind: 'stack', frames: ['f'] }
  const items = [stack, set('stackindent', '2'), stack, set('quiet')]
  const rows = [firing(BEGIN, items), firing(BEGIN, [printed('x')])]
  expect(run(rows, { testing: true }).out).toBe(
    `                   FUNCTION:NAME
                          :BEGIN 
              f

  f
x
`,
  )
})

it('setopt() turns -F on and off again, and no row is lost', () => {
  const flow = (text: string): RecordItem => ({ kind: 'setopt', option: 'flowindent', value: text })
  const entry = probe(40, ['fbt', 'xen', 'do_domctl', 'entry'])
  const items = [[flow('yes')], [printed('a')], [flow('no')], [printed('b')]]
  const { out } = run(
    items.map((one) => firing(entry, one)),
    { testing: true },
  )
  expect(out).toBe(
    `                   FUNCTION:NAME
                 do_domctl:entry 
 -> do_domctl                             a
   -> do_domctl                           
                 do_domctl:entry b

`,
  )
})

it('what is printed before system() or freopen() is out before they act', () => {
  const said: string[] = []
  const printer = new TextPrinter({
    quiet: true,
    write: (text) => said.push(text),
    warn: (text) => said.push(`! ${text}`),
    effects: {
      system: (command) => said.push(`$ ${command}`),
      freopen: (path) => (path === '' ? undefined : 'Permission denied'),
      ftruncate: () => said.push('truncate'),
    },
  })
  const system: RecordItem = { kind: 'system', format: format('echo %d'), args: [value(3)] }
  const freopen: RecordItem = { kind: 'freopen', format: format('/no'), args: [] }
  printer.record(
    firing(BEGIN, [printed('a'), system, printed('b'), freopen, { kind: 'ftruncate' }]),
  )
  expect(said).toEqual([
    'a',
    '$ echo 3',
    'b',
    '! dtrace: error on enabled probe ID 1 (ID 1: dtrace:::BEGIN): ' +
      'couldn\'t freopen() "/no": Permission denied\n',
    'truncate',
  ])
})

it('nobody runs a command where nobody was asked to', () => {
  const system: RecordItem = { kind: 'system', format: format('date'), args: [] }
  expect(() => run([firing(BEGIN, [system])])).toThrow('system( ) cannot be done here')
})

it.each([
  [{ what: 'speculation', count: 2 }, '2 speculative drops', 'SPEC'],
  [
    { what: 'speculation-unavailable', count: 3 },
    '3 failed speculations (no speculative buffer available)',
    'SPECUNAVAIL',
  ],
  [{ what: 'principal', count: 1, cpu: 2 }, '1 drop on CPU 2', 'PRINCIPAL'],
  [{ what: 'aggregation', count: 12, cpu: 0 }, '12 aggregation drops on CPU 0', 'AGGREGATION'],
  [{ what: 'dynamic', count: 2 }, '2 dynamic variable drops', 'DYNAMIC'],
  [{ what: 'error-in-error', count: 1 }, '1 error in ERROR probe enabling', 'DBLERROR'],
] as const)('drops: %o', (drop, text, tag) => {
  const options = new Map([['droptags', '']])
  expect(run([{ kind: 'drop', ...drop }]).err).toBe(`dtrace: ${text}\n`)
  expect(run([{ kind: 'drop', ...drop }], { options }).err).toBe(
    `dtrace: [DTRACEDROP_${tag}] ${text}\n`,
  )
})

it('lost trace records are told in the same style', () => {
  expect(run([{ kind: 'drop', what: 'records-lost', count: 7, cpu: 1 }]).err).toBe(
    'dtrace: 7 trace records lost on CPU 1\n',
  )
  const text = 'offset 4096, not a window'
  expect(run([{ kind: 'drop', what: 'bytes-lost', count: 1, text }]).err).toBe(
    'dtrace: 1 trace byte lost: offset 4096, not a window\n',
  )
})

it('-F indents by entry and return (options/tst.flowindent)', () => {
  const names = (kind: string) => [
    probe(40, ['syscall', 'vmlinux', 'read', kind]),
    probe(50, ['fbt', 'vmlinux', '__x64_sys_read', kind]),
  ]
  const [outer, inner] = names('entry')
  const [outerEnd, innerEnd] = names('return')
  const all = [outer, inner, innerEnd, outerEnd, BEGIN].map((p, i) =>
    firing(p ?? BEGIN, [printed('x')], { epid: i + 1 }),
  )
  const options = new Map([['flowindent', '']])
  expect(run(all, { testing: true, options }).out).toBe(
    `FUNCTION                                 
 => read                                  x
   -> __x64_sys_read                      x
   <- __x64_sys_read                      x
 <= read                                  x
| :BEGIN                                  x

`,
  )
  expect(run(all.slice(0, 1), { options }).out.split('\n').slice(0, 2)).toEqual([
    'CPU FUNCTION                                 ',
    '  0  => read                                  x',
  ])
})

it('with -F two clauses of one probe indent and unindent once', () => {
  const entry = probe(7, ['privcmd', 'domctl', 'createdomain', 'entry'])
  const end = probe(8, ['privcmd', 'domctl', 'createdomain', 'return'])
  const rows = [entry, entry, end, end].map((p, i) => firing(p, [], { epid: i + 1 }))
  const { out } = run(rows, { testing: true, options: new Map([['flowindent', '']]) })
  expect(out.split('\n').map((l) => l.trimEnd())).toEqual([
    'FUNCTION',
    ' -> createdomain',
    '  | createdomain:entry',
    '  | createdomain:return',
    ' <- createdomain',
    '',
    '',
  ])
})

it('-l lists probes under their heads', () => {
  const start = probe(6314, ['xpv', 'privcmd', 'privcmd_HYPERVISOR_domctl', 'dom-create-start'])
  expect(printProbeList([start, BEGIN])).toBe(
    `   ID   PROVIDER            MODULE                          FUNCTION NAME
 6314        xpv           privcmd         privcmd_HYPERVISOR_domctl dom-create-start
    1     dtrace                                                     BEGIN
`,
  )
  const typed = { ...start, args: [{ name: 'domid', type: 'domid_t' }] }
  expect(printProbeList([typed], true).split('\n').slice(2)).toEqual([
    '',
    '\tProbe Description Attributes',
    '\t\tIdentifier Names: Unstable',
    '\t\tData Semantics:   Unstable',
    '\t\tDependency Class: Common',
    '',
    '\tArgument Attributes',
    '\t\tIdentifier Names: Evolving',
    '\t\tData Semantics:   Evolving',
    '\t\tDependency Class: Common',
    '',
    '\tArgument Types',
    '\t\targs[0]: domid_t domid',
    '',
    '',
  ])
})
