// A fabric for scenarios: a root port with a device of two functions, one with a switch and two
// devices, one with a bridge to PCI, and a root bus with a PCI bridge.
import { type NvValue, nv } from '../../../src/fma/event/nvlist.js'
import { HostOfRules, partsOf, withProperties } from './host-of-rules.js'

export const RC = 'hostbridge=1/pciexrc=1'
export const NIC = `${RC}/pciexbus=1/pciexdev=0/pciexfn=0`
export const NIC1 = `${RC}/pciexbus=1/pciexdev=0/pciexfn=1`

export const SWITCH_RC = 'hostbridge=2/pciexrc=2'
export const UP = `${SWITCH_RC}/pciexbus=2/pciexdev=0/pciexfn=0`
export const DOWN = `${UP}/pciexbus=3/pciexdev=0/pciexfn=0`
export const DISK = `${DOWN}/pciexbus=4/pciexdev=0/pciexfn=0`
export const DOWN2 = `${UP}/pciexbus=3/pciexdev=1/pciexfn=0`
export const DISK2 = `${DOWN2}/pciexbus=5/pciexdev=0/pciexfn=0`

export const BRIDGE_RC = 'hostbridge=3/pciexrc=3'
export const BRIDGE = `${BRIDGE_RC}/pciexbus=6/pciexdev=0/pciexfn=0`
export const BUS = `${BRIDGE}/pcibus=7`
export const CARD = `${BUS}/pcidev=1/pcifn=0`
export const CARD2 = `${BUS}/pcidev=2/pcifn=0`

export const ROOT_BUS = 'hostbridge=0/pcibus=0'
export const SOUND = `${ROOT_BUS}/pcidev=27/pcifn=0`
export const USB = `${ROOT_BUS}/pcidev=29/pcifn=0`
export const PCI_BRIDGE = `${ROOT_BUS}/pcidev=30/pcifn=0`
export const FAR_BUS = `${PCI_BRIDGE}/pcibus=8`
export const FAR_CARD = `${FAR_BUS}/pcidev=4/pcifn=0`

const KINDS: Readonly<Record<string, Record<string, string>>> = {
  [RC]: { BDF: '0x18' },
  [NIC]: { 'extended-capabilities': 'pciexdev' },
  [NIC1]: { 'extended-capabilities': 'pciexdev' },
  [SWITCH_RC]: { BDF: '0x20' },
  [UP]: { 'extended-capabilities': 'pciexswu' },
  [DOWN]: { 'extended-capabilities': 'pciexswd' },
  [DOWN2]: { 'extended-capabilities': 'pciexswd' },
  [DISK]: { 'extended-capabilities': 'pciexdev' },
  [DISK2]: { 'extended-capabilities': 'pciexdev' },
  [BRIDGE_RC]: { BDF: '0x28' },
  [BRIDGE]: { 'extended-capabilities': 'pcibus' },
  [CARD]: { 'class-code': '40100' },
  [CARD2]: { 'class-code': '40100' },
  [SOUND]: { 'class-code': '40300' },
  [USB]: { 'class-code': 'c0300' },
  [PCI_BRIDGE]: { 'class-code': '60401' },
  [FAR_CARD]: { 'class-code': '40100' },
}

/** The fabric, with the rules over it. */
export const fabric = (): HostOfRules =>
  new HostOfRules(withProperties(partsOf(Object.keys(KINDS)), (place) => KINDS[place]))

/** The members by which an ereport says whose packet it was about: `1:0.0`. */
export function from(requester: string): Record<string, NvValue> {
  const [bus = 0, device = 0, fn = 0] = requester.split(/[:.]/).map(Number)
  const id = (bus << 8) | (device << 3) | fn
  return { 'source-valid': nv.boolean(true), 'source-id': nv.uint16(id) }
}
