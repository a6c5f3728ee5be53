// PciDevice: a PCI function as topology sees it, out of its configuration space.
//
//   bytes of 02:00.0  ->  bridge of a switch to bus 3, node name pci8086,3510 at unit 0
//
// Source: PCI Express Base 3.0 section 7; names as illumos-gate usr/src/uts/intel/io/pci/pci_boot.c
// makes them.
import { CAP_EXPRESS, capability } from '../../machine/pci/capability.js'
import { readConfig } from '../../machine/pci/config-space.js'
import { FLAGS, SLOT_CAPABILITIES } from '../../machine/pci/express-registers.js'
import type { PciListing } from '../../machine/pci/listing.js'
import { fieldOf, readRegister } from '../../machine/pci/register.js'
import { isBridge, portType } from '../../machine/pci/register-map.js'
import { partsOf } from '../../machine/pci/requester-id.js'

/** A function with what its header and capabilities say. */
export interface PciDevice {
  readonly listing: PciListing
  readonly vendor: number
  readonly device: number
  readonly classCode: number
  /** Whose board it is on, by its numbers; undefined where it does not say. */
  readonly board: readonly [vendor: number, device: number] | undefined
  /** Of PCI Express (`PORT_TYPES`); undefined when it is conventional PCI. */
  readonly type: number | undefined
  /** The bus behind it, when it is a bridge. */
  readonly secondary: number | undefined
  /** The slot it ends in. */
  readonly slot: number | undefined
  /** As the last step of a device path: `pci8086,105e@0,1`. */
  readonly nodeName: string
}

/** Reads a function. */
export function pciDevice(listing: PciListing): PciDevice {
  const { bytes } = listing
  const read = (offset: number, size: 1 | 2 | 4): number => readConfig(bytes, offset, size) ?? 0
  const secondary = isBridge(bytes) ? read(0x19, 1) : 0
  const identity = { vendor: read(0, 2), device: read(2, 2), classCode: read(8, 4) >>> 8 }
  return {
    listing,
    ...identity,
    board: boardOf(bytes),
    type: portType(bytes),
    secondary: secondary === 0 ? undefined : secondary,
    slot: slotOf(bytes),
    nodeName: nodeName(listing, identity),
  }
}

/** Bridges have it elsewhere, where names of nodes are not made of it. */
function boardOf(bytes: Uint8Array): PciDevice['board'] {
  const vendor = isBridge(bytes) ? 0 : (readConfig(bytes, 0x2c, 2) ?? 0)
  return vendor === 0 ? undefined : [vendor, readConfig(bytes, 0x2e, 2) ?? 0]
}

function slotOf(bytes: Uint8Array): number | undefined {
  const express = capability(bytes, CAP_EXPRESS)
  if (express === undefined) return undefined
  if (fieldOf(readRegister(bytes, express.at, FLAGS), 'slot') === 0) return undefined
  return fieldOf(readRegister(bytes, express.at, SLOT_CAPABILITIES), 'Slot')
}

/** Base class and subclass. */
const VGA = 0x0300
const OTHER_DISPLAY = 0x0380
const ISA_BRIDGE = 0x0601

function nodeName(
  { id, bytes }: PciListing,
  { vendor, device, classCode }: Pick<PciDevice, 'vendor' | 'device' | 'classCode'>,
): string {
  const { device: unit, function: fn } = partsOf(id)
  const at = fn === 0 ? unit.toString(16) : `${unit.toString(16)},${fn.toString(16)}`
  const sub = classCode >>> 8
  if (sub === VGA || sub === OTHER_DISPLAY) return `display@${at}`
  if (sub === ISA_BRIDGE) return `isa@${at}`
  const [a, b] = boardOf(bytes) ?? [vendor, device]
  return `pci${a.toString(16)},${b.toString(16)}@${at}`
}
