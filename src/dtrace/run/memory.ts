// D's memory: bytes at addresses that both engines agree on. There is no other: a recording holds
// none of the kernel's or of a process.
//
//   0xd1...  constants   strings of the program, read-only
//   0xd2...  globals     structures, unions and arrays in global variables
//   0xd3...  locals      those of this->, zero at the beginning of each firing
//   0xd4...  scratch     alloca(), as long as the clause runs
//   0xd5...  texts       copies of strings whose address was taken, as long as the clause runs
//   0xd6...  blocks      what self-> and associative arrays hold by address
//
// Holds: little-endian; an access that does not lie within one region is a fault, whatever its
// alignment (DTrace faults on that on SPARC only).
// Source: illumos dtrace.c (dtrace_dif_subr, DTRACE_INSCRATCH); linux dt_cg.c
// (dt_cg_alloca_access_check, dt_cg_subr_alloca_impl).
import { fromBytes, toBytes } from '../../base/byte-text.js'
import type { BitField, DType } from '../program/types.js'
import { Fault, invalidAddress, type Limits, OUT_OF_SCRATCH } from './engine.js'
import type { MemoryLayout } from './memory-layout.js'
import { align8, REGION_NAMES, Region, regionOf } from './region.js'
import { NULL_STRING } from './strings.js'

/** An address: a register, as a number where it is known to be exact. */
export type Address = number | bigint

type Size = 1 | 2 | 4 | 8
type MemoryLimits = Pick<Limits, 'strsize' | 'scratchsize' | 'dialect'>

/** The integer that lies in memory under a type: of a floating-point number, its bits. */
export function loadedType(type: DType): { readonly bytes: Size; readonly signed: boolean } {
  if (type.kind === 'int') return type
  return { bytes: type.kind === 'float' && type.bytes === 4 ? 4 : 8, signed: false }
}

/** What lies behind global variables on Linux: the rest of a page of the kernel's, which reads. */
const PAGE_BYTES = 4096

/** How many bytes from the first global variable on can be read. Linux checks the index of an
 *  array that it knows, and reads whatever a cast or a pointer leads to. */
function readableGlobals({ globalBytes }: MemoryLayout, { dialect }: MemoryLimits): number {
  if (dialect === 'illumos') return globalBytes
  return Math.ceil(globalBytes / PAGE_BYTES) * PAGE_BYTES
}

/** The memory of one run of one engine. */
export class Memory {
  readonly #layout: MemoryLayout
  readonly #limits: MemoryLimits
  readonly #regions: readonly Region[]
  readonly #locals: Region
  readonly #scratch: Region
  readonly #texts: Region
  readonly #blocks: Region
  /** Blocks that were freed, by size. */
  readonly #free = new Map<number, number[]>()
  /** The region that #find found. */
  #at: Region

  constructor(layout: MemoryLayout, limits: MemoryLimits) {
    this.#layout = layout
    this.#limits = limits
    // A constant is followed by zeros: whoever copies more than its bytes reads those.
    const constants = new Region('constants', layout.constantBytes.length + limits.strsize)
    this.#locals = new Region('locals', layout.localBytes)
    this.#scratch = new Region('scratch')
    this.#texts = new Region('texts')
    this.#blocks = new Region('blocks')
    const globals = new Region('globals', readableGlobals(layout, limits))
    const all = [constants, globals, this.#locals, this.#scratch, this.#texts, this.#blocks]
    this.#regions = REGION_NAMES.map((name) => all.find((r) => r.name === name) ?? constants)
    this.#at = constants
    write(constants, 0, layout.constantBytes)
  }

  /** Zeroes what `this->` variables hold by address. */
  beginFiring(): void {
    this.#locals.bytes.fill(0)
  }

  /** Takes back what the clause before took. */
  beginClause(): void {
    this.#scratch.clear()
    this.#texts.clear()
  }

  /** Runs a firing within another one, whose `this->` storage is as before afterwards. */
  nested<T>(run: () => T): T {
    if (this.#locals.top === 0) return run()
    const kept = this.#locals.bytes.slice()
    const result = run()
    this.#locals.bytes.set(kept)
    return result
  }

  /** Scratch memory. Throws "out of scratch space". */
  alloca(size: bigint): number {
    const { dialect, scratchsize } = this.#limits
    const room = dialect === 'linux' ? align8(scratchsize) : scratchsize
    const start = align8(this.#scratch.top)
    const unsigned = BigInt.asUintN(64, size)
    if (unsigned > BigInt(room)) throw OUT_OF_SCRATCH
    const end = start + Number(unsigned)
    if (dialect === 'linux') {
      // There, sizes are whole words, and an empty piece too must lie before the last one.
      if (align8(end) > room || start > room - 8) throw OUT_OF_SCRATCH
      this.#scratch.raise(align8(end))
    } else {
      if (end > room) throw OUT_OF_SCRATCH
      this.#scratch.raise(end)
    }
    return this.#scratch.base + start
  }

  /** Whether all of these bytes are scratch memory that was given out. */
  isScratch(address: Address, size: number): boolean {
    const offset = Number(address) - this.#scratch.base
    return offset >= 0 && offset + size <= this.#scratch.top
  }

  /** An integer, extended by its sign. Throws "invalid address", as all that follow do. */
  load(address: Address, type: { readonly bytes: Size; readonly signed: boolean }): bigint {
    if (type.bytes < 8) return BigInt(this.loadNumber(address, type.bytes, type.signed))
    const offset = this.#find(address, 8)
    const { view } = this.#at
    return type.signed ? view.getBigInt64(offset, true) : view.getBigUint64(offset, true)
  }

  /** The same, of 1, 2 or 4 bytes. */
  loadNumber(address: Address, bytes: Size, signed: boolean): number {
    const offset = this.#find(address, bytes)
    const { view } = this.#at
    if (bytes === 1) return signed ? view.getInt8(offset) : view.getUint8(offset)
    if (bytes === 2) return signed ? view.getInt16(offset, true) : view.getUint16(offset, true)
    return signed ? view.getInt32(offset, true) : view.getUint32(offset, true)
  }

  /** A bit-field of the integer at an address. */
  loadBits(
    address: Address,
    type: { readonly bytes: Size; readonly signed: boolean },
    { shift, width }: BitField,
  ): bigint {
    const field = this.load(address, { bytes: type.bytes, signed: false }) >> BigInt(shift)
    return type.signed ? BigInt.asIntN(width, field) : BigInt.asUintN(width, field)
  }

  /** Stores the low bytes of a register. */
  store(address: Address, bytes: Size, value: number | bigint): void {
    const offset = this.#find(address, bytes, true)
    const { view } = this.#at
    if (bytes === 8) view.setBigInt64(offset, BigInt.asIntN(64, BigInt(value)), true)
    else {
      const low = typeof value === 'bigint' ? Number(BigInt.asIntN(32, value)) : value
      if (bytes === 1) view.setInt8(offset, low)
      else if (bytes === 2) view.setInt16(offset, low, true)
      else view.setInt32(offset, low, true)
    }
  }

  /** Stores the low bits of a register into a bit-field; the bits around it stay. */
  storeBits(
    address: Address,
    bytes: Size,
    { shift, width }: BitField,
    value: number | bigint,
  ): void {
    const mask = ((1n << BigInt(width)) - 1n) << BigInt(shift)
    const around = this.load(address, { bytes, signed: false }) & ~mask
    this.store(address, bytes, around | ((BigInt(value) << BigInt(shift)) & mask))
  }

  /** The string at an address: up to a 0, at most so many bytes. At address 0: NULL. */
  text(address: Address, most: number): string {
    if (Number(address) === 0) return NULL_STRING
    const offset = this.#find(address, Math.min(1, most))
    const { bytes, top, base } = this.#at
    const end = Math.min(top, offset + most)
    let text = ''
    for (let i = offset; i < end; i++) {
      const byte = bytes[i] as number
      if (byte === 0) return fromBytes(text)
      text += String.fromCharCode(byte)
    }
    if (offset + most > top) throw invalidAddress(base + top)
    return fromBytes(text)
  }

  /** Stores a string: its bytes, cut to `room`, and a 0 where one still fits. */
  storeText(address: Address, text: string, room: number): void {
    if (text === NULL_STRING) throw invalidAddress(0)
    const bytes = `${toBytes(text).slice(0, room)}\0`.slice(0, room)
    const offset = this.#find(address, bytes.length, true)
    write(this.#at, offset, bytes)
  }

  /** The address of a string: of a constant always the same, of any other that of a copy. */
  addressOfText(text: string): number {
    if (text === NULL_STRING) return 0
    const start = this.#texts.take(this.#limits.strsize + 1)
    write(this.#texts, start, toBytes(text).slice(0, this.#limits.strsize))
    return this.#texts.base + start
  }

  /** The address of a string constant of the program. */
  addressOfConstant(text: string): number {
    return this.#layout.constants.get(text) ?? 0
  }

  /** The address of the storage of a global or clause-local variable. */
  addressOfVariable(id: number): number {
    return this.#layout.variables.get(id) ?? 0
  }

  /** Copies bytes, also where the two overlap. */
  copy(target: Address, source: Address, size: number): void {
    const from = this.#find(source, size)
    const bytes = this.#at.bytes.slice(from, from + size)
    const to = this.#find(target, size, true)
    this.#at.bytes.set(bytes, to)
  }

  /** A copy of so many bytes. */
  bytes(address: Address, size: number): Uint8Array {
    const offset = this.#find(address, size)
    return this.#at.bytes.slice(offset, offset + size)
  }

  /** A block of so many bytes, all 0. */
  takeBlock(size: number): number {
    const free = this.#free.get(size)?.pop()
    if (free === undefined) return this.#blocks.base + this.#blocks.take(size)
    this.#blocks.bytes.fill(0, free - this.#blocks.base, free - this.#blocks.base + size)
    return free
  }

  /** Gives a block back. It can still be read. */
  freeBlock(address: number, size: number): void {
    const free = this.#free.get(size)
    if (free === undefined) this.#free.set(size, [address])
    else free.push(address)
  }

  // The offset of an address within the region it lies in, which is left in #at.
  #find(address: Address, size: number, writes = false): number {
    const n = Number(address)
    const region = this.#regions[regionOf(n)]
    if (region === undefined || !(size >= 0)) throw invalidAddress(address)
    const offset = n - region.base
    if (offset + size > region.top) throw this.#beyond(region, offset, { address, size })
    if (writes && offset + size > this.#writable(region)) throw invalidAddress(address)
    this.#at = region
    return offset
  }

  // How many bytes of a region may be written.
  #writable({ name, top }: Region): number {
    if (name === 'constants') return 0
    return name === 'globals' ? this.#layout.globalBytes : top
  }

  // Linux tells a piece that is too long from one that begins nowhere, where it knows memory to be
  // scratch.
  #beyond(
    region: Region,
    offset: number,
    { address, size }: { readonly address: Address; readonly size: number },
  ): Fault {
    const sized = this.#limits.dialect === 'linux' && region === this.#scratch
    if (!sized || offset >= region.top) return invalidAddress(address)
    return new Fault(10, 'invalid size', BigInt(size))
  }
}

function write(region: Region, at: number, bytes: string): void {
  for (let i = 0; i < bytes.length; i++) region.bytes[at + i] = bytes.charCodeAt(i)
}
