// RegisterMap: which registers a function has and where: the header's and those of every
// capability. What software writes passes through here.
//
//   write 0xffffffff to UESta  ->  the bits that were set are cleared, no other byte changes
//
// Holds: a write changes only `rw` bits and clears only `rw1c` bits; a reset restores all but the
// sticky ones.
import { aerRegisters } from './aer-registers.js'
import {
  CAP_EXPRESS,
  CAP_MSI,
  CAP_MSIX,
  CAP_POWER,
  CAP_SUBSYSTEM,
  type Capability,
  capabilities,
  capability,
  EXT_ACS,
  EXT_AER,
} from './capability.js'
import { readConfig } from './config-space.js'
import { expressRegisters, FLAGS, isRoot } from './express-registers.js'
import { BRIDGE_HEADER, DEVICE_HEADER, HEADER_TYPE } from './header-registers.js'
import {
  ACS_CAPABILITY,
  ACS_CONTROL,
  MSI_CONTROL,
  MSIX_REGISTERS,
  msiRegisters,
  POWER_REGISTERS,
  SUBSYSTEM_REGISTERS,
} from './message-registers.js'
import { fieldOf, maskOf, type PciRegister, readRegister } from './register.js'

/** A register in its place. */
export interface PlacedRegister {
  /** `header`, or the capability it belongs to, as `[e0] Express`. */
  readonly block: string
  readonly base: number
  readonly register: PciRegister
}

/** Whether a function is a bridge, by its header. */
export function isBridge(bytes: Uint8Array): boolean {
  return fieldOf(readRegister(bytes, 0, HEADER_TYPE), 'layout') === 1
}

/** The type of a PCI Express function (`PORT_TYPES`); undefined when it is none. */
export function portType(bytes: Uint8Array): number | undefined {
  const express = capability(bytes, CAP_EXPRESS)
  return express && fieldOf(readRegister(bytes, express.at, FLAGS), 'type')
}

/** Every register whose meaning is known. */
export function registersOf(bytes: Uint8Array): readonly PlacedRegister[] {
  const header = isBridge(bytes) ? BRIDGE_HEADER : DEVICE_HEADER
  const blocks = capabilities(bytes).flatMap((c) => {
    const block = `[${c.at.toString(16)}] ${blockName(c)}`
    return registersAt(bytes, c).map((register) => ({ block, base: c.at, register }))
  })
  return [...header.map((register) => ({ block: 'header', base: 0, register })), ...blocks]
}

function blockName({ id, extended }: Capability): string {
  const name = (extended ? EXTENDED_NAMES : CLASSIC_NAMES)[id]
  return name ?? `#${id.toString(16).padStart(2, '0')}`
}

const CLASSIC_NAMES: Readonly<Record<number, string>> = {
  [CAP_POWER]: 'Power Management',
  [CAP_MSI]: 'MSI',
  [CAP_EXPRESS]: 'Express',
  [CAP_MSIX]: 'MSI-X',
  [CAP_SUBSYSTEM]: 'Subsystem',
}
const EXTENDED_NAMES: Readonly<Record<number, string>> = {
  [EXT_AER]: 'Advanced Error Reporting',
  [EXT_ACS]: 'Access Control Services',
}

function registersAt(bytes: Uint8Array, { id, at, extended }: Capability): readonly PciRegister[] {
  if (extended) {
    if (id === EXT_ACS) return [ACS_CAPABILITY, ACS_CONTROL]
    return id === EXT_AER ? aerRegisters(isRoot(portType(bytes) ?? 0)) : []
  }
  if (id === CAP_EXPRESS) return expressRegisters(readRegister(bytes, at, FLAGS))
  if (id === CAP_MSI) return msiRegisters(readRegister(bytes, at, MSI_CONTROL).raw)
  if (id === CAP_MSIX) return MSIX_REGISTERS
  if (id === CAP_POWER) return POWER_REGISTERS
  return id === CAP_SUBSYSTEM ? SUBSYSTEM_REGISTERS : []
}

/** What may become of each bit of a configuration space. */
export interface AccessMasks {
  readonly writable: Uint8Array
  readonly clearable: Uint8Array
  readonly sticky: Uint8Array
}

/** The masks of a function. `fixed` says which address bits of which register are hardwired to 0:
 *  the size of a region. */
export function accessMasks(
  bytes: Uint8Array,
  fixed: ReadonlyMap<number, number> = new Map(),
): AccessMasks {
  const masks = {
    writable: new Uint8Array(bytes.length),
    clearable: new Uint8Array(bytes.length),
    sticky: new Uint8Array(bytes.length),
  }
  for (const { base, register } of registersOf(bytes)) {
    const at = base + register.offset
    const hardwired = fixed.get(at) ?? 0
    for (const field of register.fields) {
      const mask = maskOf(field) & ~hardwired
      if (field.access.startsWith('rw1c')) mark(masks.clearable, at, mask)
      else if (field.access.startsWith('rw')) mark(masks.writable, at, mask)
      if (field.access.endsWith('s')) mark(masks.sticky, at, mask)
    }
  }
  return masks
}

function mark(bytes: Uint8Array, at: number, mask: number): void {
  for (let i = 0; i < 4 && at + i < bytes.length; i++) {
    bytes[at + i] = (bytes[at + i] as number) | ((mask >>> (8 * i)) & 0xff)
  }
}

/** Writes as software does: only what may be written changes, ones clear what ones clear. */
export function writeConfig(
  bytes: Uint8Array,
  masks: AccessMasks,
  at: { readonly offset: number; readonly size: 1 | 2 | 4 },
  value: number,
): void {
  if (readConfig(bytes, at.offset, at.size) === undefined) return
  for (let i = 0; i < at.size; i++) {
    const place = at.offset + i
    const written = (value >>> (8 * i)) & 0xff
    const writable = masks.writable[place] as number
    const cleared = written & (masks.clearable[place] as number)
    const kept = (bytes[place] as number) & ~writable & ~cleared
    bytes[place] = kept | (written & writable)
  }
}

/** Resets a function: everything as in `initial`, except what is sticky. */
export function resetConfig(bytes: Uint8Array, masks: AccessMasks, initial: Uint8Array): void {
  for (let i = 0; i < bytes.length; i++) {
    const sticky = masks.sticky[i] as number
    bytes[i] = ((bytes[i] as number) & sticky) | ((initial[i] as number) & ~sticky)
  }
}
