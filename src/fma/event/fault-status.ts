// Fault status: what has become of a suspect: bits that events carry, one byte a suspect.
//
//   0x03  ->  faulty, unusable        0x25  ->  faulty, not-present, replaced
//
// Source: illumos-gate usr/src/uts/common/sys/fm/protocol.h (FM_SUSPECT_*).
import type { Brand } from '../../base/brand.js'

/** The bits of one suspect. */
export type FaultStatus = Brand<number, 'FaultStatus'>

const BITS = {
  faulty: 0x01,
  unusable: 0x02,
  'not-present': 0x04,
  degraded: 0x08,
  repaired: 0x10,
  replaced: 0x20,
  acquitted: 0x40,
} as const

/** What can be said of a suspect. */
export type FaultStatusWord = keyof typeof BITS

const WORDS = Object.keys(BITS) as readonly FaultStatusWord[]

/** The bits for words. */
export function faultStatus(...words: readonly FaultStatusWord[]): FaultStatus {
  return words.reduce((bits, word) => bits | BITS[word], 0) as FaultStatus
}

/** The words for bits, in the order of the bits; bits that mean nothing are passed over. */
export function faultStatusWords(status: FaultStatus): readonly FaultStatusWord[] {
  return WORDS.filter((word) => (status & BITS[word]) !== 0)
}

/** Takes a byte of an event for bits. */
export function faultStatusOf(byte: number): FaultStatus {
  return (byte & 0x7f) as FaultStatus
}
