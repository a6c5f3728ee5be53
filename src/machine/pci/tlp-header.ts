// TlpHeader: the three or four words with which a transaction layer packet begins, as the header
// log keeps them.
//
//   04000001 00200a03 05010000 00000000  ->  CfgRd0 by 00:04.0, tag 0x0a, of 05:00.0 register 0
//
// Holds: every header has a kind, be it `unknown`; nothing is guessed. Source: PCI Express Base
// 3.0 section 2.2.
import { printRequesterId, type RequesterId } from './requester-id.js'

/** Four words; the fourth is not part of a header of three. */
export type HeaderWords = readonly [number, number, number, number]

/** What a packet is for. */
export type TlpKind =
  | 'memory-read'
  | 'memory-write'
  | 'io-read'
  | 'io-write'
  | 'config-read'
  | 'config-write'
  | 'message'
  | 'completion'
  | 'atomic'
  | 'prefix'
  | 'unknown'

/** A header, decoded. What a packet of its kind does not have is undefined. */
export interface TlpHeader {
  readonly kind: TlpKind
  /** As the specification names it: MRd, MWr, CplD ... */
  readonly mnemonic: string
  readonly fmt: number
  readonly type: number
  readonly trafficClass: number
  /** The sender said that its data is bad. */
  readonly poisoned: boolean
  /** Payload, or what was asked for, in words of four bytes. */
  readonly lengthWords: number
  readonly requester: RequesterId | undefined
  readonly completer: RequesterId | undefined
  readonly tag: number | undefined
  readonly address: bigint | undefined
  /** Of a completion: 0 successful, 1 unsupported request, 2 retry, 4 completer abort. */
  readonly status: number | undefined
  readonly messageCode: number | undefined
}

const COMPLETION_STATUS: Readonly<Record<number, string>> = {
  0: 'successful',
  1: 'unsupported request',
  2: 'configuration retry',
  4: 'completer abort',
}

/** Decodes a logged header. */
export function decodeTlp(words: HeaderWords): TlpHeader {
  const [first, second, third] = words
  const fmt = first >>> 29
  const type = (first >>> 24) & 0x1f
  const { kind, mnemonic } = kindOf(fmt, type)
  const length = first & 0x3ff
  const base = {
    kind,
    mnemonic,
    fmt,
    type,
    trafficClass: (first >>> 20) & 7,
    poisoned: ((first >>> 14) & 1) === 1,
    lengthWords: length === 0 ? 1024 : length,
    ...NOTHING,
  }
  if (kind === 'unknown' || kind === 'prefix') return { ...base, lengthWords: 0 }
  if (kind === 'completion') {
    return {
      ...base,
      completer: (second >>> 16) as RequesterId,
      status: (second >>> 13) & 7,
      requester: (third >>> 16) as RequesterId,
      tag: (third >>> 8) & 0xff,
    }
  }
  const requester = (second >>> 16) as RequesterId
  const asked = { ...base, requester, tag: (second >>> 8) & 0xff }
  if (kind === 'message') return { ...asked, messageCode: second & 0xff }
  if (kind === 'config-read' || kind === 'config-write') {
    return { ...asked, completer: (third >>> 16) as RequesterId, address: BigInt(third & 0xffc) }
  }
  return { ...asked, address: addressOf(words, fmt) }
}

const NOTHING = {
  requester: undefined,
  completer: undefined,
  tag: undefined,
  address: undefined,
  status: undefined,
  messageCode: undefined,
} as const

function addressOf(words: HeaderWords, fmt: number): bigint {
  const isLong = (fmt & 1) === 1
  const low = BigInt(((isLong ? words[3] : words[2]) & ~3) >>> 0)
  return isLong ? (BigInt(words[2]) << 32n) | low : low
}

function kindOf(fmt: number, type: number): { kind: TlpKind; mnemonic: string } {
  const hasData = (fmt & 2) !== 0
  const unknown = { kind: 'unknown', mnemonic: '?' } as const
  if (fmt === 4) return { kind: 'prefix', mnemonic: 'Prfx' }
  if (fmt > 4) return unknown
  if (type >>> 3 === 2) return { kind: 'message', mnemonic: hasData ? 'MsgD' : 'Msg' }
  const isLong = (fmt & 1) === 1
  if (isLong && ![0, 1, 12, 13, 14].includes(type)) return unknown
  switch (type) {
    case 0:
      return hasData
        ? { kind: 'memory-write', mnemonic: 'MWr' }
        : { kind: 'memory-read', mnemonic: 'MRd' }
    case 1:
      return hasData ? unknown : { kind: 'memory-read', mnemonic: 'MRdLk' }
    case 2:
      return hasData
        ? { kind: 'io-write', mnemonic: 'IOWr' }
        : { kind: 'io-read', mnemonic: 'IORd' }
    case 4:
    case 5:
      return hasData
        ? { kind: 'config-write', mnemonic: `CfgWr${type - 4}` }
        : { kind: 'config-read', mnemonic: `CfgRd${type - 4}` }
    case 10:
    case 11:
      return { kind: 'completion', mnemonic: COMPLETIONS[2 * (type - 10) + Number(hasData)] ?? '' }
    case 12:
    case 13:
    case 14:
      return hasData ? { kind: 'atomic', mnemonic: ATOMICS[type - 12] ?? '' } : unknown
    default:
      return unknown
  }
}

const COMPLETIONS = ['Cpl', 'CplD', 'CplLk', 'CplDLk']
const ATOMICS = ['FetchAdd', 'Swap', 'CAS']

/** One line for a reader: what was asked, by whom, of what. */
export function printTlp(header: TlpHeader): string {
  const { requester, completer, tag, address, status } = header
  const parts = [header.mnemonic]
  if (requester !== undefined) parts.push(`by ${printRequesterId(requester)}`)
  if (tag !== undefined) parts.push(`tag 0x${tag.toString(16)}`)
  if (header.kind === 'completion' && completer !== undefined) {
    parts.push(
      `from ${printRequesterId(completer)}, ${COMPLETION_STATUS[status ?? 0] ?? 'reserved'}`,
    )
  } else if (completer !== undefined) {
    parts.push(`of ${printRequesterId(completer)} register 0x${address?.toString(16)}`)
  } else if (address !== undefined) parts.push(`at 0x${address.toString(16)}`)
  if (header.messageCode !== undefined) parts.push(`code 0x${header.messageCode.toString(16)}`)
  if (header.lengthWords > 0) parts.push(`${4 * header.lengthWords} bytes`)
  return `${parts.join(' ')}${header.poisoned ? ', poisoned' : ''}`
}
