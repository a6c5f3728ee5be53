// CallWords: a call of dom0 as the words of its observations.
//
//   who, numbers, values of its arguments  ->  CALL_* words of DOM0_CALL_ENTRY and _RETURN
//
// Holds: every argument of a call's shape is there, in its order; one the script did not give is an
// address of the caller where it is an address, the tools' version where it is that, else 0.

import type { CallNumbers } from '../../machine/hypercall.js'
import { callShape } from '../../machine/hypercall.js'
import type { CallArg } from '../../machine/hypercall-arguments.js'
import {
  CALL_ARGC,
  CALL_ARGS,
  CALL_EXECNAME,
  CALL_IN_MULTICALL,
  CALL_IOCTL,
  CALL_KNOWN,
  CALL_OP,
  CALL_PID,
  CALL_RESULT,
  CALL_RESULT_KNOWN,
  CALL_SUBOP,
} from '../../machine/observation.js'
import type { CallValues } from './step.js'

/** Who calls: what the words need of a process. */
export interface Caller {
  readonly pid: number
  readonly execname: number
  /** An address of its own for an argument of this name. */
  address(name: string): bigint
}

/** A call to be said. */
export interface SaidCall {
  readonly numbers: CallNumbers
  readonly args: CallValues
  readonly inMulticall: boolean
  /** The interface version that the tools pass. */
  readonly version: number
}

/** The words of the entry. */
export function entryWords(caller: Caller, call: SaidCall): Uint32Array {
  const { args } = callShape(call.numbers)
  const words = new Uint32Array(CALL_ARGS + 2 * args.length)
  words[CALL_PID] = caller.pid
  words[CALL_EXECNAME] = caller.execname
  words[CALL_IOCTL] = call.numbers.ioctl
  words[CALL_OP] = call.numbers.op
  words[CALL_SUBOP] = call.numbers.subop
  words[CALL_IN_MULTICALL] = call.inMulticall ? 1 : 0
  words[CALL_KNOWN] = 2 ** args.length - 1
  words[CALL_ARGC] = args.length
  args.forEach((arg, n) => {
    setPair(words, CALL_ARGS + 2 * n, argumentValue(arg, caller, call))
  })
  return words
}

/** The same words with the result in them. */
export function returnWords(entry: Uint32Array, result: number): Uint32Array {
  entry[CALL_RESULT_KNOWN] = 1
  setPair(entry, CALL_RESULT, result)
  return entry
}

/** Writes a 64-bit value as two words, low first. */
export function setPair(words: Uint32Array, at: number, value: number | bigint): void {
  if (typeof value === 'number') {
    words[at] = value
    words[at + 1] = Math.floor(value / 2 ** 32)
  } else {
    words[at] = Number(BigInt.asUintN(32, value))
    words[at + 1] = Number(BigInt.asUintN(32, value >> 32n))
  }
}

const DOMCTL = 36
/** The context pointer of setvcpucontext stands in the second word of its union. */
const SETVCPUCONTEXT = 12

function argumentValue(arg: CallArg, caller: Caller, call: SaidCall): number | bigint {
  const given = call.args[arg.name]
  if (given !== undefined) return given
  if (arg.type === 'uintptr_t') return caller.address(arg.name)
  if (arg.name === 'version') return call.version
  const { op, subop } = call.numbers
  const isContext = op === DOMCTL && subop === SETVCPUCONTEXT && arg.name === 'u1'
  if (isContext) return caller.address('context')
  return arg.source.kind === 'ioctl' ? call.numbers.ioctl : 0
}
