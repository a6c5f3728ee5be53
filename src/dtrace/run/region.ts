// A stretch of D's memory: bytes from a fixed address up to a top that may rise.
//
//   base                     base + top                     base + REGION_BYTES
//   | bytes that may be read |  nothing: reading it is a fault  |

/** Addresses of one region lie within so many bytes of its base. */
const REGION_BYTES = 2 ** 40
/** The base of the first region, divided by REGION_BYTES: addresses of D begin 0xd1, 0xd2, ... */
const FIRST_REGION = 0xd1

/** What a region is for, in order of address. */
export const REGION_NAMES = [
  'constants',
  'globals',
  'locals',
  'scratch',
  'texts',
  'blocks',
] as const
export type RegionName = (typeof REGION_NAMES)[number]

/** The address of a region's first byte. */
export function regionBase(name: RegionName): number {
  return (FIRST_REGION + REGION_NAMES.indexOf(name)) * REGION_BYTES
}

/** The place in REGION_NAMES of the region that an address may lie in; below 0 or beyond the list
 *  when in none. */
export function regionOf(address: number): number {
  return Math.floor(address / REGION_BYTES) - FIRST_REGION
}

/** Bytes that grow as they are given out, and read as 0 at first. */
export class Region {
  readonly base: number
  readonly name: RegionName
  /** Bytes from the base on that may be read. */
  top = 0
  bytes = new Uint8Array(0)
  view = new DataView(this.bytes.buffer)

  constructor(name: RegionName, top = 0) {
    this.name = name
    this.base = regionBase(name)
    this.raise(top)
  }

  /** Gives out bytes at the top, at a multiple of 8. Yields where they begin. */
  take(size: number): number {
    const start = align8(this.top)
    this.raise(start + size)
    return start
  }

  /** Lets bytes up to `top` be read. */
  raise(top: number): void {
    this.top = top
    if (top <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(64, 2 * this.bytes.length, top))
    grown.set(this.bytes)
    this.bytes = grown
    this.view = new DataView(grown.buffer)
  }

  /** Takes all bytes back; they read as 0 when they are given out again. */
  clear(): void {
    if (this.top > 0) this.bytes.fill(0, 0, this.top)
    this.top = 0
  }
}

/** The next multiple of 8. */
export const align8 = (n: number): number => Math.ceil(n / 8) * 8
