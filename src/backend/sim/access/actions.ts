// Actions on a simulated host: what somebody at the prompt asks for, a process of dom0 does by the
// hypercall that the tools use; on metal the operating system does it itself.
//
//   pinVcpu(0, 1, [2])  ->  domctl setvcpuaffinity by process `xpv`  ->  done | refused EINVAL

import { errnoName } from '../../../machine/errno.js'
import { type ActionOutcome, type HostActions, LOADS } from '../../../machine/host-access.js'
import { isMetal } from '../era.js'
import { PAGE_COMMAND, PAGE_STATUS, pageOwner } from '../hypercalls/page-offline.js'
import type { Hypervisor } from '../hypervisor.js'
import type { Processes } from '../processes.js'
import { type CallValues, call, type Reply, type Script } from '../step.js'

const DONE: ActionOutcome = { kind: 'done' }
const NO_FRAME = 'there is no memory at this frame'

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
  const isBare = isMetal(era)
  const make = (of: Call): Reply => madeBy(processes, of)
  return {
    setLoad: (domid, load) => {
      if (!LOADS.includes(load)) return refusal('EINVAL', `a load is one of: ${LOADS.join(', ')}`)
      xen.scheduler.setGuest(domid, load === 'idle' ? undefined : load)
      return DONE
    },
    pinVcpu: (domid, vcpu, pcpus) => {
      const args = { domid, u0: vcpu }
      const of = { hypercall: 'domctl', operation: 'setvcpuaffinity', args, more: [...pcpus] }
      return outcome(make(of).result, 'a vcpu needs a pcpu that is online to run on')
    },
    setPcpuOnline: (pcpu, online) => {
      if (isBare) return metalOnline(xen, pcpu, online)
      if (!era.cpuOffline) return refusal('ENOSYS', neverOnline(era.name, online))
      const operation = online ? 'cpu_online' : 'cpu_offline'
      const { result } = make({ hypercall: 'platform_op', operation, args: { u0: pcpu } })
      return outcome(result, whyNotOnline(xen, pcpu, online))
    },
    offlinePage: (mfn) => {
      if (isBare) return pageOutcome(xen.frames.retire(mfn).kind)
      if (!era.pageOffline) return refusal('ENOSYS', `${era.name} cannot take a page offline`)
      const more = { command: PAGE_COMMAND.offline, start: mfn, end: mfn }
      const of = { hypercall: 'sysctl', operation: 'page_offline_op', args: {}, more }
      const { result, out } = make(of)
      return pageStatus(result, Number(out['status0'] ?? 0))
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

function outcome(result: number, why: string): ActionOutcome {
  return result < 0 ? refusal(errnoName(result), why) : DONE
}

const refusal = (error: string, why: string): ActionOutcome => ({ kind: 'refused', error, why })

function whyNotOnline(xen: Hypervisor, pcpu: number, online: boolean): string {
  if (pcpu < 0 || pcpu >= xen.pcpus) return `there is no pcpu ${pcpu}`
  if (!online && pcpu === 0) return 'the host booted on pcpu 0: it stays'
  return `pcpu ${pcpu} is ${online ? 'online' : 'offline'} already`
}

const neverOnline = (era: string, online: boolean): string =>
  online ? `${era} cannot bring a pcpu online` : `${era} cannot take a pcpu offline`

/** Takes a processor of an operating system in or out. */
export function metalOnline(xen: Hypervisor, pcpu: number, online: boolean): ActionOutcome {
  if (!online && pcpu === 0) return refusal('EBUSY', 'the host booted on pcpu 0: it stays')
  const processor = xen.domains.get(0)?.vcpus[pcpu]
  if (processor === undefined || xen.isOnline(pcpu) === online) {
    return refusal('EINVAL', whyNotOnline(xen, pcpu, online))
  }
  processor.up = online
  if (!online) xen.scheduler.lower(0, pcpu)
  xen.setOnline(pcpu, online)
  if (online) {
    xen.scheduler.pin(0, pcpu, [pcpu])
    xen.scheduler.raise(0, pcpu)
  }
  return DONE
}

/** What an operating system says of a page that is to go. */
export function pageOutcome(kind: string): ActionOutcome {
  if (kind === 'hole') return refusal('EINVAL', NO_FRAME)
  if (kind === 'xen') return refusal('EBUSY', 'the kernel itself uses this frame')
  return kind === 'pending' ? { kind: 'done', note: 'it goes once it is given back' } : DONE
}

function pageStatus(result: number, status: number): ActionOutcome {
  if (result < 0) {
    const isXens = (status & PAGE_STATUS.xenPage) !== 0
    return outcome(result, isXens ? 'the hypervisor itself uses this frame' : NO_FRAME)
  }
  if ((status & PAGE_STATUS.pending) === 0) return DONE
  return { kind: 'done', note: `it goes once domain ${pageOwner(status)} gives it back` }
}
