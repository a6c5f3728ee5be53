// Whatever a function's configuration space holds, its ereports are ereports: numbers fit their
// types, sources are functions of the host, and what was there before is not told again.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createSimulator } from '../../../../src/backend/sim/sim-machine.js'
import { ereportFromNvlist, ereportToNvlist } from '../../../../src/fma/event/ereport.js'
import { booleanMember, fits, integerMember } from '../../../../src/fma/event/nvlist.js'
import { pciEreports } from '../../../../src/fma/telemetry/pci/pci-ereports.js'
import { notePciLosses } from '../../../../src/fma/telemetry/pci/pci-look.js'
import { Unknowns } from '../../../../src/fma/telemetry/unknowns.js'
import { hostTopology } from '../../../../src/fma/topo/host-topology.js'
import { functionOf } from '../../../../src/fma/topo/resolve.js'
import type { PciErrorFunction, PciErrorRecord } from '../../../../src/machine/telemetry.js'
import { readLog, readSnapshot } from './said.js'

const { access } = createSimulator({ era: 'metal' })
const topology = hostTopology(access)
const listings = access.pci()
const FUNCTIONS = listings.kind === 'known' ? listings.value : []

/** A function of the host with some bytes changed, or any bytes at all. */
const anyFunction: fc.Arbitrary<PciErrorFunction> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(...FUNCTIONS),
      fc.array(fc.tuple(fc.nat({ max: 0x150 }), fc.nat({ max: 255 })), { maxLength: 40 }),
      fc.boolean(),
    )
    .map(([{ id, bytes: booted }, writes, isSecond]) => {
      const bytes = booted.slice()
      for (const [at, byte] of writes) bytes[at] = byte
      return isSecond ? { id, bytes, left: booted } : { id, bytes }
    }),
  fc
    .tuple(fc.constantFrom(...FUNCTIONS), fc.uint8Array({ maxLength: 512 }))
    .map(([{ id }, bytes]) => ({ id, bytes })),
)

it('any registers', () => {
  const record = fc.record({
    atNs: fc.nat(),
    cause: fc.constantFrom<PciErrorRecord['cause']>('interrupt', 'poll'),
    functions: fc.array(anyFunction, { maxLength: 5 }),
  })
  fc.assert(
    fc.property(record, (any) => {
      notePciLosses(any, { unknowns: new Unknowns(), topology })
      for (const ereport of pciEreports(any, { topology, bootNs: 0n })) {
        for (const [name, value] of ereport.payload) {
          if (value.kind === 'boolean') continue
          const isNumber = 'value' in value && value.kind !== 'string'
          expect(isNumber && fits(value.kind as 'uint16', value.value as number), name).toBe(true)
        }
        expect(ereportFromNvlist(ereportToNvlist(ereport)).class).toBe(ereport.class)
        if (ereport.class.includes('.rc.')) continue
        const source = integerMember(ereport.payload, 'source-id')
        const isValid = booleanMember(ereport.payload, 'source-valid') === true
        expect(!isValid || functionOf(topology, Number(source) as never) !== undefined).toBe(true)
      }
    }),
    { numRuns: 300 },
  )
})

it('what did not change tells nothing', () => {
  fc.assert(
    fc.property(anyFunction, ({ id, bytes }) => {
      const functions = [{ id, bytes, left: bytes }]
      const found = pciEreports({ atNs: 0, cause: 'poll', functions }, { topology })
      const isQuiet = (name: string): boolean => /\.pci\.(?:fabric|nr)$/.test(name)
      expect(found.every((each) => isQuiet(each.class))).toBe(true)
    }),
    { numRuns: 200 },
  )
})

it('any text that looks like lspci', () => {
  const line = fc.constantFrom(
    '01:00.0 Ethernet controller: Intel',
    '00:03.0 PCI bridge: some',
    '\tStatus: Cap+ >SERR+ <PERR+',
    '\tBus: primary=00, secondary=01, subordinate=01, sec-latency=0',
    '\tSecondary status: 66MHz- <SERR+',
    '\tCapabilities: [40] Express (v2) Endpoint, MSI 00',
    '\tCapabilities: [fe0] Express (v2) Root Port (Slot+)',
    '\tCapabilities: [ff0 v2] Advanced Error Reporting',
    '\tCapabilities: [100 v1] Advanced Error Reporting',
    '\tCapabilities: <access denied>',
    '\t\tUESta:\tDLP+ CmpltTO+',
    '\t\t\tECRC+ UnsupReq+',
    '\t\tAERCap:\tFirst Error Pointer: 0e, ECRCGenCap+',
    '\t\tHeaderLog: 01000004 0f000000 00000001 00000000',
    '\t\tRootSta: CERcvd+ MultCERcvd+',
    '00: ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff',
    'ff0: 01 00 02 00 00 00 00 00 00 00 00 00 00 00 00 00',
  )
  const text = fc.array(fc.oneof(line, fc.string()), { maxLength: 30 })
  fc.assert(
    fc.property(text, (lines) => {
      const all = `01:00.0 Ethernet\n\tStatus: Cap+\n${lines.join('\n')}\n`
      expect(readSnapshot(all, topology).account.ereports).toBeGreaterThanOrEqual(0)
      expect(readLog(all, topology).ereports.length).toBeGreaterThanOrEqual(0)
    }),
    { numRuns: 300 },
  )
})
