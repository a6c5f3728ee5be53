// MemoryImage: the bytes of a structure as far as a capture copied them; the rest stays unknown.
//
//   dom=+u8(..):u16   ->  bytes 8..9 known     read(8, 2)  ->  3n     read(8, 4)  ->  undefined
import type { Piece } from './kprobes.js'

const SIZE = 64

/** Pieces of one structure. Little-endian, as the machines that Xen's dom0 kprobes exist for. */
export class MemoryImage {
  readonly #view = new DataView(new ArrayBuffer(SIZE))
  readonly #known = new Uint8Array(SIZE)

  /** Copies the low `size` bytes of a value in. */
  write(piece: Pick<Piece, 'offset' | 'size'>, value: bigint): void {
    const { offset, size } = piece
    for (let i = 0; i < size; i++) {
      this.#view.setUint8(offset + i, Number((value >> BigInt(8 * i)) & 0xffn))
      this.#known[offset + i] = 1
    }
  }

  /** The unsigned value at an offset, undefined unless every byte of it was copied. */
  read(offset: number, size: number): bigint | undefined {
    if (offset + size > SIZE) return undefined
    for (let i = 0; i < size; i++) if (this.#known[offset + i] === 0) return undefined
    if (size === 8) return this.#view.getBigUint64(offset, true)
    if (size === 4) return BigInt(this.#view.getUint32(offset, true))
    return BigInt(this.#view.getUint16(offset, true))
  }

  /** The same as a number; for values of up to 32 bits. */
  readNumber(offset: number, size: 2 | 4): number | undefined {
    const value = this.read(offset, size)
    return value === undefined ? undefined : Number(value)
  }
}
