// CallRecord: the hypervisor's own trace record of a hypercall.
//
//   mmuext_op with count 1  ->  0x20100d: op | which arguments follow, then those
//
// Source: xen/arch/x86/trace.c (__trace_hypercall): only few hypercalls tell arguments.
import type { CallNumbers } from '../../machine/hypercall.js'
import type { CallValues } from './step.js'

/** Trace records of a hypercall, and of a call inside a multicall. */
export const TRACE_HYPERCALL = 0x20100d
export const TRACE_SUBCALL = 0x20200e
const MMU_UPDATE = 1
const MULTICALL = 13
const GRANT_TABLE_OP = 20
const VCPU_OP = 24
const MMUEXT_OP = 26
const SCHED_OP = 29

/** Words of the record: the number, two bits for each argument that follows, those arguments. */
export function hypercallWords(call: CallNumbers, args: CallValues): number[] {
  const count = Number(args['count'] ?? 0) >>> 0
  switch (call.op) {
    case MMU_UPDATE:
    case MULTICALL:
    case MMUEXT_OP:
      return [call.op | present(1), count]
    case GRANT_TABLE_OP:
      return [call.op | present(0) | present(2), call.subop, count]
    case VCPU_OP:
      return [call.op | present(0) | present(1), call.subop, Number(args['a1'] ?? 0) >>> 0]
    case SCHED_OP:
      return [call.op | present(0), call.subop]
    default:
      return [call.op]
  }
}

/** Says that a 32-bit argument follows. */
const present = (argument: number): number => 1 << (20 + 2 * argument)
