// TextAddress: where a text that an observation carries would lie in the kernel's memory: an
// address made of its number in the stream's dictionary, so that one text has one address.
//
//   code 7  ->  0xd7_0000_0e00   (see dtrace/run/memory.ts for the addresses before)

/** The high word of all of these addresses. */
const HIGH = 0xd7
/** Bytes from one text to the next. */
const STRIDE = 512

/** The address of a text, in two halves. */
export function textAddress(code: number): { readonly low: number; readonly high: number } {
  const offset = code * STRIDE
  return { low: offset >>> 0, high: HIGH * 256 + Math.floor(offset / 2 ** 32) }
}
