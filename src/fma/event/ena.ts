// ENA: the number that ties the ereports of one incident together (error numeric association).
//
//   format 1   63      20 19     10 9        2 1      0
//              |  time   |   id   | generation | format |     time: low 44 bits of nanoseconds
//   format 2   63               10 9        2 1      0
//              |       time       | generation | format |     time: low 54 bits
//
// Holds: ereports of one incident have one id and time; each further one has the next generation.
// After 256 of them the generation carries into the id, as in the kernel. Format 0 is none at all.
// Source: illumos-gate usr/src/uts/common/sys/fm/protocol.h and os/fm.c.
import type { Brand } from '../../base/brand.js'
import { uint64 } from '../../base/int64.js'

/** An association number: 64 unsigned bits. */
export type Ena = Brand<bigint, 'Ena'>

/** What an ENA says. Times are what is left of nanoseconds since boot. */
export type EnaParts =
  | { readonly format: 0 }
  | {
      readonly format: 1
      readonly generation: number
      readonly id: number
      readonly timeNs: bigint
    }
  | { readonly format: 2; readonly generation: number; readonly timeNs: bigint }

/** The number of an event that belongs to no incident. */
export const NO_ENA = 0n as Ena

const GENERATION = 1n << 2n

/** Makes the first ENA of an incident; bits that have no room are dropped, as the kernel does. */
export function makeEna(parts: EnaParts): Ena {
  switch (parts.format) {
    case 1: {
      const id = (BigInt(parts.id) & 0x3ffn) << 10n
      return uint64((parts.timeNs << 20n) | id | generationBits(parts.generation) | 1n) as Ena
    }
    case 2:
      return uint64((parts.timeNs << 10n) | generationBits(parts.generation) | 2n) as Ena
    case 0:
      return NO_ENA
  }
}

const generationBits = (generation: number): bigint => (BigInt(generation) & 0xffn) << 2n

/** Takes any 64 bits for an ENA. */
export function enaOf(bits: bigint): Ena {
  return uint64(bits) as Ena
}

/** Takes an ENA apart; format 3 is not defined and counts as none. */
export function decodeEna(ena: Ena): EnaParts {
  const generation = Number((ena >> 2n) & 0xffn)
  switch (ena & 3n) {
    case 1n:
      return { format: 1, generation, id: Number((ena >> 10n) & 0x3ffn), timeNs: ena >> 20n }
    case 2n:
      return { format: 2, generation, timeNs: ena >> 10n }
    default:
      return { format: 0 }
  }
}

/** The ENA of the next ereport of the same incident; none stays none. */
export function nextEna(ena: Ena): Ena {
  return decodeEna(ena).format === 0 ? NO_ENA : (uint64(ena + GENERATION) as Ena)
}

/** Whether two ereports say that they are of one incident. */
export function sameIncident(a: Ena, b: Ena): boolean {
  return decodeEna(a).format !== 0 && (a & 3n) === (b & 3n) && a >> 10n === b >> 10n
}

/** The id that generic x86 puts into an ENA for a strand. */
export function strandEnaId(place: {
  readonly chip: number
  readonly core: number
  readonly strand: number
}): number {
  return ((place.chip << 6) | (place.core << 3) | place.strand) & 0x3ff
}
