import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FaultStatusWord, faultStatus } from '../../../src/fma/event/fault-status.js'
import { parseFmri } from '../../../src/fma/event/fmri.js'
import type { SuspectList } from '../../../src/fma/event/suspect-list.js'
import { type FaultyOptions, printFaulty } from '../../../src/fma/view/faulty.js'
import { printModules } from '../../../src/fma/view/module-list.js'
import { commonStatus, named, printNames, withName } from '../../../src/fma/view/names.js'
import { wrappedText } from '../../../src/fma/view/wrapped-text.js'
import { L1_FAULT, L1_LIST, LATER_NS, NOW_NS, PAGE_LIST, PCI_LIST, UUID } from './diagnoses.js'

const ALL = [PCI_LIST, L1_LIST, PAGE_LIST]

function faulty(lists: readonly SuspectList[], options: Partial<FaultyOptions> = {}): string {
  const diagnoses = lists.map((list) => ({ list, cacheIds: [`c${list.uuid}`.slice(0, 36)] }))
  return printFaulty(diagnoses, { nowNs: NOW_NS, ...options })
}

const HEAD = `\
--------------- ------------------------------------  -------------- ---------
TIME            EVENT-ID                              MSG-ID         SEVERITY
--------------- ------------------------------------  -------------- ---------
`

// Trailing blanks and tabs are written out: each column of the format is padded, the last is empty.
const HOST = `
Host        : atrium
Platform    : Sun-Fire-X4600\tChassis_id  : 0123456789
Product_sn  :${' '}

`

const L1_TEXTS = `
Description : The level 1 data cache of a processor has had more corrected
              errors than chance explains, or one that was not corrected.

Response    : The fault manager tries to take the processor strand out of
              service.

Impact      : The host may do less work in the same time.

Action      : Plan to replace the processor module. \`fmadm faulty\` names it.

`

const L1_FRU = 'hc://:product-id=Sun-Fire-X4600:server-id=atrium/motherboard=0/chip=0'

describe('fmadm faulty', () => {
  it('shows what is at fault, what that affects, what to replace, and what people are told', () => {
    expect(faulty([L1_LIST])).toBe(
      `${HEAD}Dec 10 12:00:30 ${UUID}  GMCA-8000-LF   Major     \n${HOST}` +
        `Fault class : fault.cpu.generic-x86.l1dcache
Affects     : cpu:///cpuid=1
                  faulted and taken out of service
FRU         : "CPU 0" (${L1_FRU})
                  faulty
${L1_TEXTS}`,
    )
  })

  it('-v names what is broken as well', () => {
    expect(faulty([L1_LIST], { full: true })).toContain(`\
                  faulted and taken out of service
Problem in  : "CPU 0" (hc:///motherboard=0/chip=0/core=1/strand=0)
                  faulted and taken out of service
FRU         : "CPU 0" (${L1_FRU})
`)
  })

  it('several suspects have their certainty, the surest first, and each its state', () => {
    const slot = 'hc://:serial=A1/motherboard=0/hostbridge=0/pciexrc=0/pciexbus=1/pciexdev=0'
    expect(faulty([PCI_LIST])).toContain(`\
3f2e3d4c-0000-4000-8000-000000000003  PCIEX-8000-KP  Major     injected
${HOST}Fault class : fault.io.pciex.device-interr-corr 67%
              fault.io.pciex.bus-linkerr-corr 33%
Affects     : dev:////pci@0,0/pci8086,3408@1/pci8086,10fb@0
                  faulted and taken out of service
              dev:////pci@0,0/pci8086,3408@1
                  faulted but still in service
FRU         : "SLOT 1" (${slot}) 67%
              "MB" (hc:///motherboard=0) 33%
                  faulty

Description : `)
  })

  it('a diagnosis nobody is told of needs -a, or its uuid', () => {
    expect(faulty([PAGE_LIST])).toBe('')
    const line = `Dec 10 12:00:30 ${PAGE_LIST.uuid}  GMCA-8000-WT   Minor     \n`
    expect(faulty([PAGE_LIST], { all: true, summary: true })).toBe(HEAD + line)
    expect(faulty(ALL, { uuids: [PAGE_LIST.uuid], summary: true })).toBe(HEAD + line)
    expect(faulty([PAGE_LIST], { all: true })).toContain(`\
Affects     : mem:///unum=DIMM0/physaddr=12345000
                  faulted but still in service
Problem in  : hc:///motherboard=0/chip=0/memory-controller=0/dimm=0/rank=0/physaddr=12345000
                  faulted but still in service

Description : `)
  })

  it('a diagnosis that is over needs -a, and tells what was done', () => {
    const over = (...words: readonly FaultStatusWord[]): SuspectList => ({
      ...L1_LIST,
      suspects: [{ fault: L1_FAULT, status: faultStatus(...words) }],
    })
    expect(faulty([over('repaired')])).toBe('')
    const text = (list: SuspectList): string => faulty([list], { all: true, full: true })
    expect(text(over('repaired', 'unusable'))).toContain(`\
                  out of service, but associated components no longer faulty
Problem in  : "CPU 0" (hc:///motherboard=0/chip=0/core=1/strand=0)
                  repair attempted
FRU         : "CPU 0" (${L1_FRU})
                  repair attempted
`)
    expect(text(over('replaced'))).toContain('ok and in service\n')
    expect(text(over('replaced'))).toContain('                  replaced\n')
    expect(text(over('acquitted'))).toContain('                  acquitted\n')
    expect(text(over())).toContain('                  removed\n')
    expect(text(over('faulty', 'not-present'))).toContain('                  not present\n')
    expect(text(over('faulty', 'degraded'))).toContain(
      'faulted but still providing degraded service\n',
    )
  })

  it('-s is a line for each under one heading, -i names them as the resource cache does', () => {
    const rows = [
      `Dec 10 12:00:30 ${UUID}  GMCA-8000-LF   Major     `,
      `Dec 10 12:00:30 ${PCI_LIST.uuid}  PCIEX-8000-KP  Major     injected`,
    ]
    expect(faulty(ALL, { summary: true })).toBe(`${HEAD}${rows.join('\n')}\n`)
    expect(faulty([L1_LIST], { summary: true, cacheIds: true })).toBe(
      `${HEAD.replace('EVENT-ID', 'CACHE-ID')}` +
        `Dec 10 12:00:30 c${UUID.slice(0, 35)}  GMCA-8000-LF   Major     \n`,
    )
  })

  it('after half a year a diagnosis has its year instead of its hour', () => {
    const line = (nowNs: bigint): string | undefined =>
      faulty([L1_LIST], { nowNs, summary: true }).split('\n')[3]
    expect(line(LATER_NS)?.slice(0, 20)).toBe('Dec 10 2007     1f2e')
    expect(line(NOW_NS - 700_000_000_000n)?.slice(0, 20)).toBe('Dec 10 2007     1f2e')
    expect(line(NOW_NS + 15_551_400_000_000_000n)?.slice(0, 20)).toBe('Dec 10 12:00:30 1f2e')
    expect(line(NOW_NS + 15_551_401_000_000_000n)?.slice(0, 20)).toBe('Dec 10 2007     1f2e')
  })

  it('-f is by what to replace, -r by what is out of service', () => {
    const slot = 'hc://:serial=A1/motherboard=0/hostbridge=0/pciexrc=0/pciexbus=1/pciexdev=0'
    const rule = '-'.repeat(78)
    expect(faulty(ALL, { by: new Set(['fru']) })).toBe(`\
${rule}
"CPU 0" (${L1_FRU}) faulty
${UUID} 1 suspects in this FRU total certainty 100%
${rule}
"SLOT 1" (${slot}) faulty injected
${PCI_LIST.uuid} 1 suspects in this FRU max certainty 67%
${rule}
"MB" (hc:///motherboard=0) faulty injected
${PCI_LIST.uuid} 1 suspects in this FRU max certainty 33%
`)
    expect(faulty(ALL, { by: new Set(['resource']) })).toBe(
      `cpu:///cpuid=1                                                        faulted
dev:////pci@0,0/pci8086,3408@1/pci8086,10fb@0                         faulted injected
dev:////pci@0,0/pci8086,3408@1                                        degraded injected
`,
    )
  })

  it('-a has what is hidden without, in whatever order', () => {
    const page = 'mem:///unum=DIMM0/physaddr=12345000'
    const asrus = faulty([PAGE_LIST, L1_LIST], { all: true, by: new Set(['resource']) })
    expect(asrus).toBe(`${'cpu:///cpuid=1'.padEnd(69)} faulted\n${page.padEnd(69)} degraded\n`)
    expect(faulty([PAGE_LIST], { by: new Set(['resource']) })).toBe('')
    const quiet = { ...L1_LIST, message: false }
    expect(faulty([quiet], { all: true, summary: true, by: new Set(['fru']) })).toBe(
      `"CPU 0" (${L1_FRU}) faulty\n${UUID} 1 suspects in this FRU total certainty 100%\n`,
    )
  })

  it('the most urgent comes first, the newer of those', () => {
    const at = (first: string, severity: string, seconds: bigint): SuspectList => ({
      ...L1_LIST,
      ...{ code: 'NONE-8000-00', severity, uuid: first + UUID.slice(1) },
      diagTimeNs: L1_LIST.diagTimeNs + seconds * 1_000_000_000n,
    })
    const lists = [at('c', 'Major', 9n), at('d', 'Critical', 1n), at('b', 'Critical', 0n)]
    const order = faulty([at('a', 'Minor', 9n), ...lists], { summary: true }).split('\n')
    expect(order.slice(3, -1).map((line) => line[16])).toEqual(['d', 'b', 'c', 'a'])
  })

  it('-p puts a form feed before each', () => {
    expect(faulty([L1_LIST], { pages: true }).startsWith(`\f\n${HEAD}`)).toBe(true)
  })

  it('where nobody knows what to replace or what is broken, the FRU is None', () => {
    const { certainty } = L1_FAULT
    const fault = { class: 'defect.sunos.fmd.module', certainty }
    const list = { ...L1_LIST, suspects: [{ fault, status: faultStatus('faulty') }] }
    expect(faulty([list])).toContain(`\
Fault class : defect.sunos.fmd.module
FRU         : None
                  faulty
`)
    expect(faulty([list], { by: new Set(['fru']) })).toBe('')
  })

  it('a serial number is told where no name has it', () => {
    const asru = parseFmri('hc://:serial=77/motherboard=0/chip=0')
    const suspect = { fault: { ...L1_FAULT, asru }, status: faultStatus('faulty') }
    const twice = { ...L1_LIST, suspects: [suspect] }
    expect(faulty([twice])).not.toContain('Serial ID.')
    const mem = { scheme: 'mem' as const, unum: 'DIMM0', serials: ['77', '78'] }
    const chips = { ...suspect, fault: { ...L1_FAULT, asru: mem } }
    expect(faulty([{ ...L1_LIST, suspects: [chips] }])).toContain(`\
                  faulty
Serial ID.  : 77
              78

Description`)
  })
})

it('of many names the first is the surest; those too many are counted', () => {
  const all = ['a', 'b', 'c', 'd', 'e'].reduce(
    (names, name) => withName(names, named(name, 20, faultStatus('faulty'))),
    withName([], named('z', 10)),
  )
  expect(all.map(({ name }) => name)).toEqual(['a', 'e', 'd', 'c', 'b', 'z'])
  const format = { label: 'Affects     :', limit: 2, certainty: 0, full: false }
  expect(printNames(all, format)).toBe(
    'Affects     : a\n              e\n' +
      '             ... 4 more entries suppressed, use -v option for full list\n',
  )
  expect(printNames(all.slice(0, 3), format)).toBe(
    'Affects     : a\n              e\n              d\n',
  )
  expect(commonStatus(all)).toBeUndefined()
  expect(commonStatus(all.slice(0, 5))).toBe(faultStatus('faulty'))
})

it('a name of several suspects has how many, and how sure the surest is', () => {
  const names = [20, 30].reduce(
    (all, certainty) => withName(all, named('x', certainty)),
    withName([], named('y', 25)),
  )
  const text = (full: boolean): string =>
    printNames(names, { label: 'FRU:', limit: 0, certainty: 30, full })
  expect(text(false)).toBe('FRU: x max 30%\n     y 25%\n')
  expect(text(true)).toBe('FRU: x 2 @ max 30%\n     y 25%\n')
})

describe('texts', () => {
  it('are wrapped where a word would reach column 80, and at newlines', () => {
    const word = 'x'.repeat(32)
    expect(wrappedText('Impact      : ', `${word} ${word} y`)).toBe(
      `\nImpact      : ${word} ${word}\n              y\n`,
    )
    expect(wrappedText('Impact      : ', `${word}x ${word} y`)).toBe(
      `\nImpact      : ${word}x\n              ${word} y\n`,
    )
    expect(wrappedText('Action      : ', 'one\n  two')).toBe(
      '\nAction      : one\n              two\n',
    )
    expect(wrappedText('Action      : ', '')).toBe('\n')
  })

  it('stay within 80 columns, and keep their words', () => {
    const words = fc.array(fc.stringMatching(/^[a-z.,%-]{1,60}$/), { minLength: 1 })
    fc.assert(
      fc.property(words, fc.constantFrom('Impact      : ', 'A : '), (list, label) => {
        const lines = wrappedText(label, list.join(' ')).split('\n')
        expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(80)
        const inside = lines.slice(1, -1).map((line) => line.slice(label.length))
        expect(inside.join(' ')).toBe(list.join(' '))
      }),
    )
  })
})

it('fmadm config lists modules by name', () => {
  const modules = [
    { name: 'eft', version: '1.16', description: 'eft diagnosis engine', failed: false },
    { name: 'cpumem-retire', version: '1.1', description: 'CPU/Memory Retire Agent', failed: true },
  ]
  expect(printModules(modules)).toBe(`\
MODULE                   VERSION STATUS  DESCRIPTION
cpumem-retire            1.1     failed  CPU/Memory Retire Agent
eft                      1.16    active  eft diagnosis engine
`)
})
