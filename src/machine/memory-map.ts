// MemoryMap: which DIMM a physical address is on, and which address a place on a DIMM has.
//
//   0x12345000  <->  socket 0, channel 1, dimm 0, rank 1, bank 3, row 0x123, column 16
//
// Holds: every address has one place; an address of a place is the first of its 64 bytes. Sockets
// have equal, consecutive shares; within one, lines of 64 bytes alternate between the channels.
// Where devices have addresses, there is no memory.
import { XpvError } from '../base/error.js'

/** What memory a host has. */
export interface MemoryShape {
  readonly bytes: number
  readonly sockets: number
  /** Of one socket, which share its channels evenly: 1 when absent. */
  readonly controllers?: number
  /** Of one socket, those with DIMMs. */
  readonly channels: number
  readonly dimmsPerChannel: number
  readonly ranksPerDimm: number
  /** Addresses from `start` on, up to but not `end`, that are devices': memory goes on behind. */
  readonly hole?: { readonly start: number; readonly end: number }
}

/** A place in memory: a line of 64 bytes of one row of one rank. */
export interface MemoryPlace {
  readonly socket: number
  readonly channel: number
  readonly dimm: number
  readonly rank: number
  readonly bank: number
  readonly row: number
  /** In lines of 64 bytes. */
  readonly column: number
}

/** What may be left out of a place: 0 then. */
export type PartialPlace = Partial<MemoryPlace>

const LINE_BYTES = 64
/** Lines of a row: 8 KiB. */
const COLUMNS = 128
/** Banks of a rank: what is open there at once, a row each. */
const DEVICE_BANKS = 8

/** A host's memory, place by place. */
export class MemoryMap {
  readonly shape: MemoryShape
  readonly #linesOf: {
    readonly socket: number
    readonly channel: number
    readonly dimm: number
    readonly rank: number
  }

  constructor(shape: MemoryShape) {
    this.shape = shape
    const socket = Math.floor(shape.bytes / shape.sockets / LINE_BYTES)
    const channel = Math.ceil(socket / shape.channels)
    const dimm = Math.ceil(channel / shape.dimmsPerChannel)
    this.#linesOf = { socket, channel, dimm, rank: Math.ceil(dimm / shape.ranksPerDimm) }
  }

  /** Bytes of one DIMM. */
  get dimmBytes(): number {
    return this.#linesOf.dimm * LINE_BYTES
  }

  /** Channels of one controller; those of a socket are numbered through. */
  get channelsPerController(): number {
    return Math.ceil(this.shape.channels / (this.shape.controllers ?? 1))
  }

  /** How many rows a bank of a rank has. */
  get rows(): number {
    return Math.ceil(this.#linesOf.rank / (COLUMNS * DEVICE_BANKS))
  }

  /** Whether there is memory at an address. */
  holds(address: number): boolean {
    const { sockets, hole } = this.shape
    if (!Number.isInteger(address) || address < 0) return false
    const bytes = this.#linesOf.socket * LINE_BYTES * sockets
    if (hole === undefined || address < hole.start) return address < bytes
    return address >= hole.end && address - (hole.end - hole.start) < bytes
  }

  /** The place of an address. Throws `XpvError` `memory.address` beyond the end. */
  placeOf(address: number): MemoryPlace {
    const { socket: perSocket, dimm: perDimm, rank: perRank } = this.#linesOf
    const line = Math.floor(this.#offsetOf(address) / LINE_BYTES)
    const socket = Math.floor(line / perSocket)
    if (!(address >= 0) || socket >= this.shape.sockets) throw this.#beyond(address)
    const ofSocket = line - socket * perSocket
    const ofChannel = Math.floor(ofSocket / this.shape.channels)
    const ofDimm = ofChannel % perDimm
    const ofRank = ofDimm % perRank
    return {
      socket,
      channel: ofSocket % this.shape.channels,
      dimm: Math.floor(ofChannel / perDimm),
      rank: Math.floor(ofDimm / perRank),
      bank: Math.floor(ofRank / COLUMNS) % DEVICE_BANKS,
      row: Math.floor(ofRank / (COLUMNS * DEVICE_BANKS)),
      column: ofRank % COLUMNS,
    }
  }

  /** The address of a place. Throws `XpvError` `memory.place` when there is no such. */
  addressOf(partial: PartialPlace): number {
    const place = { ...ORIGIN, ...partial }
    this.#check(place)
    const ofRank = (place.row * DEVICE_BANKS + place.bank) * COLUMNS + place.column
    const { rank: perRank, dimm: perDimm, socket: perSocket } = this.#linesOf
    const ofChannel = place.dimm * perDimm + place.rank * perRank + ofRank
    const ofSocket = ofChannel * this.shape.channels + place.channel
    if (ofRank >= perRank || ofSocket >= perSocket) throw noPlace('row', place.row, this.rows)
    return this.#addressAt((place.socket * perSocket + ofSocket) * LINE_BYTES)
  }

  /** How many bytes of memory are before an address. */
  #offsetOf(address: number): number {
    const { hole } = this.shape
    if (hole === undefined || address < hole.start) return address
    if (address >= hole.end) return address - (hole.end - hole.start)
    throw new XpvError(
      'memory.address',
      `there is no memory at 0x${address.toString(16)}: that is a device's`,
      `memory is below 0x${hole.start.toString(16)}, and from 0x${hole.end.toString(16)} on`,
    )
  }

  #addressAt(offset: number): number {
    const { hole } = this.shape
    return hole === undefined || offset < hole.start ? offset : offset + hole.end - hole.start
  }

  #check(place: MemoryPlace): void {
    const { sockets, channels, dimmsPerChannel, ranksPerDimm } = this.shape
    const counts: readonly (readonly [name: keyof MemoryPlace, count: number])[] = [
      ['socket', sockets],
      ['channel', channels],
      ['dimm', dimmsPerChannel],
      ['rank', ranksPerDimm],
      ['bank', DEVICE_BANKS],
      ['row', this.rows],
      ['column', COLUMNS],
    ]
    for (const [name, count] of counts) {
      if (!Number.isInteger(place[name]) || place[name] < 0 || place[name] >= count)
        throw noPlace(name, place[name], count)
    }
  }

  #beyond(address: number): XpvError {
    const last = this.#addressAt(this.shape.bytes - 1).toString(16)
    return new XpvError(
      'memory.address',
      `there is no memory at 0x${address.toString(16)}`,
      `the last byte is at 0x${last}`,
    )
  }
}

const ORIGIN: MemoryPlace = {
  socket: 0,
  channel: 0,
  dimm: 0,
  rank: 0,
  bank: 0,
  row: 0,
  column: 0,
}

function noPlace(name: string, number: number, count: number): XpvError {
  const range = count === 1 ? '0' : `0 to ${count - 1}`
  return new XpvError(
    'memory.place',
    `there is no ${name} ${number}`,
    `there are ${name}s ${range}`,
  )
}
