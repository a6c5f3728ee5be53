// LspciText: functions out of what `lspci -vvv` prints: byte by byte where it does, else put
// together from the flags in its words.
//
//   UESta: DLP- SDES- TLP+ ...   AERCap: First Error Pointer: 0c, ...   ErrorSrc: ERR_COR: 0000 ...
//     ->  a configuration space in which these registers, and no others, are as shown
//
// Holds: flags are those of the register table, by which lspci itself would print them.
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
} from '../../../machine/pci/aer-registers.js'
import { EXT_AER } from '../../../machine/pci/capability.js'
import { CLASSIC_BYTES, EXTENDED_BYTES, putConfig } from '../../../machine/pci/config-space.js'
import {
  DEVICE_CONTROL,
  DEVICE_STATUS,
  FLAGS,
  PORT_TYPES,
  SLOT_CAPABILITIES,
} from '../../../machine/pci/express-registers.js'
import {
  BRIDGE_CONTROL,
  CAPABILITIES,
  COMMAND,
  SECONDARY_STATUS,
  STATUS,
} from '../../../machine/pci/header-registers.js'
import { parseLspci } from '../../../machine/pci/parse-lspci.js'
import { type PciRegister, putField } from '../../../machine/pci/register.js'
import { parseRequesterId, type RequesterId } from '../../../machine/pci/requester-id.js'
import type { PciErrorFunction } from '../../../machine/telemetry.js'
import { isGone } from './fabric-errors.js'

/** One function of a text. */
export interface LspciFunction {
  readonly of: PciErrorFunction
  /** Put together from words: what is a number, not flags, is 0. */
  readonly isText: boolean
  /** Nobody answered when it was asked. */
  readonly gone: boolean
}

/** The functions whose registers a text shows. */
export function lspciFunctions(text: string): readonly LspciFunction[] {
  const lines = text.replaceAll('\r', '')
  const bytes = new Map(parseLspci(lines).map((listing) => [listing.id, listing.bytes]))
  return lines.split(/\n(?=\S+:\S+\.\d )/).flatMap((block) => {
    const id = parseRequesterId(/^\s*(\S+) /.exec(block)?.[1] ?? '')
    if (id === undefined) return []
    const dumped = bytes.get(id)
    if (dumped !== undefined) return [functionOf(id, dumped, false)]
    const said = bytesOfText(block)
    return said === undefined ? [] : [functionOf(id, said, true)]
  })
}

function functionOf(id: RequesterId, bytes: Uint8Array, isText: boolean): LspciFunction {
  const of = { id, bytes }
  return { of, isText, gone: isGone(of) }
}

/** Registers of the header, by what lspci calls their lines. */
const HEADER: readonly (readonly [label: string, register: PciRegister])[] = [
  ['Control', COMMAND],
  ['Status', STATUS],
  ['Secondary status', SECONDARY_STATUS],
  ['BridgeCtl', BRIDGE_CONTROL],
]
const EXPRESS: typeof HEADER = [
  ['DevCtl', DEVICE_CONTROL],
  ['DevSta', DEVICE_STATUS],
]
const ERRORS: typeof HEADER = [
  ['UESta', UE_STATUS],
  ['UEMsk', UE_MASK],
  ['UESvrt', UE_SEVERITY],
  ['CESta', CE_STATUS],
  ['CEMsk', CE_MASK],
  ['AERCap', AER_CONTROL],
  ['RootCmd', ROOT_COMMAND],
  ['RootSta', ROOT_ERROR_STATUS],
]
/** Some vendor's capability: leads to where the next one is. */
const FILLER = 0x000b

function bytesOfText(block: string): Uint8Array | undefined {
  const [head = '', ...capabilities] = block.split(/\n\t(?=Capabilities: )/)
  if (!/\n\tStatus: /.test(head)) return undefined
  const bytes = new Uint8Array(EXTENDED_BYTES)
  for (const [label, register] of HEADER) putFlags(bytes, 0, register, lineOf(head, label))
  putBuses(bytes, head)
  putIds(bytes, head)
  let classic = CAPABILITIES.offset
  for (const said of capabilities) {
    const [, place = '', name = ''] =
      /^Capabilities: \[([0-9a-f]{2,3})(?: v\d+)?\] (.*)/.exec(said) ?? []
    const at = Number.parseInt(place, 16)
    const type = typeNamed(name)
    if (name.startsWith('Advanced Error Reporting')) putErrors(bytes, at, said)
    else if (type !== undefined) {
      putConfig(bytes, classic, 1, at)
      classic = at + 1
      putExpress(bytes, at, { type, said })
    }
  }
  return bytes
}

/** What a line says and those that go on with it. */
function lineOf(text: string, label: string): string {
  const begin = text.search(new RegExp(`\\n\\t+${label}:`))
  if (begin < 0) return ''
  const [first = '', ...more] = text.slice(begin + 1).split('\n')
  const end = more.findIndex((line) => !/^\t{2,} *\S/.test(line) || /^\t+[A-Z]\w+:/.test(line))
  return [first.slice(first.indexOf(':') + 1), ...more.slice(0, end < 0 ? undefined : end)].join(
    ' ',
  )
}

function putFlags(bytes: Uint8Array, base: number, register: PciRegister, said: string): void {
  const flags = new Map(
    said.split(/[\s,;]+/).map((word) => [word.slice(0, -1), word.endsWith('+')]),
  )
  for (const { name, bits } of register.fields) {
    if (bits === 1 && flags.get(name) === true) putField(bytes, { base, register }, name, 1)
  }
}

function putBuses(bytes: Uint8Array, head: string): void {
  const [, primary, secondary, subordinate] =
    /\n\tBus: primary=(\w\w), secondary=(\w\w), subordinate=(\w\w)/.exec(head) ?? []
  if (primary === undefined) return
  putConfig(bytes, 0x0e, 1, 1)
  for (const [n, bus] of [primary, secondary, subordinate].entries()) {
    putConfig(bytes, 0x18 + n, 1, Number.parseInt(bus ?? '0', 16))
  }
}

/** `lspci -nn`: `01:00.0 Ethernet controller [0200]: Intel I350 [8086:1521] (rev 01)`. */
function putIds(bytes: Uint8Array, head: string): void {
  const [title = ''] = head.split('\n', 1)
  const [, vendor, device] = /\[([0-9a-f]{4}):([0-9a-f]{4})\]/.exec(title) ?? []
  if (vendor === undefined || device === undefined) return
  putConfig(bytes, 0x00, 2, Number.parseInt(vendor, 16))
  putConfig(bytes, 0x02, 2, Number.parseInt(device, 16))
}

/** The type of a capability that is called `Express (v2) Root Port (Slot+), MSI 00`. */
function typeNamed(name: string): number | undefined {
  const [, kind] = /^Express (?:\(v\d\) )?([^(,]*)/.exec(name) ?? []
  const found = Object.entries(PORT_TYPES).find(([, each]) => each === kind?.trim())
  return found && Number(found[0])
}

function putExpress(bytes: Uint8Array, at: number, of: { type: number; said: string }): void {
  putConfig(bytes, at, 1, 0x10)
  putConfig(bytes, at + 2, 2, (of.type << 4) | 1)
  for (const [label, register] of EXPRESS) putFlags(bytes, at, register, lineOf(of.said, label))
  const slot = /\(Slot\+\)/.test(of.said) ? /\bSlot #(\d{1,4})\b/.exec(of.said)?.[1] : undefined
  if (slot === undefined) return
  putField(bytes, { base: at, register: FLAGS }, 'slot', 1)
  putField(bytes, { base: at, register: SLOT_CAPABILITIES }, 'Slot', Number(slot))
}

function putErrors(bytes: Uint8Array, at: number, said: string): void {
  if (at !== CLASSIC_BYTES) putConfig(bytes, CLASSIC_BYTES, 4, FILLER | ((at << 20) >>> 0))
  putConfig(bytes, at, 4, EXT_AER | (1 << 16))
  for (const [label, register] of ERRORS) putFlags(bytes, at, register, lineOf(said, label))
  const number = (pattern: RegExp): number => Number.parseInt(pattern.exec(said)?.[1] ?? '0', 16)
  const put = (register: PciRegister, name: string, value: number): void =>
    putField(bytes, { base: at, register }, name, value)
  put(AER_CONTROL, 'First Error Pointer', number(/First Error Pointer: ([0-9a-f]+)/))
  put(ERROR_SOURCE, 'ERR_COR', number(/ERR_COR: ([0-9a-f]{4})/))
  put(ERROR_SOURCE, 'ERR_FATAL/NONFATAL', number(/ERR_FATAL\/NONFATAL: ([0-9a-f]{4})/))
  const words = /HeaderLog: ((?:[0-9a-f]{8} ?){4})/.exec(said)?.[1]?.trim().split(' ') ?? []
  for (const [n, word] of words.entries()) {
    putConfig(bytes, at + HEADER_LOG + 4 * n, 4, Number.parseInt(word, 16))
  }
}
