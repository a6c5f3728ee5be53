// PciProperties: what a part of PCI says of itself: groups `io` and `pci`.
//
//   io: dev, devtype, driver     pci: device-id, vendor-id, class-code, extended-capabilities, BDF,
//   link widths and speeds of a device
//
// Holds: numbers of ids are hexadecimal texts; speeds are in transfers a second.
// Source: illumos-gate usr/src/lib/fm/topo/modules/common/pcibus/did_props.c; uts pcie.c.
import { CAP_EXPRESS, capability } from '../../machine/pci/capability.js'
import {
  DOWNSTREAM_PORT,
  FLAGS,
  LINK_CAPABILITIES,
  LINK_CAPABILITIES_2,
  LINK_STATUS,
  UPSTREAM_PORT,
} from '../../machine/pci/express-registers.js'
import { boardParts, deviceParts } from '../../machine/pci/pci-names.js'
import { fieldOf, type PciRegister, readRegister } from '../../machine/pci/register.js'
import { number, text } from './part.js'
import type { PciDevice } from './pci-device.js'
import { privateGroup, type TopoGroup, type TopoProperty } from './topology.js'

/** Types of PCI Express functions: a bridge to PCI, and one the other way round. */
export const TO_PCI = 7
const TO_EXPRESS = 8

/** Of a root port. */
export function rootComplexGroups(port: PciDevice, path: string): readonly TopoGroup[] {
  const bdf = text('BDF', `0x${port.listing.id.toString(16)}`)
  return [
    privateGroup('io', ioProperties(port, path)),
    privateGroup('pci', [text('extended-capabilities', 'pciexrc'), bdf]),
  ]
}

/** Of a function. */
export function functionGroups(
  device: PciDevice,
  path: string,
  isExpress: boolean,
): readonly TopoGroup[] {
  const { vendor, device: id, classCode, type } = device
  const hex = (name: string, value: number): TopoProperty => text(name, value.toString(16))
  const extended = extendedCapabilities(type, isExpress)
  return [
    privateGroup('io', ioProperties(device, path)),
    privateGroup('pci', [
      hex('device-id', id),
      ...(extended === undefined ? [] : [text('extended-capabilities', extended)]),
      hex('class-code', classCode),
      hex('vendor-id', vendor),
      ...nameProperties(device),
    ]),
  ]
}

/** Names, where the database has them. */
function nameProperties({ vendor, device, board }: PciDevice): readonly TopoProperty[] {
  const names = deviceParts(vendor, device, 0)
  const boardName = board === undefined ? '' : boardParts({ vendor, device }, board, 0)[1]
  const rows: readonly (readonly [name: string, value: string])[] = [
    ['vendor-name', names[0]],
    ['device-name', names[1]],
    ['subsystem-name', boardName === names[1] ? '' : boardName],
  ]
  const isName = (value: string): boolean => !/^(Vendor|Device) [0-9a-f]{4}$|^$/.test(value)
  return rows.filter(([, value]) => isName(value)).map(([name, value]) => text(name, value))
}

function ioProperties({ type, secondary, listing }: PciDevice, path: string) {
  const { driver } = listing
  const kind = type === undefined || type === TO_PCI ? 'pci' : 'pciex'
  return [
    text('dev', path),
    ...(secondary === undefined ? [] : [text('devtype', kind)]),
    ...(driver === undefined ? [] : [text('driver', driver)]),
  ]
}

/** What illumos calls a function of PCI Express by its type; undefined for conventional PCI. */
function extendedCapabilities(type: number | undefined, isExpress: boolean): string | undefined {
  if (type === TO_EXPRESS) return 'pciexbus'
  if (!isExpress) return undefined
  if (type === UPSTREAM_PORT) return 'pciexswu'
  if (type === DOWNSTREAM_PORT) return 'pciexswd'
  return type === TO_PCI ? 'pcibus' : 'pciexdev'
}

/** Transfers a second, by the number that registers have for them. */
const SPEEDS = [0n, 25n, 50n, 80n, 160n, 320n, 640n].map((tenths) => tenths * 100_000_000n)

/** Of a device with a link: what its first function says of it. */
export function linkGroups({ listing, type }: PciDevice): readonly TopoGroup[] {
  const express = capability(listing.bytes, CAP_EXPRESS)
  if (express === undefined || type === undefined) return []
  const read = (register: PciRegister, field: string): number =>
    fieldOf(readRegister(listing.bytes, express.at, register), field)
  const speed = (name: string, value: number): readonly TopoProperty[] => {
    const transfers = SPEEDS[value] ?? 0n
    return transfers === 0n ? [] : [{ name, type: 'uint64', value: transfers }]
  }
  const mostWidth = read(LINK_CAPABILITIES, 'Width')
  if (mostWidth === 0) return []
  const fastest = read(LINK_CAPABILITIES, 'Speed')
  const bits = read(FLAGS, 'version') > 1 ? read(LINK_CAPABILITIES_2, 'Speeds') : 0
  const properties: readonly TopoProperty[] = [
    number('link-maximum-width', 'uint32', mostWidth),
    number('link-current-width', 'uint32', read(LINK_STATUS, 'Width')),
    ...speed('link-maximum-speed', fastest),
    ...speed('link-current-speed', read(LINK_STATUS, 'Speed')),
    { name: 'link-supported-speeds', type: 'uint64[]', value: supported(bits, fastest) },
  ]
  return [privateGroup('pci', properties)]
}

/** One bit each, or without them all up to the fastest. */
function supported(bits: number, fastest: number): readonly bigint[] {
  const isIn = (n: number): boolean => (bits === 0 ? n <= fastest : ((bits >> (n - 1)) & 1) === 1)
  return SPEEDS.filter((_, n) => n > 0 && isIn(n))
}
