// What `lspci` says of a function's header: control and status, regions, what a bridge forwards.
//
// Held to lspci 3.9.0: its own decode of the same bytes.
import { readConfig } from './config-space.js'
import {
  BRIDGE_CONTROL,
  CACHE_LINE,
  COMMAND,
  LATENCY,
  SECONDARY_STATUS,
  STATUS,
} from './header-registers.js'
import type { PciListing } from './listing.js'
import { flags, hex, sizeText } from './lspci-format.js'
import { fieldOf, readRegister } from './register.js'
import { isBridge } from './register-map.js'

const SPEEDS = ['fast', 'medium', 'slow', '??']

/** The lines of control, status, interrupt, regions and bridge. `verbose` is the number of v. */
export function headerLines(listing: PciListing, verbose: number): readonly string[] {
  const bridge = isBridge(listing.bytes)
  return [
    ...(verbose > 1 ? longStatus(listing) : [shortStatus(listing)]),
    ...(verbose > 1 ? latency(listing.bytes, bridge) : []),
    ...(verbose > 1 ? interrupt(listing) : []),
    ...selfTest(listing.bytes),
    ...regions(listing, { verbose, count: bridge ? 2 : 6 }),
    ...(bridge ? behind(listing.bytes, verbose) : []),
    ...rom(listing, bridge ? 0x38 : 0x30),
    ...(bridge && verbose > 1 ? bridgeControl(listing.bytes) : []),
  ]
}

const byte = (bytes: Uint8Array, at: number): number => readConfig(bytes, at, 1) ?? 0

function longStatus({ bytes }: PciListing): readonly string[] {
  const control = readRegister(bytes, 0, COMMAND)
  const status = readRegister(bytes, 0, STATUS)
  const speed = SPEEDS[fieldOf(status, 'DEVSEL')]
  const names = 'I/O Mem BusMaster SpecCycle MemWINV VGASnoop ParErr Stepping SERR FastB2B DisINTx'
  return [
    `Control: ${flags(control, names)}`,
    `Status: ${flags(status, 'Cap 66MHz UDF FastB2B ParErr')} DEVSEL=${speed} ` +
      flags(status, '>TAbort <TAbort <MAbort >SERR <PERR INTx'),
  ]
}

function shortStatus(listing: PciListing): string {
  const { bytes } = listing
  const status = readRegister(bytes, 0, STATUS)
  const control = readRegister(bytes, 0, COMMAND)
  const isMaster = fieldOf(control, 'BusMaster') === 1
  const irq = irqOf(listing)
  const parts = [
    ...(isMaster ? ['bus master'] : []),
    ...(fieldOf(control, 'VGASnoop') === 1 ? ['VGA palette snoop'] : []),
    ...(fieldOf(control, 'Stepping') === 1 ? ['stepping'] : []),
    ...(fieldOf(control, 'FastB2B') === 1 ? ['fast Back2Back'] : []),
    ...(fieldOf(status, '66MHz') === 1 ? ['66MHz'] : []),
    ...(fieldOf(status, 'UDF') === 1 ? ['user-definable features'] : []),
    `${SPEEDS[fieldOf(status, 'DEVSEL')]} devsel`,
    ...(isMaster ? [`latency ${byte(bytes, LATENCY.offset)}`] : []),
    ...(irq === 0 ? [] : [`IRQ ${irq}`]),
  ]
  return `Flags: ${parts.join(', ')}`
}

const irqOf = ({ bytes, irq }: PciListing): number => irq ?? byte(bytes, 0x3c)

function latency(bytes: Uint8Array, bridge: boolean): readonly string[] {
  if (fieldOf(readRegister(bytes, 0, COMMAND), 'BusMaster') === 0) return []
  const least = bridge ? 0 : byte(bytes, 0x3e)
  const most = bridge ? 0 : byte(bytes, 0x3f)
  const bursts = [
    ...(least === 0 ? [] : [`${least * 250}ns min`]),
    ...(most === 0 ? [] : [`${most * 250}ns max`]),
  ]
  const between = bursts.length === 0 ? '' : ` (${bursts.join(', ')})`
  const line = byte(bytes, CACHE_LINE.offset)
  const cache = line === 0 ? '' : `, Cache Line Size: ${4 * line} bytes`
  return [`Latency: ${byte(bytes, LATENCY.offset)}${between}${cache}`]
}

function interrupt(listing: PciListing): readonly string[] {
  const pin = byte(listing.bytes, 0x3d)
  const irq = irqOf(listing)
  if (pin === 0 && irq === 0) return []
  const name = pin === 0 ? '?' : String.fromCharCode(64 + pin)
  return [`Interrupt: pin ${name} routed to IRQ ${irq}`]
}

function selfTest(bytes: Uint8Array): readonly string[] {
  const test = byte(bytes, 0x0f)
  if ((test & 0x80) === 0) return []
  return [(test & 0x40) !== 0 ? 'BIST is running' : `BIST result: ${hex(test & 15, 2)}`]
}

interface RegionOptions {
  readonly verbose: number
  readonly count: number
}

function regions({ bytes, sizes }: PciListing, { verbose, count }: RegionOptions): string[] {
  const control = readRegister(bytes, 0, COMMAND)
  const lines: string[] = []
  for (let n = 0; n < count; n++) {
    const low = readConfig(bytes, 0x10 + 4 * n, 4) ?? 0
    const isLong = (low & 7) === 4
    const high = isLong ? (readConfig(bytes, 0x14 + 4 * n, 4) ?? 0) : 0
    const size = sizes?.get(n)
    const isThere = (low !== 0 && low !== 0xffff_ffff) || size !== undefined
    const label = verbose > 1 ? `Region ${n}: ` : ''
    if (isThere) lines.push(`${label}${regionText({ low, high }, control)}${sizeText(size)}`)
    if (isLong) n += 1
  }
  return lines
}

/** Whether a function answers in memory. */
export function hasMemoryRegion(bytes: Uint8Array): boolean {
  const count = isBridge(bytes) ? 2 : 6
  for (let n = 0; n < count; n++) {
    const low = readConfig(bytes, 0x10 + 4 * n, 4) ?? 0
    if ((low & 1) === 0 && low !== 0) return true
  }
  return false
}

function regionText(
  { low, high }: { low: number; high: number },
  control: ReturnType<typeof readRegister>,
): string {
  if ((low & 1) === 1) {
    const port = (low & ~3) >>> 0
    const isOn = fieldOf(control, 'I/O') === 1
    const where = port !== 0 || isOn ? hex(port, 4) : '<unassigned>'
    return `I/O ports at ${where}${isOn ? '' : ' [disabled]'}`
  }
  const address = BigInt((low & ~15) >>> 0) | (BigInt(high) << 32n)
  const isOn = fieldOf(control, 'Mem') === 1
  const where = address === 0n ? '<unassigned>' : hex(address, 8)
  const type = ['32-bit', 'low-1M', '64-bit', 'type 3'][(low >>> 1) & 3]
  const kind = `(${type}, ${(low & 8) === 0 ? 'non-' : ''}prefetchable)`
  return `Memory at ${where} ${kind}${isOn ? '' : ' [disabled]'}`
}

function rom({ bytes, sizes }: PciListing, at: number): readonly string[] {
  const value = readConfig(bytes, at, 4) ?? 0
  const size = sizes?.get('rom')
  const address = (value & ~0x7ff) >>> 0
  if (address === 0 && (value & 1) === 0 && size === undefined) return []
  const answers = fieldOf(readRegister(bytes, 0, COMMAND), 'Mem') === 1
  const off = answers ? '' : ' [disabled by cmd]'
  const where = address === 0 ? '<unassigned>' : hex(address, 8)
  return [`Expansion ROM at ${where}${(value & 1) === 1 ? off : ' [disabled]'}${sizeText(size)}`]
}

// ---- Bridges.

function behind(bytes: Uint8Array, verbose: number): readonly string[] {
  const bus = (at: number): string => hex(byte(bytes, at), 2)
  const lines = [
    `Bus: primary=${bus(0x18)}, secondary=${bus(0x19)}, subordinate=${bus(0x1a)}, ` +
      `sec-latency=${byte(bytes, 0x1b)}`,
    ioWindow(bytes, verbose),
    memoryWindow(bytes, { name: 'Memory', at: 0x20, verbose }),
    memoryWindow(bytes, { name: 'Prefetchable memory', at: 0x24, verbose }),
  ]
  if (verbose < 2) return lines
  const status = readRegister(bytes, 0, SECONDARY_STATUS)
  const told =
    `Secondary status: ${flags(status, '66MHz FastB2B ParErr')} ` +
    `DEVSEL=${SPEEDS[fieldOf(status, 'DEVSEL')]} ` +
    flags(status, '>TAbort <TAbort <MAbort <SERR <PERR')
  return [...lines, told]
}

interface Window {
  readonly name: string
  readonly first: bigint
  readonly last: bigint
  readonly bits: number
  readonly verbose: number
}

function windowText({ name, first, last, bits, verbose }: Window): string {
  const isOpen = first <= last
  const digits = Math.max(4, bits / 4)
  const range = isOpen || verbose > 2 ? ` ${hex(first, digits)}-${hex(last, digits)}` : ''
  const size = isOpen ? sizeText(Number(last - first + 1n)) : ' [disabled]'
  return `${name} behind bridge:${range}${size} [${bits}-bit]`
}

function ioWindow(bytes: Uint8Array, verbose: number): string {
  const base = byte(bytes, 0x1c)
  const limit = byte(bytes, 0x1d)
  const isLong = (base & 15) === 1
  const upper = (at: number): number => (isLong ? (readConfig(bytes, at, 2) ?? 0) : 0)
  const end = (value: number, at: number): bigint =>
    BigInt(upper(at)) * 0x10000n + BigInt((value & 0xf0) << 8)
  const first = end(base, 0x30)
  const last = end(limit, 0x32) | 0xfffn
  return windowText({ name: 'I/O', first, last, bits: isLong ? 32 : 16, verbose })
}

function memoryWindow(
  bytes: Uint8Array,
  window: { readonly name: string; readonly at: number; readonly verbose: number },
): string {
  const base = readConfig(bytes, window.at, 2) ?? 0
  const limit = readConfig(bytes, window.at + 2, 2) ?? 0
  const isLong = (base & 15) === 1
  const upper = (at: number): bigint => (isLong ? BigInt(readConfig(bytes, at, 4) ?? 0) : 0n)
  const end = (value: number, at: number): bigint =>
    (upper(at) << 32n) | BigInt(((value & 0xfff0) << 16) >>> 0)
  const first = end(base, 0x28)
  const last = end(limit, 0x2c) | 0xfffffn
  const { name, verbose } = window
  return windowText({ name, first, last, bits: isLong ? 64 : 32, verbose })
}

function bridgeControl(bytes: Uint8Array): readonly string[] {
  const control = readRegister(bytes, 0, BRIDGE_CONTROL)
  return [
    `BridgeCtl: ${flags(control, 'Parity SERR NoISA VGA VGA16 MAbort >Reset FastB2B')}`,
    `\t${flags(control, 'PriDiscTmr SecDiscTmr DiscTmrStat DiscTmrSERREn')}`,
  ]
}
