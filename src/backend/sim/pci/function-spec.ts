// FunctionSpec: a PCI function as its data sheet and its firmware would have it, and the bytes of
// its configuration space that follow.
//
//   { vendor: 0x8086, device: 0x105e, capabilities: [...] }  ->  4096 bytes as after power on
//
// Holds: what software can write starts as the specification says; the firmware then assigns
// addresses and buses through ordinary writes, so that only what is writable changes.
import { AER_CONTROL, CE_MASK, UE_MASK, UE_SEVERITY } from '../../../machine/pci/aer-registers.js'
import {
  CAP_EXPRESS,
  CAP_MSI,
  CAP_MSIX,
  CAP_POWER,
  CAP_SUBSYSTEM,
  EXT_AER,
  EXT_SERIAL,
} from '../../../machine/pci/capability.js'
import { CLASSIC_BYTES, EXTENDED_BYTES, putConfig } from '../../../machine/pci/config-space.js'
import {
  DEVICE_CAPABILITIES,
  DEVICE_CONTROL,
  DOWNSTREAM_PORT,
  ENDPOINT,
  FLAGS,
  LINK_CAPABILITIES,
  LINK_STATUS,
  SLOT_CAPABILITIES,
  SLOT_STATUS,
} from '../../../machine/pci/express-registers.js'
import { STATUS } from '../../../machine/pci/header-registers.js'
import type { PciListing } from '../../../machine/pci/listing.js'
import {
  MSI_CONTROL,
  MSIX_CONTROL,
  POWER_CAPABILITIES,
} from '../../../machine/pci/message-registers.js'
import { type PciRegister, putField } from '../../../machine/pci/register.js'
import { accessMasks, writeConfig } from '../../../machine/pci/register-map.js'
import type { RequesterId } from '../../../machine/pci/requester-id.js'

/** A region of memory or I/O ports that a function answers in. */
export interface RegionSpec {
  /** Which base address register: 0 to 5; a 64-bit region takes the next one too. */
  readonly region: number
  readonly kind: 'memory' | 'memory64' | 'io'
  readonly prefetchable?: boolean
  readonly address: number
  readonly sizeBytes: number
}

/** The link of a port or device. */
export interface LinkSpec {
  /** 1 is 2.5, 2 is 5, 3 is 8 GT/s. */
  readonly speed: number
  readonly width: number
  readonly port?: number
  /** What the link came up with, where that is less. */
  readonly trained?: { readonly speed: number; readonly width: number }
}

/** A capability in its place. */
export type CapabilitySpec =
  | { readonly kind: 'power'; readonly at: number }
  | { readonly kind: 'msi'; readonly at: number; readonly maskable?: boolean }
  | {
      readonly kind: 'msix'
      readonly at: number
      readonly count: number
      readonly region: number
      readonly pendingAt: number
    }
  | { readonly kind: 'subsystem'; readonly at: number }
  | {
      readonly kind: 'express'
      readonly at: number
      readonly type: number
      readonly version: 1 | 2
      readonly link: LinkSpec
      /** Number of the slot a port ends in. */
      readonly slot?: number
    }

/** Which buses and windows a bridge forwards. */
export interface BridgeSpec {
  readonly primary: number
  readonly secondary: number
  readonly subordinate: number
  /** First and last address of the memory window; none when absent. */
  readonly memory?: readonly [first: number, last: number]
  /** The same of the prefetchable window, of 64 bits, below 4 GiB. */
  readonly prefetchable?: readonly [first: number, last: number]
  readonly io?: readonly [first: number, last: number]
}

/** One function. */
export interface FunctionSpec {
  readonly id: RequesterId
  readonly vendor: number
  readonly device: number
  /** Base class, subclass and programming interface. */
  readonly classCode: number
  readonly revision?: number
  readonly multifunction?: boolean
  readonly subsystem?: readonly [vendor: number, device: number]
  readonly regions?: readonly RegionSpec[]
  readonly rom?: { readonly address: number; readonly sizeBytes: number }
  readonly bridge?: BridgeSpec
  /** INTA is 1. */
  readonly pin?: number
  readonly line?: number
  /** In the order of the list. */
  readonly capabilities: readonly CapabilitySpec[]
  /** Version of its AER capability at 0x100; none when absent. */
  readonly aer?: 1 | 2
  /** Serial number at 0x140, high and low. */
  readonly serial?: readonly [high: number, low: number]
  readonly listing?: Partial<Omit<PciListing, 'id' | 'bytes'>>
  /** Its driver in dom0 takes part in recovery. */
  readonly recovers?: boolean
}

/** A function of a simulated machine: what it is, apart from the bytes as they are now. */
export interface SimFunction {
  readonly id: RequesterId
  /** As after power on. */
  readonly powerOn: Uint8Array
  /** As the firmware hands them over. */
  readonly booted: Uint8Array
  /** Address bits that are hardwired to 0, by the offset of their register. */
  readonly fixed: ReadonlyMap<number, number>
  readonly listing: Omit<PciListing, 'id' | 'bytes'>
  readonly recovers: boolean
}

/** Severity of AER as the specification presets it: with and without internal errors. */
const SEVERITY = { 1: 0x0006_2030, 2: 0x0046_2030 } as const
const UNCORRECTABLE_MASK = { 1: 0, 2: 0x0040_0000 } as const
const CORRECTABLE_MASK = { 1: 0x2000, 2: 0xe000 } as const
const AER_AT = 0x100
const SERIAL_AT = 0x140

/** Makes a function of its specification. */
export function simFunction(spec: FunctionSpec): SimFunction {
  const powerOn = powerOnBytes(spec)
  const fixed = fixedBits(spec)
  const booted = powerOn.slice()
  const masks = accessMasks(booted, fixed)
  for (const [offset, size, value] of firmwareWrites(spec)) {
    writeConfig(booted, masks, { offset, size }, value)
  }
  const sizes = new Map<number | 'rom', number>()
  for (const { region, sizeBytes } of spec.regions ?? []) sizes.set(region, sizeBytes)
  if (spec.rom !== undefined) sizes.set('rom', spec.rom.sizeBytes)
  const listing = { sizes, ...spec.listing }
  return { id: spec.id, powerOn, booted, fixed, listing, recovers: spec.recovers === true }
}

// ---- Power on.

function powerOnBytes(spec: FunctionSpec): Uint8Array {
  const isExpress = spec.capabilities.some((c) => c.kind === 'express')
  const bytes = new Uint8Array(isExpress ? EXTENDED_BYTES : CLASSIC_BYTES)
  putConfig(bytes, 0x00, 2, spec.vendor)
  putConfig(bytes, 0x02, 2, spec.device)
  putConfig(bytes, 0x08, 4, (spec.classCode << 8) | (spec.revision ?? 0))
  const layout = spec.bridge === undefined ? 0 : 1
  putConfig(bytes, 0x0e, 1, layout | (spec.multifunction === true ? 0x80 : 0))
  putConfig(bytes, 0x3d, 1, spec.pin ?? 0)
  if (spec.bridge === undefined) putSubsystem(bytes, 0x2c, spec)
  for (const region of spec.regions ?? []) {
    putConfig(bytes, 0x10 + 4 * region.region, 4, regionType(region))
  }
  if (spec.bridge?.prefetchable !== undefined) putPrefetchableType(bytes)
  linkClassic(bytes, spec)
  linkExtended(bytes, spec)
  return bytes
}

function putSubsystem(bytes: Uint8Array, at: number, { subsystem }: FunctionSpec): void {
  putConfig(bytes, at, 2, subsystem?.[0] ?? 0)
  putConfig(bytes, at + 2, 2, subsystem?.[1] ?? 0)
}

function putPrefetchableType(bytes: Uint8Array): void {
  putConfig(bytes, 0x24, 2, 1)
  putConfig(bytes, 0x26, 2, 1)
}

function regionType({ kind, prefetchable }: RegionSpec): number {
  if (kind === 'io') return 1
  return (kind === 'memory64' ? 4 : 0) | (prefetchable === true ? 8 : 0)
}

function linkClassic(bytes: Uint8Array, spec: FunctionSpec): void {
  const [first] = spec.capabilities
  if (first === undefined) return
  putField(bytes, { base: 0, register: STATUS }, 'Cap', 1)
  putConfig(bytes, 0x34, 1, first.at)
  spec.capabilities.forEach((capability, i) => {
    putConfig(bytes, capability.at, 1, CLASSIC_IDS[capability.kind])
    putConfig(bytes, capability.at + 1, 1, spec.capabilities[i + 1]?.at ?? 0)
    putCapability(bytes, capability, spec)
  })
}

const CLASSIC_IDS = {
  power: CAP_POWER,
  msi: CAP_MSI,
  msix: CAP_MSIX,
  subsystem: CAP_SUBSYSTEM,
  express: CAP_EXPRESS,
} as const

function putCapability(bytes: Uint8Array, cap: CapabilitySpec, spec: FunctionSpec): void {
  const put = (register: PciRegister, name: string, value: number): void =>
    putField(bytes, { base: cap.at, register }, name, value)
  switch (cap.kind) {
    case 'power':
      put(POWER_CAPABILITIES, 'version', 2)
      put(POWER_CAPABILITIES, 'PME', 0b11001)
      return
    case 'msi':
      put(MSI_CONTROL, '64bit', 1)
      put(MSI_CONTROL, 'Maskable', cap.maskable === true ? 1 : 0)
      return
    case 'msix':
      put(MSIX_CONTROL, 'Count', cap.count - 1)
      putConfig(bytes, cap.at + 4, 4, cap.region)
      putConfig(bytes, cap.at + 8, 4, cap.pendingAt | cap.region)
      return
    case 'subsystem':
      putSubsystem(bytes, cap.at + 4, spec)
      return
    case 'express':
      putExpress(put, cap)
  }
}

function putExpress(
  put: (register: PciRegister, name: string, value: number) => void,
  { version, type, slot, link }: Extract<CapabilitySpec, { kind: 'express' }>,
): void {
  put(FLAGS, 'version', version)
  put(FLAGS, 'type', type)
  put(FLAGS, 'slot', slot === undefined ? 0 : 1)
  put(DEVICE_CAPABILITIES, 'MaxPayload', 1)
  put(DEVICE_CAPABILITIES, 'RBE', 1)
  if (type === ENDPOINT) {
    put(DEVICE_CAPABILITIES, 'L0s', 3)
    put(DEVICE_CAPABILITIES, 'L1', 6)
    put(DEVICE_CONTROL, 'RlxdOrd', 1)
    put(DEVICE_CONTROL, 'NoSnoop', 1)
  }
  put(DEVICE_CONTROL, 'MaxReadReq', 2)
  put(LINK_CAPABILITIES, 'Speed', link.speed)
  put(LINK_CAPABILITIES, 'Width', link.width)
  put(LINK_CAPABILITIES, 'ASPM', 1)
  put(LINK_CAPABILITIES, 'L0s', 4)
  put(LINK_CAPABILITIES, 'Port', link.port ?? 0)
  if (type === DOWNSTREAM_PORT || slot !== undefined) put(LINK_CAPABILITIES, 'Surprise', 1)
  put(LINK_STATUS, 'Speed', link.trained?.speed ?? link.speed)
  put(LINK_STATUS, 'Width', link.trained?.width ?? link.width)
  put(LINK_STATUS, 'SlotClk', 1)
  if (slot === undefined) return
  put(SLOT_CAPABILITIES, 'Slot', slot)
  put(SLOT_CAPABILITIES, 'PowerLimit', 25)
  put(SLOT_STATUS, 'PresDet', 1)
}

function linkExtended(bytes: Uint8Array, { aer, serial }: FunctionSpec): void {
  if (aer !== undefined) {
    const next = serial === undefined ? 0 : SERIAL_AT
    putConfig(bytes, AER_AT, 4, EXT_AER | (aer << 16) | (next << 20))
    const put = (register: PciRegister, value: number): void =>
      putConfig(bytes, AER_AT + register.offset, 4, value)
    put(UE_SEVERITY, SEVERITY[aer])
    put(UE_MASK, UNCORRECTABLE_MASK[aer])
    put(CE_MASK, CORRECTABLE_MASK[aer])
    put(AER_CONTROL, 0xa0)
  }
  if (serial === undefined) return
  putConfig(bytes, SERIAL_AT, 4, EXT_SERIAL | (1 << 16))
  putConfig(bytes, SERIAL_AT + 4, 4, serial[1])
  putConfig(bytes, SERIAL_AT + 8, 4, serial[0])
}

function fixedBits({ regions = [], rom, bridge }: FunctionSpec): ReadonlyMap<number, number> {
  const fixed = new Map<number, number>()
  for (let n = 0; n < (bridge === undefined ? 6 : 2); n++) fixed.set(0x10 + 4 * n, 0xffff_ffff)
  for (const { region, kind, sizeBytes } of regions) {
    fixed.set(0x10 + 4 * region, sizeBytes - 1)
    if (kind === 'memory64') fixed.set(0x14 + 4 * region, 0)
  }
  fixed.set(bridge === undefined ? 0x30 : 0x38, rom === undefined ? 0xffff_ffff : rom.sizeBytes - 2)
  return fixed
}

// ---- Firmware.

type Write = readonly [offset: number, size: 1 | 2 | 4, value: number]

/** I/O, memory, bus master, SERR. */
const COMMAND_AT_BOOT = 0x107
const BRIDGE_SERR = 2

function firmwareWrites(spec: FunctionSpec): readonly Write[] {
  const { regions = [], rom, bridge } = spec
  return [
    ...regions.map(({ region, address }): Write => [0x10 + 4 * region, 4, address]),
    ...(rom === undefined ? [] : [[0x30, 4, rom.address] satisfies Write]),
    ...(bridge === undefined ? [] : bridgeWrites(bridge)),
    [0x0c, 1, 0x10],
    [0x3c, 1, spec.line ?? 0],
    [0x04, 2, COMMAND_AT_BOOT],
  ]
}

/** A window whose base is above its limit is closed. */
const CLOSED = [0xfff0_0000, 0] as const
const CLOSED_IO = [0xf000, 0] as const

function bridgeWrites(bridge: BridgeSpec): readonly Write[] {
  const { memory = CLOSED, prefetchable = CLOSED, io = CLOSED_IO } = bridge
  return [
    [0x18, 1, bridge.primary],
    [0x19, 1, bridge.secondary],
    [0x1a, 1, bridge.subordinate],
    [0x1c, 1, io[0] >>> 8],
    [0x1d, 1, io[1] >>> 8],
    [0x20, 2, memory[0] >>> 16],
    [0x22, 2, memory[1] >>> 16],
    [0x24, 2, prefetchable[0] >>> 16],
    [0x26, 2, prefetchable[1] >>> 16],
    [0x3e, 2, BRIDGE_SERR],
  ]
}
