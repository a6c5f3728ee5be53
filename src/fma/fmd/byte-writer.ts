// Byte writer and reader: numbers and strings as bytes that a log keeps, and back.
//
// Holds: a reader never reads behind its end: it throws RangeError. Whole numbers are written in
// groups of seven bits, the lowest first; 64-bit values in eight bytes, the lowest first.

const ENCODER = new TextEncoder()
const DECODER = new TextDecoder()

/** Collects bytes. */
export class ByteWriter {
  #bytes = new Uint8Array(1024)
  #view = new DataView(this.#bytes.buffer)
  length = 0

  byte(value: number): void {
    this.#room(1)
    this.#bytes[this.length++] = value
  }

  /** A whole number from 0 to 2^53 - 1. */
  count(value: number): void {
    let rest = value
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80)
      rest = Math.floor(rest / 0x80)
    }
    this.byte(rest)
  }

  /** The low 64 bits. */
  word(value: bigint): void {
    this.#room(8)
    this.#view.setBigUint64(this.length, BigInt.asUintN(64, value), true)
    this.length += 8
  }

  double(value: number): void {
    this.#room(8)
    this.#view.setFloat64(this.length, value, true)
    this.length += 8
  }

  uint32(value: number): void {
    this.#room(4)
    this.#view.setUint32(this.length, value, true)
    this.length += 4
  }

  string(text: string): void {
    this.#room(3 * text.length + 10)
    if (text.length < 0x80 && this.#ascii(text)) return
    const start = this.length
    const { written } = ENCODER.encodeInto(text, this.#bytes.subarray(start + 8))
    this.count(written)
    this.#bytes.copyWithin(this.length, start + 8, start + 8 + written)
    this.length += written
  }

  /** Writes a short text of ASCII alone, as most are; otherwise nothing. */
  #ascii(text: string): boolean {
    const bytes = this.#bytes
    const start = this.length + 1
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit >= 0x80) return false
      bytes[start + i] = unit
    }
    bytes[start - 1] = text.length
    this.length = start + text.length
    return true
  }

  /** A copy of what was written. */
  copy(): Uint8Array {
    return this.#bytes.slice(0, this.length)
  }

  /** Begins anew, in the same memory. */
  clear(): void {
    this.length = 0
  }

  #room(more: number): void {
    if (this.length + more <= this.#bytes.length) return
    const larger = new Uint8Array(2 * (this.length + more))
    larger.set(this.#bytes)
    this.#bytes = larger
    this.#view = new DataView(larger.buffer)
  }
}

/** Reads what a writer wrote. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get left(): number {
    return this.#bytes.length - this.at
  }

  byte(): number {
    return this.#view.getUint8(this.at++)
  }

  count(): number {
    let [value, scale] = [0, 1]
    for (let i = 0; i < 8; i++) {
      const next = this.byte()
      value += (next & 0x7f) * scale
      if (next < 0x80) return value
      scale *= 0x80
    }
    throw new RangeError('a number without an end')
  }

  word(): bigint {
    const value = this.#view.getBigUint64(this.at, true)
    this.at += 8
    return value
  }

  double(): number {
    const value = this.#view.getFloat64(this.at, true)
    this.at += 8
    return value
  }

  string(): string {
    const length = this.count()
    if (length > this.left) throw new RangeError('a string behind the end')
    const start = this.at
    this.at += length
    return DECODER.decode(this.#bytes.subarray(start, this.at))
  }
}
