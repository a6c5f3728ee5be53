// domctl: what tools of dom0 do to one domain. All operations by name; those that make, run and end
// a domain are in domctl-lifecycle.ts, those of its vcpus in domctl-vcpus.ts.
//
// Holds: a domain that does not exist is ESRCH, whatever is asked of it; a refused operation leaves
// everything as it was.
// Source: xen/common/domctl.c, xen/arch/x86/domctl.c of 3.1 and 4.17.

import type { Domain } from '../domain.js'
import { KIB_PER_FRAME } from '../frames.js'
import { CALL_NS, DOMAIN_INFO_NS, FRAME_INFO_NS } from './costs.js'
import { LIFECYCLE } from './domctl-lifecycle.js'
import { VCPU_OPERATIONS } from './domctl-vcpus.js'
import { done, refused } from './outcome.js'
import { shadow } from './shadow-op.js'
import {
  domainFlags,
  lowOf,
  numberOf,
  type Operation,
  type Operations,
  onDomain,
  type Xen,
} from './xen.js'

/** All operations of domctl. */
export const DOMCTL: Operations = {
  ...LIFECYCLE,
  ...VCPU_OPERATIONS,
  getdomaininfo: (xen, call) => {
    const from = numberOf(call, 'domid')
    const domain = [...xen.domains.values()]
      .filter((d) => d.domid >= from)
      .sort((a, b) => a.domid - b.domid)[0]
    if (domain === undefined) return refused('ESRCH')
    return done(CALL_NS + DOMAIN_INFO_NS, domainInfo(xen, domain))
  },
  max_mem: onDomain((xen, call, domain) => {
    const pages = Math.floor(numberOf(call, 'u0') / KIB_PER_FRAME)
    const { maxMemTooLow } = xen.era.abi
    if (maxMemTooLow !== undefined && pages < xen.frames.ownedBy(domain.domid)) {
      return refused(maxMemTooLow)
    }
    domain.maxPages = pages
    return done(CALL_NS)
  }),
  setdomainhandle: onDomain((_xen, call, domain) => {
    if (typeof call.more === 'string') domain.handle = call.more
    return done(CALL_NS)
  }),
  set_address_size: onDomain((xen, call, domain) => {
    const bits = lowOf(call, 'u0')
    if (bits !== 32 && bits !== 64) return refused('EINVAL')
    if (xen.frames.ownedBy(domain.domid) > 0 && bits !== domain.addressSize) {
      return refused('EACCES')
    }
    domain.addressSize = bits
    return done(CALL_NS + 2_000)
  }),
  get_address_size: onDomain((_xen, _call, domain) =>
    done(CALL_NS, { u0: domain.addressSize === 0 ? 64 : domain.addressSize }),
  ),
  shadow_op: onDomain(shadow),
  getpageframeinfo: frames,
  getpageframeinfo2: frames,
  getpageframeinfo3: frames,
  getmemlist: onDomain((xen, call, domain) => {
    const n = Math.min(Number(call.args['u0'] ?? 0), xen.frames.ownedBy(domain.domid))
    return done(CALL_NS + n * FRAME_INFO_NS, { u0: n })
  }),
  ...simple(2_500, [
    'setdebugging',
    'irq_permission',
    'iomem_permission',
    'ioport_permission',
    'settimeoffset',
    'real_mode_area',
    'set_target',
    'settscinfo',
    'gettscinfo',
    'setnodeaffinity',
    'getnodeaffinity',
    'disable_migrate',
    'set_access_required',
    'set_paging_mempool_size',
    'get_paging_mempool_size',
    'suppress_spurious_page_faults',
    'subscribe',
    'pin_mem_cacheattr',
    'test_assign_device',
    'assign_device',
    'deassign_device',
    'set_virq_handler',
    'sendtrigger',
  ]),
  set_llc_colors: () => refused('EOPNOTSUPP'),
  ...simple(7_000, ['hypercall_init', 'gethvmcontext', 'cacheflush']),
  ...simple(24_000, ['set_cpu_policy', 'get_cpu_policy', 'setvnumainfo', 'set_cpuid']),
}

/** Operations that only concern what the model has no use for: they are accepted. */
function simple(ns: number, names: readonly string[]): Operations {
  const accept = onDomain(() => done(ns))
  return Object.fromEntries(names.map((name) => [name, accept]))
}

function frames(...[xen, call]: Parameters<Operation>): ReturnType<Operation> {
  return onDomain(() => {
    const n = Math.max(1, numberOf(call, 'u0'))
    return n > 1024 ? refused('EINVAL') : done(CALL_NS + n * FRAME_INFO_NS)
  })(xen, call)
}

/** What getdomaininfo and getdomaininfolist tell of a domain. */
function domainInfo(xen: Xen, domain: Domain): Record<string, number> {
  const online = domain.vcpus.filter((vcpu) => vcpu.up).length
  return {
    domid: domain.domid,
    flags: domainFlags(xen, domain),
    tot_pages: xen.frames.ownedBy(domain.domid),
    max_pages: domain.maxPages,
    shared_info_frame: domain.sharedInfoFrame,
    nr_online_vcpus: online,
    max_vcpu_id: Math.max(0, domain.maxVcpus - 1),
    cpu_time: xen.runtimeNs(domain),
  }
}
