// Diagnoses for the tests of views, made by hand.

import type { Fault } from '../../../src/fma/event/fault.js'
import { faultStatus } from '../../../src/fma/event/fault-status.js'
import { parseFmri } from '../../../src/fma/event/fmri.js'
import type { FmdFmri } from '../../../src/fma/event/fmri-module.js'
import { nv, nvlist } from '../../../src/fma/event/nvlist.js'
import { type SuspectList, suspectListToNvlist } from '../../../src/fma/event/suspect-list.js'
import type { LogRecord } from '../../../src/fma/fmd/input.js'

/** Mon Dec 10 12:00:30 UTC 2007. */
export const DIAGNOSED_NS = 1_197_288_030_000_000_000n
/** Ten minutes later. */
export const NOW_NS = DIAGNOSED_NS + 600_000_000_000n
/** A year later. */
export const LATER_NS = DIAGNOSED_NS + 31_536_000_000_000_000n

export const ENGINE: FmdFmri = {
  scheme: 'fmd',
  name: 'eft',
  version: '1.16',
  authority: new Map([
    ['product-id', 'Sun-Fire-X4600'],
    ['chassis-id', '0123456789'],
    ['server-id', 'atrium'],
  ]),
}

export const UUID = '1f2e3d4c-0000-4000-8000-000000000001'

export const L1_FAULT: Fault = {
  class: 'fault.cpu.generic-x86.l1dcache',
  certainty: 100,
  asru: parseFmri('cpu:///cpuid=1'),
  fru: parseFmri('hc://:product-id=Sun-Fire-X4600:server-id=atrium/motherboard=0/chip=0'),
  resource: parseFmri('hc:///motherboard=0/chip=0/core=1/strand=0'),
  location: 'CPU 0',
}

/** A processor whose cache errs, taken out of service. */
export const L1_LIST: SuspectList = {
  change: 'suspect',
  uuid: UUID,
  code: 'GMCA-8000-LF',
  diagTimeNs: DIAGNOSED_NS,
  engine: ENGINE,
  suspects: [{ fault: L1_FAULT, status: faultStatus('faulty', 'unusable') }],
  severity: 'Major',
  message: true,
  injected: false,
}

/** A page whose errors nobody is told of. */
export const PAGE_LIST: SuspectList = {
  ...L1_LIST,
  uuid: '2f2e3d4c-0000-4000-8000-000000000002',
  code: 'GMCA-8000-WT',
  severity: 'Minor',
  message: false,
  suspects: [
    {
      fault: {
        class: 'fault.memory.generic-x86.page_ce',
        certainty: 100,
        asru: parseFmri('mem:///unum=DIMM0/physaddr=12345000'),
        resource: parseFmri(
          'hc:///motherboard=0/chip=0/memory-controller=0/dimm=0/rank=0/physaddr=12345000',
        ),
      },
      status: faultStatus('faulty'),
    },
  ],
}

const PCI = 'hc:///motherboard=0/hostbridge=0/pciexrc=0/pciexbus=1/pciexdev=0'

/** A card or the link to it. */
export const PCI_LIST: SuspectList = {
  ...L1_LIST,
  uuid: '3f2e3d4c-0000-4000-8000-000000000003',
  code: 'PCIEX-8000-KP',
  injected: true,
  suspects: [
    {
      fault: {
        class: 'fault.io.pciex.bus-linkerr-corr',
        certainty: 33,
        asru: parseFmri('dev:////pci@0,0/pci8086,3408@1'),
        fru: parseFmri('hc:///motherboard=0'),
        resource: parseFmri('hc:///motherboard=0/hostbridge=0/pciexrc=0/pciexbus=1'),
        location: 'MB',
      },
      status: faultStatus('faulty'),
    },
    {
      fault: {
        class: 'fault.io.pciex.device-interr-corr',
        certainty: 67,
        asru: parseFmri('dev:////pci@0,0/pci8086,3408@1/pci8086,10fb@0'),
        fru: parseFmri(`${PCI.replace('hc://', 'hc://:serial=A1')}`),
        resource: parseFmri(`${PCI}/pciexfn=0`),
        location: 'SLOT 1',
      },
      status: faultStatus('faulty', 'unusable'),
    },
  ],
}

/** A record of the fault log. */
export function faultRecord(list: SuspectList, timeNs = list.diagTimeNs): LogRecord {
  return {
    log: 'fault',
    number: 1,
    timeNs,
    event: suspectListToNvlist(list),
    ereports: [
      { timeNs: timeNs - 10_000_000_000n, class: L1_EREPORT, ena: 0x1b03a15ecf00001n },
      { timeNs, class: L1_EREPORT, ena: 0x1b03a15ecf00401n },
    ],
  }
}

export const L1_EREPORT = 'ereport.cpu.generic-x86.l1dcache'

/** A record of the error log. */
export function errorRecord(timeNs: bigint, ena: bigint, name = L1_EREPORT): LogRecord {
  const detector = nvlist({
    version: nv.uint8(0),
    scheme: nv.string('dev'),
    'device-path': nv.string('/'),
  })
  const members = nvlist({
    class: nv.string(name),
    ena: nv.uint64(ena),
    detector: nv.list(detector),
    bank_number: nv.uint8(0),
    __ttl: nv.uint8(1),
    __tod: nv.uint64s([timeNs / 1_000_000_000n, timeNs % 1_000_000_000n]),
  })
  return { log: 'error', number: 1, timeNs, event: members }
}
