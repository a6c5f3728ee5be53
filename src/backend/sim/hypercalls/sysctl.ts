// sysctl: what tools ask of the host as a whole.
//
// Source: xen/common/sysctl.c, xen/arch/x86/sysctl.c, page_offline in xen/common/page_alloc.c.

import { hotplugLines } from '../boot-lines.js'
import { FRAME_BYTES } from '../frames.js'
import { CALL_NS, DOMAIN_INFO_NS } from './costs.js'
import { type DomainListMore, fieldsOf, type PageOfflineMore } from './more.js'
import { done, type Outcome, refused } from './outcome.js'
import { highOf, lowOf, type Operations, type Xen, type XenCall } from './xen.js'

/** PG_OFFLINE_*: status bits of taking pages out and in. */
const PAGE_STATUS = {
  offlined: 1 << 1,
  pending: 1 << 2,
  failed: 1 << 3,
  xenPage: 1 << 8,
  owned: 1 << 12,
  broken: 1 << 13,
} as const
/** PG_OFFLINE_STATUS_*: what a query answers. */
const QUERIED = { offlined: 1 << 1, pending: 1 << 3, broken: 1 << 4 } as const
const OWNER_SHIFT = 16
const DOMID_XEN = 0x7ff2
const EPERM = -1
const EINVAL = -22

/** All operations of sysctl. */
export const SYSCTL: Operations = {
  readconsole: (xen, call) => {
    const { length } = xen.ring.text()
    if (lowOf(call, 'u0') !== 0) xen.ring.clear()
    return done(CALL_NS + length / 4, { u0: length })
  },
  physinfo: (xen) => done(CALL_NS + 1_100, physinfo(xen)),
  sched_id: (xen) => done(CALL_NS, { u0: xen.era.scheduler === 'credit2' ? 6 : 5 }),
  getdomaininfolist: (xen, call) => {
    const from = lowOf(call, 'u0')
    const max = fieldsOf<DomainListMore>(call.more).max ?? 1024
    const found = [...xen.domains.keys()].filter((domid) => domid >= from).length
    const num = Math.min(found, max)
    return done(CALL_NS + num * DOMAIN_INFO_NS, { num_domains: num })
  },
  debug_keys: () => done(45_000),
  getcpuinfo: (xen) => done(CALL_NS + xen.pcpus * 60),
  availheap: (xen) => done(CALL_NS, { avail_bytes: xen.frames.free * FRAME_BYTES }),
  cpu_hotplug: hotplug,
  page_offline_op: offlinePages,
  cputopoinfo: (xen) => done(CALL_NS + xen.pcpus * 20, { num_cpus: xen.pcpus }),
  numainfo: () => done(CALL_NS, { num_nodes: 1 }),
  cpupool_op: () => done(CALL_NS, { cpupool_id: 0 }),
  scheduler_op: () => done(CALL_NS),
  get_cpu_featureset: () => done(CALL_NS + 300),
  get_cpu_policy: () => done(CALL_NS + 2_400),
  get_pmstat: () => done(CALL_NS),
  pm_op: () => done(CALL_NS),
  tbuf_op: () => done(CALL_NS + 5_000),
  perfc_op: () => refused('ENOSYS'),
  pcitopoinfo: () => done(CALL_NS),
  psr_cmt_op: () => refused('EOPNOTSUPP'),
  psr_alloc: () => refused('EOPNOTSUPP'),
  livepatch_op: () => done(CALL_NS),
}

function physinfo(xen: Xen): Record<string, number> {
  const { host, frames } = xen
  return {
    nr_cpus: xen.onlineCount,
    max_cpu_id: xen.pcpus - 1,
    nr_nodes: 1,
    threads_per_core: host.threadsPerCore,
    cores_per_socket: host.coresPerSocket,
    cpu_khz: Math.floor(host.cpuHz / 1000),
    total_pages: frames.total,
    free_pages: frames.free,
    scrub_pages: 0,
    outstanding_pages: frames.claimed,
  }
}

/** cpu_hotplug: the pcpu, then 0 online or 1 offline. */
function hotplug(xen: Xen, call: XenCall): Outcome {
  if (!xen.era.cpuOffline) return refused('ENOSYS')
  const pcpu = lowOf(call, 'u0')
  const operation = highOf(call, 'u0')
  if (pcpu >= xen.pcpus || operation > 1) return refused('EINVAL')
  return setPcpu(xen, pcpu, operation === 0)
}

/** Takes a pcpu in or out. The first one stays: the host booted on it. */
export function setPcpu(xen: Xen, pcpu: number, online: boolean): Outcome {
  if (!online && pcpu === 0) return refused('EINVAL')
  if (xen.isOnline(pcpu) === online) return refused('EINVAL')
  if (!xen.setOnline(pcpu, online)) return refused('EBUSY')
  for (const line of hotplugLines(xen.era, pcpu, online)) xen.ring.print(line)
  return done(4_200_000)
}

/** page_offline_op: u0 is command and first frame, u1 the last. Commands: 1 offline, 2 online, 3
 *  query. Status words are `status0`, `status1` ...; the first frame that is refused ends it. */
function offlinePages(xen: Xen, call: XenCall): Outcome {
  if (!xen.era.pageOffline) return refused('ENOSYS')
  const asked = fieldsOf<PageOfflineMore>(call.more)
  const command = asked.command ?? lowOf(call, 'u0')
  const start = asked.start ?? highOf(call, 'u0')
  const end = asked.end ?? start
  if (command < 1 || command > 3 || end < start || end - start > 4095) return refused('EINVAL')
  const out: Record<string, number> = {}
  let result = 0
  for (let mfn = start; mfn <= end && result === 0; mfn++) {
    const page = PAGE_COMMANDS[command - 1]?.(xen, mfn) ?? INVALID
    result = page.result
    out[`status${mfn - start}`] = page.status
  }
  return done(CALL_NS + (end - start + 1) * 900, out, result)
}

/** What became of one frame. */
interface PageAnswer {
  readonly result: number
  readonly status: number
}

const INVALID: PageAnswer = { result: EINVAL, status: 0 }
const PAGE_COMMANDS = [offlined, onlined, queried] as const

const answer = (status: number): PageAnswer => ({ result: 0, status })

function offlined({ frames }: Xen, mfn: number): PageAnswer {
  const outcome = frames.retire(mfn)
  switch (outcome.kind) {
    case 'hole':
      return INVALID
    case 'xen': {
      const status = PAGE_STATUS.failed | PAGE_STATUS.xenPage | (DOMID_XEN << OWNER_SHIFT)
      return { result: EPERM, status }
    }
    case 'retired':
      return answer(PAGE_STATUS.offlined)
    case 'already':
      return answer(PAGE_STATUS.offlined | (frames.isBroken(mfn) ? PAGE_STATUS.broken : 0))
    case 'pending':
      return answer(PAGE_STATUS.pending | PAGE_STATUS.owned | (outcome.domid << OWNER_SHIFT))
  }
}

function onlined({ frames }: Xen, mfn: number): PageAnswer {
  if (frames.ownerOf(mfn).kind === 'hole') return INVALID
  if (frames.isBroken(mfn)) {
    return { result: EINVAL, status: PAGE_STATUS.failed | PAGE_STATUS.broken }
  }
  return answer(frames.reinstate(mfn) ? PAGE_STATUS.offlined : 0)
}

function queried({ frames }: Xen, mfn: number): PageAnswer {
  const { kind } = frames.ownerOf(mfn)
  if (kind === 'hole') return INVALID
  const broken = frames.isBroken(mfn) ? QUERIED.broken : 0
  if (kind === 'retired') return answer(QUERIED.offlined | broken)
  return answer((frames.isPending(mfn) ? QUERIED.pending : 0) | broken)
}
