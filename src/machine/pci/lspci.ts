// lspci: what the tool of that name prints of a hierarchy.
//
//   lspci(['-vvv', '-s', '03:00.0'], listings)  ->  { status: 0, stdout: '03:00.0 Ethernet ...' }
//
// Holds: nothing but the bytes and what the listing adds is told; a reader without privilege has
// 64 bytes and is told that the rest is denied. Form: lspci 3.9.0.
import type { CommandOutcome } from '../active-machine.js'
import { CAP_SUBSYSTEM, capability } from './capability.js'
import { hexDump, readConfig } from './config-space.js'
import type { PciListing } from './listing.js'
import { capabilityLines } from './lspci-capability.js'
import { hex } from './lspci-format.js'
import { headerLines } from './lspci-header.js'
import { type MachineFacts, machineText } from './lspci-machine.js'
import { type DeviceIds, type LspciOptions, readOptions } from './lspci-option.js'
import { treeText } from './lspci-tree.js'
import { boardText, className, deviceText, hex4, interfaceName } from './pci-names.js'
import { isBridge } from './register-map.js'
import { partsOf, printRequesterId, type RequesterId } from './requester-id.js'

/** Runs `lspci` with these words over these functions. */
export function lspci(words: readonly string[], listings: readonly PciListing[]): CommandOutcome {
  const read = readOptions(words)
  if (read.kind === 'refused') return { status: 1, stdout: '', stderr: read.message }
  const { options } = read
  const shown = [...listings]
    .sort((a, b) => a.id - b.id)
    .filter((l) => options.selects(l.id) && options.matches(idsOf(l.bytes)))
  const stdout = options.tree
    ? treeText(shown, (l) => (options.verbose > 0 ? `  ${nameOf(l, options)}` : ''))
    : shown.map((listing) => functionText(listing, { options, listings })).join('')
  return { status: 0, stdout, stderr: '' }
}

function idsOf(bytes: Uint8Array): DeviceIds {
  const word = (at: number): number => readConfig(bytes, at, 2) ?? 0
  return { vendor: word(0), device: word(2), classCode: word(10) }
}

/** What was asked for, and of which functions. */
interface Asked {
  readonly options: LspciOptions
  readonly listings: readonly PciListing[]
}

function functionText(listing: PciListing, asked: Asked): string {
  const { options } = asked
  const { verbose } = options
  if (options.machine > 0) return machineText(listing, machineFacts(listing, asked), options)
  const about = [
    ...(verbose > 0 || options.drivers ? subsystem(listing, options) : []),
    ...(verbose > 0 ? body(listing, options) : []),
    ...(verbose > 0 || options.drivers ? drivers(listing) : []),
  ]
  const text = about.map((line) => `\t${line}\n`).join('')
  const dump = options.hex === 0 ? '' : hexDump(listing.bytes.subarray(0, shownBytes(options)))
  const gap = verbose > 0 || options.hex > 0 ? '\n' : ''
  return `${title(listing, asked)}\n${text}${dump}${gap}`
}

function shownBytes({ hex: times }: LspciOptions): number {
  if (times > 3) return 4096
  return times > 2 ? 256 : 64
}

function machineFacts(listing: PciListing, asked: Asked): MachineFacts {
  const { bytes } = listing
  const ids = idsOf(bytes)
  return {
    address: address(listing.id, asked),
    className: classText(ids.classCode, asked.options.numeric),
    ids,
    revision: readConfig(bytes, 8, 1) ?? 0,
    progIf: readConfig(bytes, 9, 1) ?? 0,
    board: boardOf(bytes),
  }
}

/** As it is asked for: with the domain, with the bridges above. */
function address(id: RequesterId, { options, listings }: Asked): string {
  const domain = options.domains ? '0000:' : ''
  if (options.path === 0) return `${domain}${printRequesterId(id)}`
  const path = pathTo(id, listings).map((step, depth) =>
    depth === 0 || options.path > 1 ? printRequesterId(step) : printRequesterId(step).slice(3),
  )
  return `${domain}${path.join('/')}`
}

/** A function and the bridges above it, from the root on. */
function pathTo(id: RequesterId, listings: readonly PciListing[]): readonly RequesterId[] {
  const path = [id]
  for (let bus = partsOf(id).bus; bus !== 0 && path.length < 256; ) {
    const above = listings.find((l) => isBridge(l.bytes) && readConfig(l.bytes, 0x19, 1) === bus)
    if (above === undefined) break
    path.unshift(above.id)
    bus = partsOf(above.id).bus
  }
  return path
}

function title(listing: PciListing, asked: Asked): string {
  const { options } = asked
  const { bytes, id } = listing
  const { classCode } = idsOf(bytes)
  const revision = readConfig(bytes, 8, 1) ?? 0
  const kind = classText(classCode, options.numeric)
  return [
    `${address(id, asked)} ${kind}: ${nameOf(listing, options)}`,
    ...(revision === 0 ? [] : [`(rev ${hex(revision, 2)})`]),
    ...(options.verbose > 0 ? progIf(bytes, classCode) : []),
  ].join(' ')
}

function classText(code: number, numeric: number): string {
  if (numeric === 1) return hex4(code)
  const name = className(code)
  if (numeric === 0 || name.endsWith(']')) return name
  return `${name.replace(/ [0-9a-f]{4}$/, '')} [${hex4(code)}]`
}

function progIf(bytes: Uint8Array, code: number): readonly string[] {
  const value = readConfig(bytes, 9, 1) ?? 0
  const name = interfaceName(code, value)
  if (name === undefined && value === 0) return []
  return [`(prog-if ${hex(value, 2)}${name === undefined ? '' : ` [${name}]`})`]
}

function nameOf({ bytes }: PciListing, { numeric }: LspciOptions): string {
  const { vendor, device } = idsOf(bytes)
  return deviceText(vendor, device, numeric)
}

function subsystem({ bytes }: PciListing, { numeric }: LspciOptions): readonly string[] {
  const board = boardOf(bytes)
  return board === undefined ? [] : [`Subsystem: ${boardText(idsOf(bytes), board, numeric)}`]
}

/** Vendor and device of the board a function is on; undefined where it says none. */
function boardOf(bytes: Uint8Array): readonly [vendor: number, device: number] | undefined {
  const at = isBridge(bytes) ? subsystemCapability(bytes) : 0x2c
  const vendor = at === undefined ? 0 : (readConfig(bytes, at, 2) ?? 0)
  const device = at === undefined ? 0 : (readConfig(bytes, at + 2, 2) ?? 0)
  return vendor === 0 || vendor === 0xffff ? undefined : [vendor, device]
}

/** A bridge says what board it is on in a capability. */
function subsystemCapability(bytes: Uint8Array): number | undefined {
  const found = capability(bytes, CAP_SUBSYSTEM)
  return found === undefined ? undefined : found.at + 4
}

function body(listing: PciListing, { verbose, numeric }: LspciOptions): readonly string[] {
  const { physicalSlot } = listing
  return [
    ...(physicalSlot === undefined ? [] : [`Physical Slot: ${physicalSlot}`]),
    ...headerLines(listing, verbose),
    ...capabilityLines(listing, verbose, numeric),
  ]
}

function drivers({ driver, modules = [] }: PciListing): readonly string[] {
  return [
    ...(driver === undefined ? [] : [`Kernel driver in use: ${driver}`]),
    ...(modules.length === 0 ? [] : [`Kernel modules: ${modules.join(', ')}`]),
  ]
}
