// BoardFacts: what the firmware of a host says of its hardware: names, serial numbers, and what is
// printed beside each place on the board.
//
//   product, serial number, chassis     CPU 0, CPU 1     DIMM at socket 1, channel 0: CPU 1 DIMM A0
//
// Source: System Management BIOS (DMTF DSP0134): types 1, 3, 4 and 17.
import type { Obs } from './obs.js'

/** A processor in its socket. */
export interface ChipFacts {
  /** Beside its socket: `CPU 0`. */
  readonly label: string
  /** The number of this very chip, where software may read it. */
  readonly serial: Obs<string>
}

/** A DIMM in its place. */
export interface DimmFacts {
  readonly socket: number
  readonly channel: number
  readonly dimm: number
  readonly label: string
  readonly serial: string
  readonly part: string
}

/** A board and what is in it. */
export interface BoardFacts {
  readonly product: string
  readonly productSerial: string
  readonly chassis: string
  readonly label: string
  /** By socket. */
  readonly chips: readonly ChipFacts[]
  readonly dimms: readonly DimmFacts[]
}
