// Capability: the two linked lists in configuration space.
//
//   0x34 -> [e0] 10 Express -> [a0] 11 MSI-X -> 00        0x100 -> [100] 0001 AER -> 000
//
// Holds: a walk ends, whatever the bytes are: a list that loops is followed once. Source: PCI
// Local Bus 3.0 section 6.7, PCI Express Base 3.0 section 7.9.
import { CLASSIC_BYTES, readConfig } from './config-space.js'
import { CAPABILITIES, STATUS } from './header-registers.js'
import { fieldOf, readRegister } from './register.js'

/** One entry of a list. */
export interface Capability {
  readonly id: number
  readonly at: number
  /** Of the extended list, from 0x100 on, with a version. */
  readonly extended: boolean
  readonly version: number
}

/** Ids of the classic list. */
export const CAP_POWER = 0x01
export const CAP_MSI = 0x05
export const CAP_VENDOR = 0x09
export const CAP_SUBSYSTEM = 0x0d
export const CAP_EXPRESS = 0x10
export const CAP_MSIX = 0x11
export const CAP_SATA = 0x12
/** Ids of the extended list. */
export const EXT_AER = 0x0001
export const EXT_SERIAL = 0x0003
export const EXT_ACS = 0x000d

/** All capabilities that the bytes show, the classic ones first, in the order of the lists. */
export function capabilities(bytes: Uint8Array): readonly Capability[] {
  return [...classic(bytes), ...extended(bytes)]
}

/** The first capability of an id; undefined when the bytes show none. */
export function capability(
  bytes: Uint8Array,
  id: number,
  isExtended = false,
): Capability | undefined {
  return capabilities(bytes).find((c) => c.id === id && c.extended === isExtended)
}

function classic(bytes: Uint8Array): readonly Capability[] {
  if (fieldOf(readRegister(bytes, 0, STATUS), 'Cap') === 0) return []
  const found: Capability[] = []
  const seen = new Set<number>()
  let at = (readConfig(bytes, CAPABILITIES.offset, 1) ?? 0) & ~3
  while (at !== 0 && !seen.has(at)) {
    seen.add(at)
    const word = readConfig(bytes, at, 2)
    if (word === undefined || (word & 0xff) === 0xff) break
    found.push({ id: word & 0xff, at, extended: false, version: 0 })
    at = (word >>> 8) & ~3
  }
  return found
}

function extended(bytes: Uint8Array): readonly Capability[] {
  const found: Capability[] = []
  const seen = new Set<number>()
  let at = CLASSIC_BYTES
  while (at >= CLASSIC_BYTES && !seen.has(at)) {
    seen.add(at)
    const word = readConfig(bytes, at, 4)
    if (word === undefined || word === 0 || word === 0xffff_ffff) break
    found.push({ id: word & 0xffff, at, extended: true, version: (word >>> 16) & 15 })
    at = (word >>> 20) & ~3
  }
  return found
}
