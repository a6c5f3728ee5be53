// CRC-32 of bytes (IEEE 802.3, as zip and Ethernet have it): tells a torn or garbled record.

const TABLE = Uint32Array.from({ length: 256 }, (_, i) => {
  let value = i
  for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb8_8320 : 0)
  return value
})

/** 32 unsigned bits of the bytes `from` up to, but not, `to`; `before` is the CRC of what comes
 *  before these. */
export function crc32(
  bytes: Uint8Array,
  { from = 0, to = bytes.length, before = 0 }: Readonly<Partial<Record<Part, number>>> = {},
): number {
  let crc = ~before
  for (let i = from; i < to; i++) {
    crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[i] as number)) & 0xff] as number)
  }
  return ~crc >>> 0
}

type Part = 'from' | 'to' | 'before'
