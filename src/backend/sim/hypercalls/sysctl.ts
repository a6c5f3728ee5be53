// sysctl: what tools ask of the host as a whole.
//
// Source: xen/common/sysctl.c, xen/arch/x86/sysctl.c.

import { hotplugLines } from '../boot-lines.js'
import { SCHEDULER_IDS } from '../era.js'
import { FRAME_BYTES } from '../frames.js'
import { CALL_NS, DOMAIN_INFO_NS } from './costs.js'
import { type DomainListMore, fieldsOf } from './more.js'
import { done, type Outcome, refused } from './outcome.js'
import { offlinePages } from './page-offline.js'
import { highOf, lowOf, type Operations, type Xen, type XenCall } from './xen.js'

/** All operations of sysctl. */
export const SYSCTL: Operations = {
  readconsole: (xen, call) => {
    const { length } = xen.ring.text()
    if (lowOf(call, 'u0') !== 0) xen.ring.clear()
    return done(CALL_NS + length / 4, { u0: length })
  },
  physinfo: (xen) => done(CALL_NS + 1_100, physinfo(xen)),
  sched_id: (xen) => done(CALL_NS, { u0: SCHEDULER_IDS[xen.era.scheduler] }),
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
