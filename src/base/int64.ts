// Integers of 64 bits and fewer, as bigints: registers wrap, what is stored is cut.

/** The least signed 64-bit integer, -2^63. */
export const INT64_MIN = -(1n << 63n)
/** The greatest signed 64-bit integer, 2^63 - 1. */
export const INT64_MAX = (1n << 63n) - 1n
/** The greatest unsigned 64-bit integer, 2^64 - 1. */
export const UINT64_MAX = (1n << 64n) - 1n

/** Wraps to a signed 64-bit integer. */
export const int64 = (v: bigint): bigint => BigInt.asIntN(64, v)

/** Wraps to an unsigned 64-bit integer. */
export const uint64 = (v: bigint): bigint => BigInt.asUintN(64, v)

/** The low bytes of an integer, extended by their sign: what memory of that size gives back. */
export function cutInteger(
  value: bigint,
  { bytes, signed }: { readonly bytes: number; readonly signed: boolean },
): bigint {
  return signed ? BigInt.asIntN(8 * bytes, value) : BigInt.asUintN(8 * bytes, value)
}
