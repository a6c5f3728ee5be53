// What `lspci` says of capabilities: a line each, and with `-vv` the registers of those known.
//
// Held to lspci 3.9.0: its own decode of the same bytes. It knows of AER the twelve errors that
// the specification had first.
import {
  AER_CONTROL,
  CE_MASK,
  CE_STATUS,
  ERROR_SOURCE,
  HEADER_LOG,
  ROOT_COMMAND,
  ROOT_ERROR_STATUS,
  UE_MASK,
  UE_SEVERITY,
  UE_STATUS,
} from './aer-registers.js'
import {
  CAP_EXPRESS,
  CAP_MSI,
  CAP_MSIX,
  CAP_POWER,
  CAP_SATA,
  CAP_SUBSYSTEM,
  CAP_VENDOR,
  type Capability,
  capabilities,
  EXT_ACS,
  EXT_AER,
  EXT_SERIAL,
} from './capability.js'
import { readConfig } from './config-space.js'
import { isRoot } from './express-registers.js'
import type { PciListing } from './listing.js'
import { expressLines } from './lspci-express.js'
import { flags, hex } from './lspci-format.js'
import {
  ACS_CAPABILITY,
  ACS_CONTROL,
  MSI_CONTROL,
  MSIX_CONTROL,
  MSIX_PENDING,
  MSIX_TABLE,
  POWER_CAPABILITIES,
  POWER_STATUS,
} from './message-registers.js'
import { boardText } from './pci-names.js'
import { fieldOf, type PciRegister, readRegister } from './register.js'
import { portType } from './register-map.js'

/** The lines of all capabilities, those after the first of each indented. */
export function capabilityLines(
  listing: PciListing,
  verbose: number,
  numeric: number,
): readonly string[] {
  const { bytes } = listing
  const hasList = ((readConfig(bytes, 0x06, 2) ?? 0) & 0x10) !== 0
  if (hasList && bytes.length <= 64) return ['Capabilities: <access denied>']
  return capabilities(bytes).flatMap((c) => {
    const [title = '', ...rest] = c.extended
      ? extendedLines(bytes, c, verbose)
      : classicLines(listing, c, { verbose, numeric })
    const version = c.extended && verbose > 1 ? ` v${c.version}` : ''
    return [`Capabilities: [${hex(c.at, c.extended ? 3 : 2)}${version}] ${title}`, ...rest]
  })
}

function classicLines(
  listing: PciListing,
  { id, at }: Capability,
  { verbose, numeric }: { readonly verbose: number; readonly numeric: number },
): readonly string[] {
  const { bytes } = listing
  switch (id) {
    case CAP_POWER:
      return powerLines(bytes, at, verbose)
    case CAP_MSI:
      return msiLines(bytes, at, verbose)
    case CAP_VENDOR:
      return vendorLines(bytes, at, verbose)
    case CAP_SUBSYSTEM:
      return [`Subsystem: ${subsystemName(bytes, at, numeric)}`]
    case CAP_EXPRESS:
      return expressLines(listing, at, verbose)
    case CAP_MSIX:
      return msixLines(bytes, at, verbose)
    case CAP_SATA:
      return sataLines(bytes, at, verbose)
    default:
      return [`#${hex(id, 2)} [${hex(readConfig(bytes, at + 2, 2) ?? 0, 4)}]`]
  }
}

function subsystemName(bytes: Uint8Array, at: number, numeric: number): string {
  const word = (offset: number): number => readConfig(bytes, offset, 2) ?? 0
  const board = [word(at + 4), word(at + 6)] as const
  return boardText({ vendor: word(0), device: word(2) }, board, numeric)
}

const CURRENTS = [0, 55, 100, 160, 220, 270, 320, 375]

function powerLines(bytes: Uint8Array, at: number, verbose: number): readonly string[] {
  const can = readRegister(bytes, at, POWER_CAPABILITIES)
  const is = readRegister(bytes, at, POWER_STATUS)
  const title = `Power Management version ${fieldOf(can, 'version')}`
  if (verbose < 2) return [title]
  const from = fieldOf(can, 'PME')
  const states = ['D0', 'D1', 'D2', 'D3hot', 'D3cold']
    .map((state, bit) => `${state}${((from >>> bit) & 1) === 1 ? '+' : '-'}`)
    .join(',')
  return [
    title,
    `\tFlags: ${flags(can, 'PMEClk DSI D1 D2')} ` +
      `AuxCurrent=${CURRENTS[fieldOf(can, 'AuxCurrent')]}mA PME(${states})`,
    `\tStatus: D${fieldOf(is, 'state')} ${flags(is, 'NoSoftRst PME-Enable')} ` +
      `DSel=${fieldOf(is, 'DSel')} DScale=${fieldOf(is, 'DScale')} ${flags(is, 'PME')}`,
  ]
}

function msiLines(bytes: Uint8Array, at: number, verbose: number): readonly string[] {
  const control = readRegister(bytes, at, MSI_CONTROL)
  const count = `${1 << fieldOf(control, 'Count')}/${1 << fieldOf(control, 'Capable')}`
  const able = flags(control, 'Maskable 64bit')
  const title = `MSI: ${flags(control, 'Enable')} Count=${count} ${able}`
  if (verbose < 2) return [title]
  const isLong = fieldOf(control, '64bit') === 1
  const data = at + (isLong ? 0x0c : 0x08)
  const word = (offset: number): string => hex(readConfig(bytes, offset, 4) ?? 0, 8)
  const address = `${isLong ? word(at + 8) : ''}${word(at + 4)}`
  const lines = [title, `\tAddress: ${address}  Data: ${hex(readConfig(bytes, data, 2) ?? 0, 4)}`]
  if (fieldOf(control, 'Maskable') === 1) {
    lines.push(`\tMasking: ${word(data + 4)}  Pending: ${word(data + 8)}`)
  }
  return lines
}

function msixLines(bytes: Uint8Array, at: number, verbose: number): readonly string[] {
  const control = readRegister(bytes, at, MSIX_CONTROL)
  const title =
    `MSI-X: ${flags(control, 'Enable')} Count=${fieldOf(control, 'Count') + 1} ` +
    flags(control, 'Masked')
  if (verbose < 2) return [title]
  const place = (register: PciRegister): string => {
    const { raw } = readRegister(bytes, at, register)
    return `BAR=${raw & 7} offset=${hex((raw & ~7) >>> 0, 8)}`
  }
  return [title, `\tVector table: ${place(MSIX_TABLE)}`, `\tPBA: ${place(MSIX_PENDING)}`]
}

const VIRTIO = [undefined, 'CommonCfg', 'Notify', 'ISR', 'DeviceCfg']

function vendorLines(bytes: Uint8Array, at: number, verbose: number): readonly string[] {
  const length = readConfig(bytes, at + 2, 1) ?? 0
  const device = readConfig(bytes, 2, 2) ?? 0
  const isVirtio = readConfig(bytes, 0, 2) === 0x1af4 && device >= 0x1000 && device <= 0x107f
  if (!isVirtio || length < 16) {
    return [`Vendor Specific Information: Len=${hex(length, 2)} <?>`]
  }
  const kind = readConfig(bytes, at + 3, 1) ?? 0
  const title = `Vendor Specific Information: VirtIO: ${VIRTIO[kind] ?? '<unknown>'}`
  if (verbose < 2) return [title]
  const word = (offset: number): string => hex(readConfig(bytes, at + offset, 4) ?? 0, 8)
  const bar = readConfig(bytes, at + 4, 1) ?? 0
  const multiplier = kind === 2 && length >= 20 ? ` multiplier=${word(16)}` : ''
  return [title, `\tBAR=${bar} offset=${word(8)} size=${word(12)}${multiplier}`]
}

function sataLines(bytes: Uint8Array, at: number, verbose: number): readonly string[] {
  const version = readConfig(bytes, at + 2, 2) ?? 0
  const title = `SATA HBA v${(version >>> 4) & 15}.${version & 15}`
  const place = readConfig(bytes, at + 4, 4) ?? 0
  const bar = place & 15
  if (verbose < 2) return [title]
  if (bar >= 4 && bar <= 9) {
    return [`${title} BAR${bar - 4} Offset=${hex((place >>> 4) & 0xfffff, 8)}`]
  }
  return [bar === 15 ? `${title} InCfgSpace` : `${title} BAR??${bar}`]
}

// ---- The extended list.

function extendedLines(bytes: Uint8Array, c: Capability, verbose: number): readonly string[] {
  switch (c.id) {
    case EXT_AER:
      return aerLines(bytes, c.at, verbose)
    case EXT_SERIAL:
      return [`Device Serial Number ${serialNumber(bytes, c.at)}`]
    case EXT_ACS:
      return acsLines(bytes, c.at, verbose)
    default:
      return [`#${hex(c.id, 2)}`]
  }
}

function serialNumber(bytes: Uint8Array, at: number): string {
  const parts: string[] = []
  for (let i = 7; i >= 0; i--) parts.push(hex(readConfig(bytes, at + 4 + i, 1) ?? 0, 2))
  return parts.join('-')
}

function acsLines(bytes: Uint8Array, at: number, verbose: number): readonly string[] {
  const title = 'Access Control Services'
  if (verbose < 2) return [title]
  const names = 'SrcValid TransBlk ReqRedir CmpltRedir UpstreamFwd EgressCtrl DirectTrans'
  return [
    title,
    `\tACSCap:\t${flags(readRegister(bytes, at, ACS_CAPABILITY), names)}`,
    `\tACSCtl:\t${flags(readRegister(bytes, at, ACS_CONTROL), names)}`,
  ]
}

const UNCORRECTABLE =
  'DLP SDES TLP FCP CmpltTO CmpltAbrt UnxCmplt RxOF MalfTLP ECRC UnsupReq ACSViol'
const CORRECTABLE = 'RxErr BadTLP BadDLLP Rollover Timeout AdvNonFatalErr'

function aerLines(bytes: Uint8Array, at: number, verbose: number): readonly string[] {
  const title = 'Advanced Error Reporting'
  if (verbose < 2) return [title]
  const line = (register: PciRegister, names: string): string =>
    `\t${register.name}:\t${flags(readRegister(bytes, at, register), names)}`
  const control = readRegister(bytes, at, AER_CONTROL)
  const first = hex(fieldOf(control, 'First Error Pointer'), 2)
  const log = [0, 1, 2, 3].map((n) => hex(readConfig(bytes, at + HEADER_LOG + 4 * n, 4) ?? 0, 8))
  return [
    title,
    ...[UE_STATUS, UE_MASK, UE_SEVERITY].map((register) => line(register, UNCORRECTABLE)),
    ...[CE_STATUS, CE_MASK].map((register) => line(register, CORRECTABLE)),
    `\tAERCap:\tFirst Error Pointer: ${first}, ` +
      flags(control, 'ECRCGenCap ECRCGenEn ECRCChkCap ECRCChkEn'),
    `\t\t${flags(control, 'MultHdrRecCap MultHdrRecEn TLPPfxPres HdrLogCap')}`,
    `\tHeaderLog: ${log.join(' ')}`,
    ...(isRoot(portType(bytes) ?? 0) ? rootLines(bytes, at) : []),
  ]
}

function rootLines(bytes: Uint8Array, at: number): readonly string[] {
  const status = readRegister(bytes, at, ROOT_ERROR_STATUS)
  const source = readRegister(bytes, at, ERROR_SOURCE)
  const sender = (name: string): string => `${name}: ${hex(fieldOf(source, name), 4)}`
  return [
    `\tRootCmd: ${flags(readRegister(bytes, at, ROOT_COMMAND), 'CERptEn NFERptEn FERptEn')}`,
    `\tRootSta: ${flags(status, 'CERcvd MultCERcvd UERcvd MultUERcvd')}`,
    `\t\t ${flags(status, 'FirstFatal NonFatalMsg FatalMsg')} IntMsg ${fieldOf(status, 'IntMsg')}`,
    `\tErrorSrc: ${sender('ERR_COR')} ${sender('ERR_FATAL/NONFATAL')}`,
  ]
}
