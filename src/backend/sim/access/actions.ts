// Actions on a simulated host: what somebody at the prompt asks for, a process of dom0 does by the
// hypercall that the tools use; on metal the operating system does it itself.
//
//   pinVcpu(0, 1, [2])  ->  domctl setvcpuaffinity by process `xpv`  ->  done | refused EINVAL
import type { ActionOutcome, HostActions } from '../../../machine/host-access.js'
import type { Hypervisor } from '../hypervisor.js'
import type { Processes } from '../processes.js'
import { type CallValues, call, type Reply, type Script } from '../step.js'

const PAGE_OFFLINE = 1
const PAGE_OFFLINED = 2
const PAGE_PENDING = 4
/** What of the status of an offlined page says that it is not. */
const PAGE_REASONS: Readonly<Record<number, string>> = {
  1: 'there is no memory at this frame',
  8: 'the hypervisor itself uses this frame',
}

const DONE: ActionOutcome = { kind: 'done' }

interface Call {
  readonly hypercall: string
  readonly operation: string
  readonly args: CallValues
  readonly more?: unknown
}

/** What a host's actions work with. */
export interface ActionParts {
  readonly xen: Hypervisor
  readonly processes: Processes
}

/** The actions of a simulated host. */
export function simActions({ xen, processes }: ActionParts): HostActions {
  const { era } = xen
  const isMetal = era.scheduler === 'none'
  const make = (of: Call): Reply => madeBy(processes, of)
  return {
    pinVcpu: (domid, vcpu, pcpus) => {
      const args = { domid, u0: vcpu }
      const of = { hypercall: 'domctl', operation: 'setvcpuaffinity', args, more: [...pcpus] }
      return outcome(make(of).result, 'a vcpu needs a pcpu that is online to run on')
    },
    setPcpuOnline: (pcpu, online) => {
      if (isMetal) return metalOnline(xen, pcpu, online)
      if (!era.cpuOffline) return refusal('ENOSYS', `${era.name} cannot take a pcpu offline`)
      const operation = online ? 'cpu_online' : 'cpu_offline'
      const { result } = make({ hypercall: 'platform_op', operation, args: { u0: pcpu } })
      return outcome(result, whyNotOnline(xen, pcpu, online))
    },
    offlinePage: (mfn) => {
      if (isMetal) return pageOutcome(xen.frames.retire(mfn).kind)
      if (!era.pageOffline) return refusal('ENOSYS', `${era.name} cannot take a page offline`)
      const more = { command: PAGE_OFFLINE, start: mfn, end: mfn }
      const of = { hypercall: 'sysctl', operation: 'page_offline_op', args: {}, more }
      const { result, out } = make(of)
      return result < 0 ? outcome(result, 'no such page') : pageStatus(Number(out['status0'] ?? 0))
    },
  }
}

/** Reads a register of a pcpu by resource_op; no value where the hypervisor gives none. */
export function resourceRead(
  { processes }: { readonly processes: Processes },
  pcpu: number,
  msr: number,
): { readonly result: number; readonly value: bigint | undefined } {
  const more = { pcpu, msr }
  const of = { hypercall: 'platform_op', operation: 'resource_op', args: {}, more }
  const { result, out } = madeBy(processes, of)
  const value = out['value']
  return { result, value: value === undefined ? undefined : BigInt(value) }
}

/** A process of dom0 makes a hypercall, and time passes until it has its answer. */
function madeBy(processes: Processes, of: Call): Reply {
  const answer = { result: 0, out: {} }
  processes.runToEnd(processes.spawn('xpv', calling(of, answer)))
  return answer
}

function* calling(of: Call, answer: { result: number; out: CallValues }): Script {
  Object.assign(answer, yield* call(of.hypercall, of.operation, of.args, of.more))
  return 0
}

const ERRORS: Readonly<Record<number, string>> = {
  1: 'EPERM',
  3: 'ESRCH',
  16: 'EBUSY',
  22: 'EINVAL',
  38: 'ENOSYS',
}

function outcome(result: number, why: string): ActionOutcome {
  return result < 0 ? refusal(ERRORS[-result] ?? `error ${-result}`, why) : DONE
}

const refusal = (error: string, why: string): ActionOutcome => ({ kind: 'refused', error, why })

function whyNotOnline(xen: Hypervisor, pcpu: number, online: boolean): string {
  if (pcpu < 0 || pcpu >= xen.pcpus) return `there is no pcpu ${pcpu}`
  if (!online && pcpu === 0) return 'the host booted on pcpu 0: it stays'
  return `pcpu ${pcpu} is ${online ? 'online' : 'offline'} already`
}

function metalOnline(xen: Hypervisor, pcpu: number, online: boolean): ActionOutcome {
  if (!online && pcpu === 0) return refusal('EBUSY', 'the host booted on pcpu 0: it stays')
  if (xen.isOnline(pcpu) !== online && xen.setOnline(pcpu, online)) return DONE
  return refusal('EINVAL', whyNotOnline(xen, pcpu, online))
}

function pageOutcome(kind: string): ActionOutcome {
  if (kind === 'hole') return refusal('EINVAL', 'there is no memory at this frame')
  if (kind === 'xen') return refusal('EBUSY', 'the kernel itself uses this frame')
  return kind === 'pending' ? { kind: 'done', note: 'it goes once it is given back' } : DONE
}

function pageStatus(status: number): ActionOutcome {
  if ((status & PAGE_OFFLINED) !== 0) return DONE
  if ((status & PAGE_PENDING) !== 0) {
    return { kind: 'done', note: `it goes once domain ${status >>> 16} gives it back` }
  }
  const why = [1, 8].filter((bit) => (status & bit) !== 0).map((bit) => PAGE_REASONS[bit])
  return refusal('EINVAL', why.join('; '))
}
