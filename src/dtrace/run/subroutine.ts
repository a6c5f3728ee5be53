// What a subroutine is given: its arguments, and what lasts from one call to the next.
//
// Holds: strings come in and go out as bytes, one character each. Where a string is expected, an
// address will do.
import { toBytes } from '../../base/byte-text.js'
import { prng } from '../../base/prng.js'
import { invalidAddress, type Limits } from './engine.js'
import type { Memory } from './memory.js'
import { NULL_STRING } from './strings.js'

/** The value of an expression: a register, or a string. */
export type Value = bigint | string

type SubroutineLimits = Pick<Limits, 'strsize' | 'scratchsize' | 'dialect'>

/** What subroutines share, and some of them remember. */
export class SubroutineState {
  /** What a strtok() left of its string, by thread; absent once nothing is left. */
  readonly tokens = new Map<number, string>()
  /** The state of rand(). */
  readonly random = prng(0x9e3779b9)
  /** The thread and process of the current firing. */
  tid = 0
  pid = 0
  /** Who gives out speculations: the id of a free one, or 0. */
  speculation = () => 0
  readonly limits: SubroutineLimits
  readonly memory: Memory

  constructor(limits: SubroutineLimits, memory: Memory) {
    this.limits = limits
    this.memory = memory
  }

  /** A string argument, no longer than strsize. Throws "invalid address" for NULL. */
  text(v: Value | undefined): string {
    const { strsize } = this.limits
    const text = typeof v === 'bigint' ? toBytes(this.memory.text(v, strsize)) : (v ?? '')
    if (text === NULL_STRING) throw invalidAddress(0)
    return text.length > strsize ? text.slice(0, strsize) : text
  }
}

/** Computes a subroutine; an integer is any that its 64-bit register is congruent to. Throws
 *  `Fault`. */
export type Subroutine = (args: readonly Value[], state: SubroutineState) => Value

/** An integer argument, or what stands for an absent one. */
export const whole = (v: Value | undefined, absent = 0n): bigint =>
  typeof v === 'bigint' ? v : absent

/** Whether an argument is the address 0. */
export const isNull = (v: Value | undefined): boolean => v === 0n || v === NULL_STRING
