// domctl, the operations on the vcpus of a domain: how many, where they run, their registers.
import type { Domain } from '../domain.js'
import { CALL_NS, CONTEXT_NS, VCPU_NS } from './costs.js'
import { fieldsOf, listOf, SCHEDULE, type ScheduleMore } from './more.js'
import { done, type Outcome, refused } from './outcome.js'
import {
  type DomainOperation,
  highOf,
  lowOf,
  type Operation,
  type Operations,
  onDomain,
  type Xen,
  type XenCall,
} from './xen.js'

/** Frames the hypervisor needs for a vcpu. */
const VCPU_FRAMES = 3
/** XEN_VCPUAFFINITY_*: where a vcpu would rather run, which is not where it must (4.x). */
const AFFINITY_SOFT = 2

/** These operations by name. */
export const VCPU_OPERATIONS: Operations = {
  max_vcpus: onDomain(maxVcpus),
  setvcpucontext: onDomain((xen, call, domain) => {
    if (domain.domid === call.by.domid && !xen.era.abi.ownContext) return refused('EINVAL')
    const vcpu = domain.vcpus[lowOf(call, 'u0')]
    if (vcpu === undefined) return refused('EINVAL')
    begin(xen, domain, lowOf(call, 'u0'))
    return done(CALL_NS + CONTEXT_NS)
  }),
  sethvmcontext: onDomain((xen, call, domain) => {
    if (domain.type !== 'hvm' || domain.vcpus.length === 0) return refused('EINVAL')
    const saved = listOf(call.more) ?? [0]
    for (const v of saved) begin(xen, domain, v)
    return done(CALL_NS + CONTEXT_NS * saved.length)
  }),
  getvcpuinfo: onVcpu((xen, _call, { domain, vcpu }) => {
    const known = xen.vcpu(domain, vcpu)
    return done(CALL_NS, {
      online: domain.vcpus[vcpu]?.up === true ? 1 : 0,
      blocked: known.state === 'blocked' ? 1 : 0,
      running: known.state === 'running' ? 1 : 0,
      cpu_time: known.runtimeNs,
      pcpu: known.pcpu,
    })
  }),
  setvcpuaffinity: onVcpu((xen, call, { domain, vcpu }) => {
    if (highOf(call, 'u0') === AFFINITY_SOFT) return done(CALL_NS + 1_500)
    const all = Array.from({ length: xen.pcpus }, (_, pcpu) => pcpu)
    const asked = (listOf(call.more) ?? all).filter((pcpu) => all.includes(pcpu))
    if (!asked.some((pcpu) => xen.isOnline(pcpu))) return refused('EINVAL')
    xen.scheduler.pin(domain.domid, vcpu, asked)
    return done(CALL_NS + 1_500)
  }),
  getvcpuaffinity: onVcpu(() => done(CALL_NS)),
  getvcpucontext: onVcpu((_xen, _call, { domain, vcpu }) =>
    domain.vcpus[vcpu]?.initialised === true ? done(CALL_NS + 2_200) : refused('ENODATA'),
  ),
  set_ext_vcpucontext: onVcpu(() => done(CALL_NS + 600)),
  get_ext_vcpucontext: onVcpu(() => done(CALL_NS + 600)),
  setvcpuextstate: onVcpu(() => done(CALL_NS + 1_200)),
  getvcpuextstate: onVcpu(() => done(CALL_NS + 1_200)),
  get_vcpu_msrs: onVcpu(() => done(CALL_NS + 500)),
  set_vcpu_msrs: onVcpu(() => done(CALL_NS + 500)),
  scheduler_op: onDomain(scheduler),
}

/** A vcpu has its registers: it is up. */
function begin(xen: Xen, domain: Domain, number: number): void {
  const vcpu = domain.vcpus[number]
  if (vcpu === undefined) return
  vcpu.initialised = true
  if (vcpu.up) return
  vcpu.up = true
  xen.scheduler.raise(domain.domid, number)
}

function maxVcpus(...[xen, call, domain]: Parameters<DomainOperation>): Outcome {
  const wanted = lowOf(call, 'u0')
  const more = wanted - domain.maxVcpus
  if (wanted === 0 || wanted > xen.era.abi.maxVcpus[domain.type]) return refused('EINVAL')
  if (more < 0 || (more > 0 && domain.maxVcpus > 0)) return refused('EINVAL')
  if (more === 0) return done(CALL_NS)
  if (xen.frames.keepFor(domain.domid, more * VCPU_FRAMES) === undefined) return refused('ENOMEM')
  domain.maxVcpus = wanted
  for (let v = 0; v < wanted; v++) {
    domain.vcpus.push({ initialised: false, up: false })
  }
  const { weight, cap } = domain
  const isPv = domain.type === 'pv'
  xen.scheduler.addDomain(domain.domid, wanted, { weight, cap, isPv })
  if (domain.pauseCount > 0) xen.scheduler.pause(domain.domid)
  return done(CALL_NS + more * VCPU_NS)
}

function scheduler(...[xen, call, domain]: Parameters<DomainOperation>): Outcome {
  const command = highOf(call, 'u0')
  if (command === SCHEDULE.getInfo) {
    return done(CALL_NS, { weight: domain.weight, cap: domain.cap })
  }
  if (command !== SCHEDULE.putInfo) return refused('EINVAL')
  const asked = fieldsOf<ScheduleMore>(call.more)
  const weight = asked.weight ?? domain.weight
  const cap = asked.cap ?? domain.cap
  if (weight < 1 || weight > 65535 || cap < 0) return refused('EINVAL')
  domain.weight = weight
  domain.cap = cap
  xen.adjust(domain)
  return done(CALL_NS + 400)
}

type VcpuOperation = (
  xen: Xen,
  call: XenCall,
  of: { readonly domain: Domain; readonly vcpu: number },
) => Outcome

/** An operation on a vcpu, whose number comes first: ESRCH where there is none. */
function onVcpu(operation: VcpuOperation): Operation {
  return onDomain((xen, call, domain) => {
    const vcpu = lowOf(call, 'u0')
    return vcpu < domain.maxVcpus ? operation(xen, call, { domain, vcpu }) : refused('ESRCH')
  })
}
