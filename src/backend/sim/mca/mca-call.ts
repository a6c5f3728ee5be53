// The mca hypercall: how dom0 asks a hypervisor for machine checks, and lets some happen to test.
//
//   fetch urgent  ->  { flags: 0, fetch_id: 7, banks: 1 }   or  flags 2: there is none
//   fetch ack 7   ->  the record is let go
//
// Source: xen/include/public/arch-x86/xen-mca.h, xen/arch/x86/cpu/mcheck/mce.c.
import { CALL_NS } from '../hypercalls/costs.js'
import { fieldsOf } from '../hypercalls/more.js'
import { done, type Outcome, refused } from '../hypercalls/outcome.js'
import { highOf, lowOf, type XenCall } from '../hypercalls/xen.js'
import type { MachineChecks } from '../machine-check.js'

/** What the mca hypercall carries beyond its words. */
export interface McaMore {
  /** Of fetch with ACK: which record. */
  readonly id?: number
  /** Of msrinject: what the pcpu's banks are to hold. */
  readonly registers?: readonly { readonly msr: number; readonly value: bigint }[]
}

/** XEN_MC_* flags of fetch: asked for, and answered. */
export const MC_FETCH = { NONURGENT: 1, URGENT: 2, ACK: 4, NODATA: 2 } as const
const FETCH_NS = 1_400
const TYPE_CMCI = 1
const BROADCAST = 1 << 3

/** What a call needs to know of its host. */
export interface McaHost {
  readonly checks: MachineChecks
  readonly pcpus: number
  readonly isOnline: (pcpu: number) => boolean
  /** Says a line on the hypervisor's console. */
  readonly print: (line: string) => void
}

/** Carries out one call. */
export function mcaCall(host: McaHost, call: XenCall): Outcome {
  switch (call.operation) {
    case 'fetch':
      return fetch(host.checks, call)
    case 'physcpuinfo':
      return done(CALL_NS + host.pcpus * 180, { ncpus: host.pcpus })
    case 'msrinject':
      return injectRegisters(host, call)
    case 'mceinject':
      return injectException(host, lowOf(call, 'u0'))
    case 'inject_v2':
      return injectTyped(host, call)
    default:
      return refused('EINVAL')
  }
}

function fetch(checks: MachineChecks, call: XenCall): Outcome {
  const flags = lowOf(call, 'u0')
  const urgent = (flags & MC_FETCH.URGENT) !== 0
  if ((flags & (MC_FETCH.URGENT | MC_FETCH.NONURGENT)) === 0) return refused('EINVAL')
  if ((flags & MC_FETCH.ACK) !== 0) {
    checks.acknowledge(urgent, fieldsOf<McaMore>(call.more).id ?? 0)
    return done(CALL_NS)
  }
  const record = checks.fetch(urgent)
  if (record === undefined) return done(CALL_NS, { flags: MC_FETCH.NODATA })
  return done(CALL_NS + FETCH_NS, { flags: 0, fetch_id: record.id, banks: record.banks.length })
}

function injectRegisters(host: McaHost, call: XenCall): Outcome {
  const pcpu = lowOf(call, 'u0')
  const { registers = [] } = fieldsOf<McaMore>(call.more)
  if (!host.isOnline(pcpu) || registers.length > 8) return refused('EINVAL')
  const taken = registers.every(({ msr }) => host.checks.has(msr))
  if (!taken) return refused('EINVAL')
  for (const { msr, value } of registers) {
    host.checks.force(pcpu, msr, value)
    const what = `MSR 0x${msr.toString(16)} <-- 0x${value.toString(16)}`
    host.print(`HV MSR INJECT (interpose) target ${pcpu} actual ${pcpu} ${what}`)
  }
  return done(CALL_NS + 2_000)
}

function injectException(host: McaHost, pcpu: number): Outcome {
  const { checks, isOnline, print } = host
  if (!isOnline(pcpu)) return refused('EINVAL')
  const others = Array.from({ length: host.pcpus }, (_, n) => n).filter((n) => n !== pcpu)
  const told = checks.banksOf.processor.broadcast ? others.filter(isOnline) : []
  for (const on of [pcpu, ...told]) print(`Simulating #MC on cpu ${on}`)
  checks.raise(pcpu)
  return done(CALL_NS + 3_000)
}

/** Flags: the type in the low bits, and whether all pcpus are meant; then the set of pcpus. */
function injectTyped(host: McaHost, call: XenCall): Outcome {
  const flags = lowOf(call, 'u0')
  const pcpu = highOf(call, 'u0')
  if ((flags & ~BROADCAST) !== TYPE_CMCI) return injectException(host, pcpu)
  if (!host.checks.hasInterrupt || !host.isOnline(pcpu)) return refused('EINVAL')
  host.checks.interrupt(pcpu)
  return done(CALL_NS + 3_000)
}
