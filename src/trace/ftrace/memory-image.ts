// MemoryImage: the bytes of a structure as far as a capture copied them; the rest stays unknown.
//
//   dom=+u8(..):u16   ->  bytes 8..9 known     read(8, 2)  ->  3n     read(8, 4)  ->  undefined
import type { Piece } from './kprobes.js'

/** Pieces of one structure, little-endian, as 16-bit halves: no field is smaller or lies odd. */
export class MemoryImage {
  readonly #halves: number[] = []

  /** Copies the low `size` bytes of a value in. */
  write(piece: Pick<Piece, 'offset' | 'size'>, value: bigint): void {
    const at = piece.offset >> 1
    const low = Number(BigInt.asUintN(32, value))
    this.#halves[at] = low & 0xffff
    if (piece.size === 2) return
    this.#halves[at + 1] = low >>> 16
    if (piece.size === 4) return
    const high = Number(BigInt.asUintN(32, value >> 32n))
    this.#halves[at + 2] = high & 0xffff
    this.#halves[at + 3] = high >>> 16
  }

  /** The unsigned value at an offset, undefined unless every byte of it was copied. */
  read(offset: number, size: number): bigint | undefined {
    if (size !== 8) {
      const value = this.readNumber(offset, size)
      return value === undefined ? undefined : BigInt(value)
    }
    const low = this.readNumber(offset, 4)
    const high = this.readNumber(offset + 4, 4)
    if (low === undefined || high === undefined) return undefined
    return (BigInt(high) << 32n) | BigInt(low)
  }

  /** The same as a number, for values of two or four bytes. */
  readNumber(offset: number, size: number): number | undefined {
    const low = this.#halves[offset >> 1]
    if (size === 2 || low === undefined) return low
    const high = this.#halves[(offset >> 1) + 1]
    return high === undefined ? undefined : high * 0x1_0000 + low
  }
}
