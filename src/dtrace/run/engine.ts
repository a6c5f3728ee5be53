// What runs a program, seen from outside: firings in, effects out. Generated code and the
// interpreter are the two engines; nothing they yield tells which one ran.
import type { Clock } from '../../machine/clock.js'
import type { AggregationSnapshot } from '../aggregate/aggregation.js'
import type { ProbeDescription } from '../probe/description.js'
import type { FiringBatch } from '../probe/firing.js'
import type { Program } from '../program/program.js'
import type { Consumer } from './consumer.js'
import type { Recorded } from './speculations.js'

/** An enabled control block: one clause on one probe, under the number DTrace calls EPID. */
export interface Ecb {
  readonly epid: number
  /** Place of the clause in the program. */
  readonly clause: number
  /** Number of the probe description that enabled it, from 0: what Linux calls a clause. */
  readonly description: number
  readonly probe: ProbeDescription
}

/** Why a clause stopped: thrown by the engines, never seen outside of them. Not an `Error`: a fault
 *  is D's business, happens a million times a run, and needs no stack. */
export class Fault {
  readonly code: number
  readonly text: string
  /** The address, of an invalid one; the index, of one out of bounds. */
  readonly value: bigint | undefined

  constructor(code: number, text: string, value?: bigint) {
    this.code = code
    this.text = text
    this.value = value
  }
}

export const DIVIDE_BY_ZERO = new Fault(4, 'divide-by-zero')
/** The fault of a subroutine that cannot do what it is asked. */
export const ILLEGAL_OPERATION = new Fault(3, 'illegal operation')
/** The fault of more scratch memory than there is. */
export const OUT_OF_SCRATCH = new Fault(5, 'out of scratch space')

/** Ends a clause on Linux that stores where there is no room for an element: it is a drop, no
 *  fault. */
export const NO_ELEMENT = new Fault(0, 'no room for a dynamic variable')

/** The fault of an address where there is no memory of D. */
export function invalidAddress(address: number | bigint): Fault {
  return new Fault(1, 'invalid address', BigInt.asUintN(64, BigInt(address)))
}

/** The fault of an action on a machine that is not there. */
export function notLive(action: string): Fault {
  return new Fault(3, `${action}() cannot act on this machine`)
}

/** The fault of an index that an array does not have. */
export function outOfBounds(index: number | bigint): Fault {
  return new Fault(11, 'index out of bounds', BigInt.asIntN(64, BigInt(index)))
}

/** The fault of reading what a recording does not hold: DTrace's "invalid address", in our
 *  words. */
export function notRecorded(what: string): Fault {
  return new Fault(1, `${what} was not recorded`)
}

/** Where a firing's clause is: what records and faults carry. */
export interface Place {
  readonly ecb: Ecb
  readonly batch: FiringBatch
  readonly row: number
}

/** What a clause does to the world outside of its variables and aggregations. */
export interface Effects {
  /** True once exit() was called: no further clause runs, until END. */
  readonly stopped: boolean
  /** Whether clauses ask `admits` before they run: where buffers may be too small. */
  readonly asks: boolean
  /** Whether a clause may run, as far as room for its record goes. */
  admits(place: Place): boolean
  /** Takes what a clause recorded; `speculation` is what speculate() was called with. */
  record(place: Place, items: readonly Recorded[], speculation?: bigint): void
  /** `action` counts as DTrace does: 0 for the predicate. Fires ERROR. */
  fault(place: Place, fault: Fault, action: number): void
  exit(status: number): void
  /** speculation(): the id of a free buffer, or 0. */
  speculation(): number
  /** speculate(): false ends the clause, whose record is lost. */
  speculate(place: Place, id: bigint): boolean
  /** A clause that speculates recorded more than fits: its record is lost. */
  overflow(): void
  /** Both throw "illegal operation" for an id that no buffer can have. */
  commit(place: Place, id: bigint): void
  discard(id: bigint): void
}

/** Sizes after which things are cut or dropped. */
export interface Limits {
  /** Bytes of a string in a variable, and of one that a subroutine yields. */
  readonly strsize: number
  /** Groups of each aggregation, by its id. */
  readonly groups: readonly number[]
  /** Elements of associative arrays, and threads of `self->` variables, all together. */
  readonly elements: number
  /** Bytes that alloca() can give out in one clause. */
  readonly scratchsize: number
  /** Whose rules count where DTraces differ. */
  readonly dialect: 'illumos' | 'linux'
  /** Bytes that one speculation holds. */
  readonly specsize: number
}

/** What an engine is built from. */
export interface EngineParts {
  readonly program: Program
  readonly ecbs: readonly Ecb[]
  readonly effects: Effects
  readonly limits: Limits
  readonly clock: Clock
  /** Nanoseconds since the start; only called when the program reads the time. */
  readonly toNs: (ticks: number) => number
  /** In whose name BEGIN and END fire. */
  readonly consumer?: Consumer
}

/** Values that found no room. */
export interface Drops {
  readonly aggregation: number
  readonly dynamic: number
}

/** Runs clauses and owns their variables and aggregations. */
export interface Engine {
  /** Runs the clauses of rows `from` to `to` - 1 in order. Yields the row after the last one that
   *  ran: less than `to` when exit() was called. */
  run(batch: FiringBatch, from: number, to: number): number
  snapshot(aggregation: number): AggregationSnapshot
  drops(): Drops
}
