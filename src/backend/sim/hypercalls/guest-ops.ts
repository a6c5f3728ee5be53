// grant_table_op, sched_op, vcpu_op, hvm_op: what guests do for themselves, and dom0 for some.
//
// Source: xen/common/grant_table.c, xen/common/sched/core.c, xen/common/domain.c,
// xen/arch/x86/hvm/hvm.c.

import { DOMID_SELF } from '../../../machine/ids.js'
import { HYPERVISOR_KINDS } from '../kinds.js'
import { LAST_SHUTDOWN } from '../shutdown.js'
import { CALL_NS, MAP_FRAME_NS } from './costs.js'
import { release } from './domctl-lifecycle.js'
import {
  fieldsOf,
  type GrantMore,
  type HvmParamMore,
  type PollMore,
  type RemoteShutdownMore,
} from './more.js'
import { done, refused } from './outcome.js'
import { type DomainOperation, domidOf, numberOf, type Operations, onDomain } from './xen.js'

/** Trace records: a grant was mapped, unmapped. */
const TRACE_GRANT_MAP = 0x10f001
const TRACE_GRANT_UNMAP = 0x10f002
/** GNTST_*: a handle or an entry that is none. */
const GNTST_BAD_REF = -3
const GNTST_BAD_HANDLE = -4
/** Ports of one poll. */
const MAX_POLLED = 128
const MAX_PARAM = 64

/** All operations of grant_table_op that are used. */
export const GRANT_TABLE_OP: Operations = {
  map_grant_ref: (xen, call) => {
    const { domid = 0, reference = 0 } = fieldsOf<GrantMore>(call.more)
    xen.bus.say(TRACE_GRANT_MAP, call.at, [domid])
    const handle = xen.grants.map(call.by.domid, domid, reference)
    return handle === undefined
      ? done(CALL_NS, { status: GNTST_BAD_REF })
      : done(CALL_NS + MAP_FRAME_NS, { status: 0, handle })
  },
  unmap_grant_ref: (xen, call) => {
    const { domid = 0, handle = 0 } = fieldsOf<GrantMore>(call.more)
    xen.bus.say(TRACE_GRANT_UNMAP, call.at, [domid])
    const undone = xen.grants.unmap(call.by.domid, handle)
    release(xen, call.at, domid)
    return done(CALL_NS + MAP_FRAME_NS, { status: undone ? 0 : GNTST_BAD_HANDLE })
  },
  setup_table: (xen, call) => {
    const { domid = DOMID_SELF, frames = 1 } = fieldsOf<GrantMore>(call.more)
    const of = domid === DOMID_SELF ? call.by.domid : domid
    if (!xen.domains.has(of)) return refused('ESRCH')
    const grown = xen.grants.grow(of, frames, xen.era.abi.maxGrantFrames)
    return grown ? done(CALL_NS + 900) : refused('EINVAL')
  },
  query_size: (xen, call) => {
    const { domid = DOMID_SELF } = fieldsOf<GrantMore>(call.more)
    const of = domid === DOMID_SELF ? call.by.domid : domid
    if (!xen.domains.has(of)) return refused('ESRCH')
    const { maxGrantFrames } = xen.era.abi
    return done(CALL_NS, { nr_frames: xen.grants.frames(of), max_nr_frames: maxGrantFrames })
  },
  copy: (_xen, call) => done(CALL_NS + numberOf(call, 'count') * 600),
  transfer: (_xen, call) => done(CALL_NS + numberOf(call, 'count') * 900),
  dump_table: () => done(90_000),
  set_version: () => done(CALL_NS),
  get_version: () => done(CALL_NS, { version: 1 }),
}

const remoteShutdown: DomainOperation = (xen, call, domain) => {
  const reason = numberOf(call, 'reason')
  if (reason > LAST_SHUTDOWN) return refused('EINVAL')
  xen.shutdown(domain, reason)
  return done(CALL_NS + 2_000)
}

/** When a poll has lasted as long as it may: of which domain, which vcpu. */
export const POLL_ENDS = HYPERVISOR_KINDS + 11

/** sched_op: a vcpu lets others go first, waits for an event, ends its domain; dom0's tools only
 *  shut others down by it. */
export const SCHED_OP: Operations = {
  yield: (xen, { by }) => {
    xen.scheduler.yield(by.domid, by.vcpu)
    return done(CALL_NS)
  },
  block: (xen, { by }) => {
    xen.scheduler.block(by.domid, by.vcpu)
    return done(CALL_NS)
  },
  poll: (xen, { by, more }) => {
    const { ports = [], timeoutNs = 0 } = fieldsOf<PollMore>(more)
    if (ports.length > MAX_POLLED) return refused('EINVAL')
    if (ports.some((port) => xen.channels.port(by.domid, port) === undefined)) {
      return refused('EINVAL')
    }
    xen.scheduler.block(by.domid, by.vcpu)
    if (timeoutNs > 0) xen.kernel.schedule(timeoutNs, POLL_ENDS, by.domid, by.vcpu)
    return done(CALL_NS)
  },
  shutdown: (xen, call) => {
    const domain = xen.domains.get(call.by.domid)
    if (domain === undefined) return refused('ESRCH')
    return remoteShutdown(xen, call, domain)
  },
  remote_shutdown: (xen, call) => {
    const { domid = 0, reason = 0 } = fieldsOf<RemoteShutdownMore>(call.more)
    if (domid === 0) return refused('EINVAL')
    const args = { domid, reason }
    return onDomain(remoteShutdown)(xen, { ...call, args })
  },
  shutdown_code: () => done(CALL_NS),
  watchdog: () => done(CALL_NS, {}, 1),
}

/** vcpu_op: a guest's kernel brings its other vcpus up. */
export const VCPU_OP: Operations = {
  initialise: (xen, call) => {
    const vcpu = xen.domains.get(call.by.domid)?.vcpus[numberOf(call, 'a1')]
    if (vcpu === undefined) return refused('EINVAL')
    if (vcpu.initialised) return refused('EEXIST')
    vcpu.initialised = true
    return done(CALL_NS + 9_500)
  },
  up: (xen, call) => {
    const number = numberOf(call, 'a1')
    const vcpu = xen.domains.get(call.by.domid)?.vcpus[number]
    if (vcpu === undefined || !vcpu.initialised) return refused('EINVAL')
    if (!vcpu.up) {
      vcpu.up = true
      xen.scheduler.raise(call.by.domid, number)
    }
    return done(CALL_NS + 1_000)
  },
  down: (xen, call) => {
    const number = numberOf(call, 'a1')
    const vcpu = xen.domains.get(call.by.domid)?.vcpus[number]
    if (vcpu === undefined) return refused('EINVAL')
    if (vcpu.up) {
      vcpu.up = false
      xen.scheduler.lower(call.by.domid, number)
    }
    return done(CALL_NS + 1_000)
  },
  is_up: (xen, call) => {
    const vcpu = xen.domains.get(call.by.domid)?.vcpus[numberOf(call, 'a1')]
    return vcpu === undefined ? refused('EINVAL') : done(CALL_NS, {}, vcpu.up ? 1 : 0)
  },
  get_runstate_info: () => done(CALL_NS),
  get_physid: () => refused('EINVAL'),
}

const param =
  (set: boolean): Operations[string] =>
  (xen, call) => {
    const { domid = DOMID_SELF, index = 0, value = 0 } = fieldsOf<HvmParamMore>(call.more)
    const args = { domid }
    return onDomain((_xen, _call, domain) => {
      if (domain.type !== 'hvm' || index >= MAX_PARAM) return refused('EINVAL')
      if (set) domain.params[index] = value
      return done(CALL_NS, { value: domain.params[index] ?? 0 })
    })(xen, { ...call, args: { domid: domidOf({ ...call, args }) } })
  }

/** hvm_op: parameters of guests with hardware of their own. */
export const HVM_OP: Operations = {
  set_param: param(true),
  get_param: param(false),
  set_pci_intx_level: () => done(CALL_NS),
  set_isa_irq_level: () => done(CALL_NS),
  set_pci_link_route: () => done(CALL_NS),
  track_dirty_vram: () => done(CALL_NS + 3_000),
  modified_memory: () => done(CALL_NS + 400),
  create_ioreq_server: () => done(CALL_NS + 8_000, { id: 0 }),
  set_ioreq_server_state: () => done(CALL_NS),
}
