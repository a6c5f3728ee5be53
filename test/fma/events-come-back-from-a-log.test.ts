import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  asruChangeFromNvlist,
  asruChangeToNvlist,
  asruState,
} from '../../src/fma/event/asru-change.js'
import {
  decodeEna,
  enaOf,
  makeEna,
  NO_ENA,
  nextEna,
  sameIncident,
  strandEnaId,
} from '../../src/fma/event/ena.js'
import { type Ereport, ereportFromNvlist, ereportToNvlist } from '../../src/fma/event/ereport.js'
import { eventKind, matchesClass } from '../../src/fma/event/event-class.js'
import { type Fault, faultFromNvlist, faultToNvlist } from '../../src/fma/event/fault.js'
import { faultStatus, faultStatusWords } from '../../src/fma/event/fault-status.js'
import { parseFmri, printFmri } from '../../src/fma/event/fmri.js'
import { mcaEreportClass, mcaEreportClasses } from '../../src/fma/event/mca-class.js'
import { nv, nvlist, stringMember } from '../../src/fma/event/nvlist.js'
import { parseNvlistJson, printNvlistJson } from '../../src/fma/event/nvlist-json.js'
import { parseNvlist, printNvlist } from '../../src/fma/event/nvlist-text.js'
import {
  type SuspectList,
  suspectListFromNvlist,
  suspectListToNvlist,
} from '../../src/fma/event/suspect-list.js'
import { mcaCode } from '../../src/machine/mca-code.js'

const EREPORT: Ereport = {
  class: 'ereport.cpu.generic-x86.l1dcache',
  ena: makeEna({ format: 1, generation: 0, id: 8, timeNs: 123_456_789n }),
  detector: parseFmri('hc:///motherboard=0/chip=0/core=1/strand=0'),
  timeNs: 1_197_244_800_000_000_005n,
  payload: nvlist({ IA32_MCi_STATUS: nv.uint64(0x9000000000000135n), overflow: nv.boolean(false) }),
}

const FAULT: Fault = {
  class: 'fault.cpu.generic-x86.l1dcache',
  certainty: 100,
  asru: parseFmri('cpu:///cpuid=1'),
  fru: parseFmri('hc://:serial=12/motherboard=0/chip=0'),
  resource: parseFmri('hc:///motherboard=0/chip=0/core=1/strand=0'),
  location: 'CPU 0',
  retire: false,
}

const LIST: SuspectList = {
  change: 'suspect',
  uuid: '1f2e3d4c-0000-4000-8000-000000000001',
  code: 'GMCA-8000-LF',
  diagTimeNs: 1_197_244_800_000_005_000n,
  engine: { scheme: 'fmd', name: 'eft', version: '1.16' },
  suspects: [{ fault: FAULT, status: faultStatus('faulty', 'unusable') }],
  severity: 'Major',
  message: true,
  injected: false,
}

it('an ereport comes back from an error log, as text and as JSON', () => {
  const list = ereportToNvlist(EREPORT)
  expect([...list.keys()]).toEqual([
    ...['class', 'ena', 'detector', 'IA32_MCi_STATUS', 'overflow', '__ttl', '__tod'],
  ])
  expect(ereportFromNvlist(list)).toEqual(EREPORT)
  expect(ereportFromNvlist(parseNvlist(printNvlist(list)))).toEqual(EREPORT)
  expect(ereportFromNvlist(parseNvlistJson(printNvlistJson(list)))).toEqual(EREPORT)
})

it('an injected ereport stays marked, one without a time has none', () => {
  const ereport = { ...EREPORT, injected: true, timeNs: undefined }
  const list = ereportToNvlist(ereport)
  expect(list.has('__tod')).toBe(false)
  expect(ereportFromNvlist(list)).toEqual(ereport)
})

it.each([
  [nvlist({}), 'the class of an ereport is not said'],
  [nvlist({ class: nv.string('fault.x') }), 'the class of an ereport is not fault.x'],
  [nvlist({ class: nv.string('ereport.x') }), 'ereport.x has no ena'],
  [nvlist({ class: nv.string('ereport.x'), ena: nv.uint64(1n) }), 'ereport.x has no detector'],
])('what is no ereport is refused', (list, message) => {
  expect(() => ereportFromNvlist(list)).toThrow(message)
})

it('a diagnosis comes back from a fault log, as text and as JSON', () => {
  const list = suspectListToNvlist(LIST)
  expect(suspectListFromNvlist(list)).toEqual(LIST)
  expect(suspectListFromNvlist(parseNvlist(printNvlist(list)))).toEqual(LIST)
  expect(suspectListFromNvlist(parseNvlistJson(printNvlistJson(list)))).toEqual(LIST)
  expect(faultFromNvlist(faultToNvlist(FAULT))).toEqual(FAULT)
})

it('what nobody is to be told says so; nobody suspected is no member', () => {
  const list = suspectListToNvlist({ ...LIST, message: false, suspects: [], change: 'resolved' })
  expect(stringMember(list, 'class')).toBe('list.resolved')
  expect(list.get('message')).toEqual(nv.boolean(false))
  expect(list.has('fault-list')).toBe(false)
  expect(() => suspectListFromNvlist(nvlist({ class: nv.string('list.x') }))).toThrow(
    'no diagnosis',
  )
})

it('the state of an ASRU is made of two facts', () => {
  const states = [false, true].flatMap((faulty) =>
    [false, true].map((unusable) => asruState({ faulty, unusable })),
  )
  expect(states).toEqual(['ok', 'unknown', 'degraded', 'faulted'])
  const change = {
    asru: parseFmri('cpu:///cpuid=1'),
    uuid: LIST.uuid,
    code: LIST.code,
    timeNs: 1_000_000n,
    ...{ faulty: true, unusable: true, repaired: false, replaced: false, acquitted: false },
    ...{ resolved: false, message: true },
    fault: FAULT,
  }
  const list = asruChangeToNvlist(change)
  expect(stringMember(list, 'class')).toBe('resource.fm.asru.faulted')
  expect(list.get('diag-time')).toEqual(nv.int64s([0n, 1_000n]))
  expect(asruChangeFromNvlist(parseNvlistJson(printNvlistJson(list)))).toEqual(change)
  expect(() => asruChangeFromNvlist(nvlist({ class: nv.string('list.x') }))).toThrow('no change')
})

it('a suspect keeps what its class adds', () => {
  const payload = nvlist({ reason: nv.string('no valid path') })
  const fault = { class: 'defect.sunos.eft.undiag.fme', certainty: 100, payload }
  expect(faultFromNvlist(faultToNvlist(fault))).toEqual(fault)
})

it('a suspect of a real host is read, whatever the order of its members', () => {
  const fault = faultFromNvlist(
    parseNvlistJson(
      `{"asru":{"device-path":"/pci@af,0/pci1022,1483@3,5/pci1458,0@0","scheme":"dev","version":0},
        "certainty":20,"class":"fault.io.pciex.bus-noresp","location":"MB",
        "resource":{"authority":{"product-id":"R152-Z32-00","server-id":"atrium"},
        "hc-list":[{"hc-id":"0","hc-name":"motherboard"},{"hc-id":"19","hc-name":"hostbridge"},
        {"hc-id":"19","hc-name":"pciexrc"}],"hc-list-sz":3,"hc-root":"","scheme":"hc","version":0},
        "version":0}`,
    ),
  )
  expect(fault).toMatchObject({ certainty: 20, location: 'MB' })
  expect([fault.asru, fault.resource].map((fmri) => fmri && printFmri(fmri))).toEqual([
    'dev:////pci@af,0/pci1022,1483@3,5/pci1458,0@0',
    'hc://:product-id=R152-Z32-00:server-id=atrium/motherboard=0/hostbridge=19/pciexrc=19',
  ])
})

it.each([
  ['{"version":0,"class":"upset.x","certainty":1}', 'the class of no fault'],
  ['{"version":0,"class":"fault.x","certainty":101}', 'the certainty of fault.x is 101'],
  ['{"version":0,"class":"fault.x"}', 'the certainty of fault.x is not said'],
  ['{"class":"fault.x","certainty":1,"asru":{"scheme":"cpu","cpuid":-1}}', 'no cpu FMRI'],
  ['{"class":"fault.x","certainty":1,"asru":{"scheme":"cpu","cpuid":4294967296}}', 'no cpu FMRI'],
])('%s is no suspect', (line, message) => {
  expect(() => faultFromNvlist(parseNvlistJson(line))).toThrow(message)
})

it('status bits are words', () => {
  expect(faultStatus('faulty', 'not-present', 'replaced')).toBe(0x25)
  expect(faultStatusWords(faultStatus('acquitted', 'repaired'))).toEqual(['repaired', 'acquitted'])
})

it('an ENA keeps what fits and comes apart again', () => {
  const uint = (bits: number): fc.Arbitrary<bigint> =>
    fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n })
  fc.assert(
    fc.property(uint(64), fc.nat(1023), fc.nat(255), (timeNs, id, generation) => {
      const one = makeEna({ format: 1, generation, id, timeNs })
      expect(decodeEna(one)).toEqual({ format: 1, generation, id, timeNs: timeNs % 2n ** 44n })
      const two = makeEna({ format: 2, generation, timeNs })
      expect(decodeEna(two)).toEqual({ format: 2, generation, timeNs: timeNs % 2n ** 54n })
      expect(sameIncident(one, two)).toBe(false)
      if (generation < 255) {
        expect(decodeEna(nextEna(one))).toMatchObject({ generation: generation + 1, id })
        expect(sameIncident(one, nextEna(one))).toBe(true)
      }
    }),
  )
})

it('no ENA stays none and ties nothing together', () => {
  expect(nextEna(NO_ENA)).toBe(0n)
  expect(makeEna({ format: 0 })).toBe(NO_ENA)
  expect(sameIncident(NO_ENA, NO_ENA)).toBe(false)
  expect(decodeEna(enaOf(0xfffn))).toEqual({ format: 0 })
})

it("the kernel's own example: chip 1, core 2, strand 1 at 0x1234 ns", () => {
  const id = strandEnaId({ chip: 1, core: 2, strand: 1 })
  expect(id).toBe(0b1_010_001)
  expect(makeEna({ format: 1, generation: 0, id, timeNs: 0x1234n })).toBe(0x123414401n)
})

it.each([
  ['ereport.cpu.generic-x86.mc', 'ereport'],
  ['list.suspect', 'list'],
  ['resource.fm.asru.ok', 'resource'],
  ['ereports.x', undefined],
  ['', undefined],
] as const)('%s is of kind %s', (name, kind) => {
  expect(eventKind(name)).toBe(kind)
})

it.each([
  ['ereport.cpu.*', true],
  ['*', true],
  ['*.mc', true],
  ['ereport.*.generic*.mc', true],
  ['ereport.cpu.generic-x86.mc*', true],
  ['ereport.cpu', false],
  ['*.m', false],
  ['', false],
  ['ereport.*.intel.*', false],
])('ereport.cpu.generic-x86.mc matches %s: %s', (pattern, matches) => {
  expect(matchesClass('ereport.cpu.generic-x86.mc', pattern)).toBe(matches)
})

it('a pattern matches as a regular expression would, in no time', () => {
  const text = fc.stringMatching(/^[ab.]{0,8}$/)
  const pattern = fc.stringMatching(/^[ab.*]{0,6}$/)
  fc.assert(
    fc.property(text, pattern, (name, stars) => {
      const regular = stars.replace(/\./g, '\\.').replace(/\*+/g, '.*')
      expect(matchesClass(name, stars)).toBe(new RegExp(`^${regular}$`).test(name))
    }),
  )
  expect(matchesClass('a'.repeat(2000), `${'*a'.repeat(200)}*b`)).toBe(false)
})

it('a bank makes an ereport of its code, unknown when it did not hold still', () => {
  expect(mcaEreportClass(0x9000000000000135n)).toBe('ereport.cpu.generic-x86.l1dcache')
  expect(mcaEreportClass(0xb000000000001135n)).toBe('ereport.cpu.generic-x86.l1dcache_uc')
  expect(mcaEreportClass(0xb00000000000009fn, { cpuClass: 'intel' })).toBe('ereport.cpu.intel.mc')
  expect(mcaEreportClass(0x9000000000000135n, { stable: false })).toBe(
    'ereport.cpu.generic-x86.unknown',
  )
})

it('each of the 65,536 codes has the class that illumos gives it', () => {
  const hash = createHash('sha256')
  for (let code = 0; code < 65_536; code++) {
    const leaf = mcaEreportClass(BigInt(code)).slice('ereport.cpu.generic-x86.'.length)
    const digits = code.toString(16).padStart(4, '0')
    hash.update(`${digits} ${leaf} ${mcaCode(code).compoundName ?? '-'}\n`)
  }
  expect(hash.digest('hex')).toBe(
    'cd1bb6ee4350c060f4804841d150eba4b11c14c8bfee616aadc5bd266485a459',
  )
})

it('all codes together make 63 classes', () => {
  const classes = mcaEreportClasses()
  expect(new Set(classes).size).toBe(classes.length)
  const leaves = classes.map((name) => name.slice('ereport.cpu.generic-x86.'.length))
  const corrected = leaves.filter((leaf) => !leaf.endsWith('_uc'))
  const told = /cache|tlb|bus_interconnect/
  expect(leaves.length).toBe(corrected.length + corrected.filter((leaf) => told.test(leaf)).length)
  expect(leaves).toContain('microcode_rom_parity')
  expect(classes.length).toBe(63)
})
