// domctl, the operations that make, pause, let go and end a domain.
//
//   createdomain -> max_vcpus -> ... -> setvcpucontext -> unpausedomain -> ... -> destroydomain
import { FIRST_RESERVED_DOMID } from '../../../machine/ids.js'
import type { SeenAt } from '../bus.js'
import { newDomain } from '../domain.js'
import { VIRQ } from '../event-channels.js'
import { INITIAL_GRANT_FRAMES, RESERVED_GRANTS } from '../grants.js'
import { CALL_NS, CREATE_NS, FREE_FRAME_NS } from './costs.js'
import { type CreateDomainMore, fieldsOf } from './more.js'
import { done, type Outcome, refused } from './outcome.js'
import { lowOf, numberOf, type Operations, onDomain, type Xen, type XenCall } from './xen.js'

/** What createdomain is asked when the hypervisor shall choose an id. */
const ANY_DOMID = new Set([0, 0xffff])
/** Flags that createdomain knows: HVM, HAP, S3, OOS, xs_domain ... */
const KNOWN_FLAGS = 0x1ff
/** Frames the hypervisor needs for a domain: its structure, shared_info, a grant table. */
const DOMAIN_FRAMES = 8
/** Trace records of the class DOM0OP. */
const TRACE_CREATE = 0x41001
const TRACE_DESTROY = 0x41002
const HANDLE_NONE = '0'.repeat(32)

/** These operations by name. */
export const LIFECYCLE: Operations = {
  createdomain: (xen, call) => create(xen, call),
  destroydomain: onDomain((xen, call, domain) => {
    if (domain.domid === 0 || domain.domid === call.by.domid) return refused('EINVAL')
    return destroy(xen, call, domain.domid)
  }),
  pausedomain: onDomain((xen, call, domain) => {
    if (domain.domid === call.by.domid) return refused('EINVAL')
    const { maxPauses } = xen.era.abi
    if (domain.pauseCount >= maxPauses)
      return maxPauses === 1 ? done(CALL_NS) : refused('EOVERFLOW')
    if (domain.pauseCount++ === 0) xen.scheduler.pause(domain.domid)
    return done(CALL_NS + 1_800 * Math.max(1, domain.vcpus.length))
  }),
  unpausedomain: onDomain((xen, _call, domain) => {
    if (domain.pauseCount === 0) return notPaused(xen)
    if (--domain.pauseCount > 0) return done(CALL_NS)
    xen.scheduler.unpause(domain.domid)
    if (!domain.started && domain.vcpus[0]?.initialised === true) {
      domain.started = true
      xen.guests.started(domain.domid)
    }
    return done(CALL_NS + 900 * Math.max(1, domain.vcpus.length))
  }),
  resumedomain: onDomain((xen, _call, domain) => {
    if (domain.shutdown === undefined) return refused('EINVAL')
    domain.shutdown = undefined
    xen.scheduler.unpause(domain.domid)
    return done(CALL_NS + 4_000)
  }),
}

function notPaused({ era }: Xen): Outcome {
  const { notPaused: errno } = era.abi
  return errno === undefined ? done(CALL_NS) : refused(errno)
}

function create(xen: Xen, call: XenCall): Outcome {
  const more = fieldsOf<CreateDomainMore>(call.more)
  const flags = lowOf(call, 'u0')
  const asked = numberOf(call, 'domid')
  if ((flags & ~KNOWN_FLAGS) !== 0) return refused('EINVAL')
  const { maxVcpus } = xen.era.abi
  if ((more.vcpus ?? 1) > maxVcpus[more.hvm === true ? 'hvm' : 'pv']) return refused('EINVAL')
  if (more.vcpus === 0 || (more.hvm === true && !xen.era.abi.hvm)) return refused('EINVAL')
  const isFree = !ANY_DOMID.has(asked) && !xen.domains.has(asked)
  if (!ANY_DOMID.has(asked) && (!isFree || asked >= FIRST_RESERVED_DOMID)) {
    return refused(xen.domains.has(asked) ? xen.era.abi.domidTaken : 'EINVAL')
  }
  const domid = isFree ? asked : nextDomid(xen)
  if (domid === undefined) return refused('ENOMEM')
  const shared = xen.frames.keepFor(domid, DOMAIN_FRAMES)
  if (shared === undefined) return refused('ENOMEM')
  xen.domains.set(domid, {
    ...newDomain(domid, {
      type: more.hvm === true ? 'hvm' : 'pv',
      handle: more.handle ?? HANDLE_NONE,
      flags,
      nowNs: xen.kernel.now,
    }),
    sharedInfoFrame: shared,
  })
  xen.grants.grow(domid, INITIAL_GRANT_FRAMES, xen.era.abi.maxGrantFrames)
  xen.bus.say(TRACE_CREATE, call.at, [domid])
  return done(CREATE_NS, { domid })
}

/** The next id that no domain has, after the last one given. */
function nextDomid(xen: Xen): number | undefined {
  for (let tried = 1; tried < FIRST_RESERVED_DOMID; tried++) {
    const domid = ((xen.rover + tried - 1) % (FIRST_RESERVED_DOMID - 1)) + 1
    if (xen.domains.has(domid)) continue
    xen.rover = domid
    return domid
  }
  return undefined
}

/** Takes everything from a domain. It stays, dying, while dom0's daemons have its rings mapped. */
function destroy(xen: Xen, call: XenCall, domid: number): Outcome {
  const domain = xen.domains.get(domid)
  if (domain === undefined) return refused('ESRCH')
  if (domain.dying) return done(CALL_NS)
  domain.dying = true
  if (domain.pauseCount++ === 0) xen.scheduler.pause(domid)
  xen.channels.closeAll(domid)
  const frames = xen.frames.releaseAll(domid)
  if (isHeld(xen, domid)) xen.raise(VIRQ.domExc, domid)
  else release(xen, call.at, domid)
  return done(CREATE_NS / 2 + frames * FREE_FRAME_NS)
}

/** Nobody has the rings of a dying domain mapped any more: it is gone. */
export function release(xen: Xen, at: SeenAt, domid: number): void {
  const domain = xen.domains.get(domid)
  if (domain?.dying !== true || isHeld(xen, domid)) return
  if (domain.maxVcpus > 0) xen.scheduler.removeDomain(domid)
  xen.grants.remove(domid)
  xen.domains.delete(domid)
  xen.bus.say(TRACE_DESTROY, at, [domid])
  xen.guests.destroyed(domid)
  xen.raise(VIRQ.domExc, domid)
}

function isHeld(xen: Xen, domid: number): boolean {
  return xen.grants.mappedOf(domid).some((mapping) => mapping.reference < RESERVED_GRANTS)
}
