// CRC-32 of bytes (IEEE 802.3, as zip and Ethernet have it): tells a torn or garbled record.

const TABLE = Uint32Array.from({ length: 256 }, (_, i) => {
  let value = i
  for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb8_8320 : 0)
  return value
})

/** What a byte comes to that is followed by so many zeroes: four bytes are taken at a time. */
const [AFTER_1, AFTER_2, AFTER_3] = [1, 2, 3].map((zeroes) =>
  TABLE.map((value) => {
    let crc = value
    for (let i = 0; i < zeroes; i++) crc = (crc >>> 8) ^ (TABLE[crc & 0xff] as number)
    return crc
  }),
) as [Uint32Array, Uint32Array, Uint32Array]

/** 32 unsigned bits of the bytes `from` up to, but not, `to`; `before` is the CRC of what comes
 *  before these. */
export function crc32(
  bytes: Uint8Array,
  { from = 0, to = bytes.length, before = 0 }: Readonly<Partial<Record<Part, number>>> = {},
): number {
  let crc = ~before
  let i = from
  for (; i + 4 <= to; i += 4) {
    const low = crc ^ (bytes[i] as number) ^ ((bytes[i + 1] as number) << 8)
    const word = low ^ ((bytes[i + 2] as number) << 16) ^ ((bytes[i + 3] as number) << 24)
    crc =
      (AFTER_3[word & 0xff] as number) ^
      (AFTER_2[(word >>> 8) & 0xff] as number) ^
      (AFTER_1[(word >>> 16) & 0xff] as number) ^
      (TABLE[word >>> 24] as number)
  }
  for (; i < to; i++) {
    crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[i] as number)) & 0xff] as number)
  }
  return ~crc >>> 0
}

type Part = 'from' | 'to' | 'before'
