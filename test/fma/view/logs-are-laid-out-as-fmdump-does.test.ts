import { describe, expect, it } from 'vitest'
import { asruChangeToNvlist } from '../../../src/fma/event/asru-change.js'
import { faultStatus } from '../../../src/fma/event/fault-status.js'
import { parseFmri } from '../../../src/fma/event/fmri.js'
import { nv, nvlist } from '../../../src/fma/event/nvlist.js'
import type { LogName, LogRecord } from '../../../src/fma/fmd/input.js'
import {
  type DumpPiece,
  dumpRecords,
  dumpTop,
  mergeLogs,
  referencedEreports,
} from '../../../src/fma/view/dump.js'
import type { DumpForm } from '../../../src/fma/view/dump-record.js'
import { parseDumpTime } from '../../../src/fma/view/dump-time.js'
import { type LogFilter, passes } from '../../../src/fma/view/log-filter.js'
import { basicExpression, shellPattern } from '../../../src/fma/view/shell-pattern.js'
import {
  DIAGNOSED_NS,
  errorRecord,
  faultRecord,
  L1_EREPORT,
  L1_FAULT,
  L1_LIST,
  LATER_NS,
  NOW_NS,
  PAGE_LIST,
  PCI_LIST,
  UUID,
} from './diagnoses.js'

const text = (pieces: Iterable<DumpPiece>): string =>
  [...pieces].map((piece) => piece.text).join('')

function dump(
  log: LogName,
  form: DumpForm,
  records: readonly LogRecord[],
  nowNs: bigint = NOW_NS,
): string {
  return text(dumpTop(log, form)) + text(dumpRecords(records, { form, filters: [], nowNs }))
}

const L1_RECORD = faultRecord(L1_LIST)
const ERROR = errorRecord(DIAGNOSED_NS - 9_123_456_789n, 0x1b03a15ecf00001n)
const ERRORS = [ERROR, errorRecord(DIAGNOSED_NS, 0x1b03a15ecf00401n)]

describe('the log of diagnoses', () => {
  it('has a line each: when, which, what happened', () => {
    const repaired = faultRecord({ ...L1_LIST, change: 'repaired', code: 'FMD-8000-4M' })
    expect(dump('fault', 'short', [L1_RECORD, { ...repaired, timeNs: DIAGNOSED_NS + 1n }])).toBe(
      `TIME                 UUID                                 SUNW-MSG-ID EVENT
Dec 10 12:00:30.0000 ${UUID} GMCA-8000-LF Diagnosed
Dec 10 12:00:30.0000 ${UUID} FMD-8000-4M Repaired
`,
    )
  })

  it('tells with -v whom it suspects, and what became of him', () => {
    const over = { ...L1_LIST, suspects: [{ fault: L1_FAULT, status: faultStatus('repaired') }] }
    const suspects = (after: string): string => `\
Dec 10 12:00:30.0000 ${UUID} GMCA-8000-LF Diagnosed
  100%  fault.cpu.generic-x86.l1dcache${after}

        Problem in: hc:///motherboard=0/chip=0/core=1/strand=0
           Affects: cpu:///cpuid=1
               FRU: hc://:product-id=Sun-Fire-X4600:server-id=atrium/motherboard=0/chip=0
          Location: CPU 0

`
    expect(dump('fault', 'verbose', [L1_RECORD, faultRecord(over)])).toBe(
      'TIME                 UUID                                 SUNW-MSG-ID EVENT\n' +
        suspects('') +
        suspects('\tRepair Attempted'),
    )
    expect(dump('fault', 'verbose', [faultRecord(PCI_LIST)])).toContain(`\
   33%  fault.io.pciex.bus-linkerr-corr

        Problem in: hc:///motherboard=0/hostbridge=0/pciexrc=0/pciexbus=1
           Affects: dev:////pci@0,0/pci8086,3408@1
               FRU: hc:///motherboard=0
          Location: MB

   67%  fault.io.pciex.device-interr-corr
`)
  })

  it('tells with -V what it rests on, and everything it says', () => {
    const small: LogRecord = { ...L1_RECORD, event: nvlist({ uuid: nv.string(UUID) }) }
    expect(dump('fault', 'full', [small])).toBe(
      `TIME                           UUID                                 SUNW-MSG-ID
Dec 10 2007 12:00:30.000000000 ${UUID} -

  TIME                 CLASS                                 ENA
  Dec 10 12:00:20.0000 ereport.cpu.generic-x86.l1dcache      0x01b03a15ecf00001
  Dec 10 12:00:30.0000 ereport.cpu.generic-x86.l1dcache      0x01b03a15ecf00401

nvlist version: 0
\tuuid = ${UUID}

`,
    )
  })

  it('tells with -V of repairs, not of a diagnosis or of what was taken out of service', () => {
    const line = (change: typeof L1_LIST.change): string | undefined =>
      dump('fault', 'full', [faultRecord({ ...L1_LIST, change })]).split('\n')[1]
    expect(line('suspect')?.slice(68)).toBe('GMCA-8000-LF')
    expect(line('isolated')?.slice(68)).toBe('GMCA-8000-LF')
    expect(line('updated')?.slice(68)).toBe('GMCA-8000-LF Updated')
    expect(line('resolved')?.slice(68)).toBe('GMCA-8000-LF Resolved')
  })

  it('tells with -m what people are told, an empty line between', () => {
    const message = dump('fault', 'message', [L1_RECORD])
    expect(message.split('\n').slice(0, 5)).toEqual([
      'SUNW-MSG-ID: GMCA-8000-LF, TYPE: Fault, VER: 1, SEVERITY: Major',
      'EVENT-TIME: Mon Dec 10 12:00:30 UTC 2007',
      'PLATFORM: Sun-Fire-X4600, CSN: 0123456789, HOSTNAME: atrium',
      'SOURCE: eft, REV: 1.16',
      `EVENT-ID: ${UUID}`,
    ])
    expect(message.endsWith('names it.\n\n')).toBe(true)
  })

  it('says of which diagnosis nobody has a message', () => {
    const pieces = dumpRecords([faultRecord({ ...L1_LIST, code: 'NONE-8000-00' })], {
      ...{ form: 'message' as const, filters: [], nowNs: NOW_NS },
    })
    expect([...pieces]).toEqual([
      {
        kind: 'failed',
        text:
          `failed to format message for diagcode NONE-8000-00, event ${UUID}: ` +
          'No such file or directory\n\n',
      },
    ])
  })

  it('is JSON with -Vj, one line each, no heading', () => {
    const small: LogRecord = { ...L1_RECORD, event: nvlist({ ena: nv.uint64(1n << 63n) }) }
    expect(dump('fault', 'json', [small, small])).toBe('{"ena":9223372036854775808}\n'.repeat(2))
  })
})

describe('the log of ereports', () => {
  it('has a line each, with -v the ENA', () => {
    expect(dump('error', 'short', ERRORS)).toBe(
      `TIME                 CLASS
Dec 10 12:00:20.8765 ereport.cpu.generic-x86.l1dcache
Dec 10 12:00:30.0000 ereport.cpu.generic-x86.l1dcache
`,
    )
    expect(dump('error', 'verbose', [errorRecord(DIAGNOSED_NS, 1n, 'ereport.x')])).toBe(
      `TIME                 CLASS                                 ENA
Dec 10 12:00:30.0000 ereport.x                             0x0000000000000001
`,
    )
    expect(dump('error', 'short', [errorRecord(DIAGNOSED_NS, 1n, 'ereport.x')])).toBe(
      `TIME                 CLASS
Dec 10 12:00:30.0000 ereport.x                       ${''}
`,
    )
  })

  it('has the year of what is older than half a year', () => {
    expect(dump('error', 'short', [ERROR], LATER_NS)).toContain(
      `\nDec 10 2007 12:00:20 ${L1_EREPORT}\n`,
    )
  })

  it('tells everything with -V, FMRIs in one line with -Vp', () => {
    const head = `TIME                           CLASS
Dec 10 2007 12:00:20.876543211 ereport.cpu.generic-x86.l1dcache
nvlist version: 0
\tclass = ereport.cpu.generic-x86.l1dcache
\tena = 0x1b03a15ecf00001
`
    const tail = `\tbank_number = 0x0
\t__ttl = 0x1
\t__tod = 0x475d2a54 0x343efceb

`
    const detector = `\
\tdetector = (embedded nvlist)
\tnvlist version: 0
\t\tversion = 0x0
\t\tscheme = dev
\t\tdevice-path = /
\t(end detector)

`
    expect(dump('error', 'full', [ERROR])).toBe(head + detector + tail)
    expect(dump('error', 'pretty', [ERROR])).toBe(`${head}\tdetector = dev:////\n${tail}`)
  })
})

it('the log of resources tells what became of each', () => {
  const change = {
    ...{ asru: parseFmri('cpu:///cpuid=1'), uuid: UUID, code: 'GMCA-8000-LF' },
    ...{ timeNs: DIAGNOSED_NS, faulty: true, unusable: true, fault: L1_FAULT },
    ...{ repaired: false, replaced: false, acquitted: false, resolved: false, message: true },
  }
  const record = (facts: Partial<typeof change>): LogRecord => ({
    ...{ log: 'resource', number: 1, timeNs: DIAGNOSED_NS },
    event: asruChangeToNvlist({ ...change, ...facts }),
  })
  const records = [record({ unusable: false }), record({}), record({ faulty: false })]
  const ok = record({ faulty: false, unusable: false })
  expect(dump('resource', 'short', records)).toBe(
    `TIME                 CLASS
Dec 10 12:00:30.0000 resource.fm.asru.degraded       ${''}
Dec 10 12:00:30.0000 resource.fm.asru.faulted        ${''}
Dec 10 12:00:30.0000 resource.fm.asru.unknown        ${''}
`,
  )
  expect(dump('resource', 'verbose', [...records, ok])).toBe(
    `TIME                 UUID                                 STATE
Dec 10 12:00:30.0000 ${UUID} faulty
Dec 10 12:00:30.0000 ${UUID} faulty,unusable
Dec 10 12:00:30.0000 ${UUID} unusable
Dec 10 12:00:30.0000 ${UUID} ok
`,
  )
  expect(dump('resource', 'full', [ok])).toContain(
    `TIME                           UUID                                 STATE
Dec 10 2007 12:00:30.000000000 ${UUID} ok
nvlist version: 0
\tversion = 0x0
\tclass = resource.fm.asru.ok
`,
  )
})

it('the log of information tells what fmd was told', () => {
  const told: LogRecord = {
    ...{ log: 'info', number: 3, timeNs: DIAGNOSED_NS },
    event: nvlist({ class: nv.string('ireport.x') }),
  }
  expect(dump('info', 'verbose', [told])).toBe(
    `TIME                 UUID                                 CLASS
Dec 10 12:00:30.0000 (absent)                             ireport.x
`,
  )
  expect(dump('info', 'full', [told])).toContain(
    'TIME                           UUID\nDec 10 2007 12:00:30.000000000 (absent)\n',
  )
})

it('logs are merged by the time of their next record, each in its order', () => {
  const at = (ns: bigint, ena: bigint): LogRecord => errorRecord(ns, ena)
  const merged = mergeLogs([[at(1n, 1n), at(9n, 2n), at(3n, 3n)], [], [at(1n, 4n), at(5n, 5n)]])
  const enas = [...merged].map(({ event: members }) => members.get('ena'))
  expect(enas).toEqual([1n, 4n, 5n, 2n, 3n].map((ena) => nv.uint64(ena)))
})

it('-e -u shows the ereports of a diagnosis, as the log of ereports has them', () => {
  const other = errorRecord(DIAGNOSED_NS, 7n)
  const found = [...referencedEreports([L1_RECORD], [ERRORS[1] ?? other, other])]
  expect(found[1]).toBe(ERRORS[1])
  expect(dump('error', 'verbose', found.slice(0, 1))).toContain(
    'Dec 10 12:00:20.0000 ereport.cpu.generic-x86.l1dcache      0x01b03a15ecf00001\n',
  )
})

describe('filters', () => {
  const classes = (pattern: string): LogFilter => ({
    kind: 'class',
    pattern: shellPattern(pattern),
  })
  const member = (path: string, value?: string): LogFilter => ({
    ...{ kind: 'member', path },
    ...(value === undefined ? {} : { value: { text: value, expression: basicExpression(value) } }),
  })

  it.each<[string, readonly LogFilter[], boolean]>([
    ['a class', [classes('list.suspect')], true],
    ['a class of a suspect', [classes('fault.cpu.*.l[12]dcache')], true],
    ['a class not its own', [classes('fault.cpu')], false],
    ['one of two classes', [classes('x'), classes('*dcache')], true],
    ['a set that is not', [classes('fault.cpu.*.l[!0-9]dcache')], false],
    ['one character', [classes('list.suspec?')], true],
    ['a class and a uuid', [classes('list.*'), { kind: 'uuid', uuid: UUID }], true],
    ['a class and another uuid', [classes('list.*'), { kind: 'uuid', uuid: 'x' }], false],
    ['after its time', [{ kind: 'after', timeNs: DIAGNOSED_NS }], true],
    ['after a later time', [{ kind: 'after', timeNs: DIAGNOSED_NS + 1n }], false],
    ['before its time', [{ kind: 'before', timeNs: DIAGNOSED_NS }], true],
    ['before an earlier time', [{ kind: 'before', timeNs: DIAGNOSED_NS - 1n }], false],
    ['a member', [member('de.mod-name')], true],
    ['a member that is not there', [member('de.nobody')], false],
    ['a string that has it', [member('code', 'GMCA-....-L')], true],
    ['a string that ends otherwise', [member('code', '.*-LG$')], false],
    ['a member of a suspect', [member('fault-list[0].asru.scheme', '^cpu$')], true],
    ['the first suspect where none is said', [member('fault-list.certainty', '100')], true],
    ['a number in hexadecimal', [member('fault-list[0].certainty', ' 0x64')], true],
    ['a number in octal', [member('fault-list[0].certainty', '0144')], true],
    ['another number', [member('fault-list[0].certainty', '10')], false],
    ['an element', [member('fault-status[0]', '3')], true],
    ['an array as a whole', [member('fault-status', '3')], false],
    ['an index of what is no array', [member('code[0]', 'GMCA')], false],
    ['what people are told of', [{ kind: 'told', listsOnly: false }], true],
  ])('%s', (_, filters, expected) => {
    expect(passes(L1_RECORD, filters)).toBe(expected)
  })

  it('what people are not told of is passed over, as far as it is a diagnosis', () => {
    const quiet = faultRecord(PAGE_LIST)
    const flagged: LogRecord = { ...ERROR, event: nvlist({ message: nv.boolean(false) }) }
    expect(passes(quiet, [{ kind: 'told', listsOnly: true }])).toBe(false)
    expect(passes(flagged, [{ kind: 'told', listsOnly: true }])).toBe(true)
    expect(passes(flagged, [{ kind: 'told', listsOnly: false }])).toBe(false)
  })

  it.each([
    ['a\\(b\\|c\\)\\{2\\}$', ['abb', 'xacb'], ['ab', 'abbx']],
    ['a(b)+c|d', ['a(b)+c|d'], ['abc', 'd']],
    ['[[:digit:]][^]a]', ['1b'], ['1a', '1]']],
    ['*x', ['*x'], ['x']],
  ])('the expression %s is a basic one', (expression, yes, no) => {
    const pattern = basicExpression(expression)
    expect(yes.filter((each) => pattern.test(each))).toEqual(yes)
    expect(no.filter((each) => pattern.test(each))).toEqual([])
  })

  it('an expression that is none is refused', () => {
    expect(() => basicExpression('\\(a')).toThrow('unexpected regular expression in \\(a')
  })

  it('many stars in a class take no time', () => {
    expect(shellPattern(`${'*a'.repeat(12)}b`).test('a'.repeat(60))).toBe(false)
  })
})

// 2007-12-10T12:00:30Z is 1197288030; the day begins at 1197244800.
describe('times', () => {
  it.each([
    ['12/10/2007 12:00:30', 1_197_288_030_000_000_000n],
    ['12/10/07  12:00:30.25', 1_197_288_030_250_000_000n],
    ['12/10/07 12:00', 1_197_288_000_000_000_000n],
    ['12/10/07', 1_197_244_800_000_000_000n],
    ['10Dec07 12:00:30', 1_197_288_030_000_000_000n],
    ['10Dec2007', 1_197_244_800_000_000_000n],
    ['2007-12-10', 1_197_244_800_000_000_000n],
    ['2007-12-10T12:00', 1_197_288_000_000_000_000n],
    ['07-12-10T12:00:30', 1_197_288_030_000_000_000n],
    ['Dec 10 12:00:30', 1_197_288_030_000_000_000n],
    ['12:00:30', 1_197_288_030_000_000_000n],
    ['12:00', 1_197_288_000_000_000_000n],
    ['10min', DIAGNOSED_NS],
    ['600s', DIAGNOSED_NS],
    ['1d', NOW_NS - 86_400_000_000_000n],
    ['1NSEC', NOW_NS - 1n],
  ])('%s', (word, expected) => expect(parseDumpTime(word, NOW_NS)).toBe(expected))

  it.each([
    ['noon', 'illegal time format -- noon'],
    ['0s', 'illegal time format -- 0s'],
    ['12', 'illegal time format -- 12'],
    ['12/32/07', 'illegal time format -- 12/32/07'],
    ['02/30/07', 'illegal time format -- 02/30/07'],
    ['12:00:30x', 'unexpected suffix after time 12:00:30x -- x'],
    ['12:00:30.x', 'illegal time suffix -- ..x'],
    ['99999d', 'time delta precedes UTC time origin -- 99999d'],
  ])('%s is none', (word, message) => {
    expect(() => parseDumpTime(word, NOW_NS)).toThrow(message)
  })
})
