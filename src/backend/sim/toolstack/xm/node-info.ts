// The host as xend tells of it: `xm info`, line by line.
//
//   yield* nodeInfo(world)  ->  [['system', 'SunOS'], ['nr_cpus', '4'], ...]
//
// Holds: whole sockets are told, as far as their pcpus are online.
// Source: tools/python/xen/xend/XendNode.py of 3.1; physinfo in xen/arch/x86/sysctl.c.
import { FRAME_BYTES, FRAMES_PER_MIB } from '../../frames.js'
import { type Processor, processorNamed } from '../../processor.js'
import { call } from '../../step.js'
import type { ToolWorld } from '../../tool-world.js'
import { xenBuild } from '../../xen-build.js'
import type { Steps } from './xend.js'

/** What xend asks the hypervisor of itself. */
const ASKED = [
  'version',
  'extraversion',
  'compile_info',
  'capabilities',
  'platform_parameters',
  'changeset',
  'pagesize',
] as const
/** Pairs of key and value, in the order in which they are printed. */
export function* nodeInfo(world: ToolWorld): Steps<readonly (readonly [string, string])[]> {
  yield* call('sysctl', 'physinfo')
  for (const what of ASKED) yield* call('xen_version', what)
  yield* call('sysctl', 'sched_id')
  const { host, era } = world
  const { coresPerSocket, threadsPerCore } = host
  const sockets = Math.floor(world.onlinePcpus.length / (coresPerSocket * threadsPerCore))
  const [major, minor, extra] = era.xenVersion
  const build = xenBuild(era, host)
  const facts: Readonly<Record<string, string | number>> = {
    system: 'SunOS',
    host: host.name,
    release: build.dom0Release,
    version: build.dom0Version,
    machine: 'i86pc',
    nr_cpus: sockets * coresPerSocket * threadsPerCore,
    nr_nodes: 1,
    sockets_per_node: sockets,
    cores_per_socket: coresPerSocket,
    threads_per_core: threadsPerCore,
    cpu_mhz: Math.floor(host.cpuHz / 1e6),
    hw_caps: oldWords(processorNamed(host.processor ?? era.processor)),
    total_memory: host.memoryMiB,
    free_memory: Math.floor(world.freePages / FRAMES_PER_MIB),
    xen_major: major,
    xen_minor: minor,
    xen_extra: extra,
    xen_caps: build.capabilities,
    xen_scheduler: era.scheduler,
    xen_pagesize: FRAME_BYTES,
    platform_params: 'virt_start=0xffff800000000000',
    xen_changeset: build.changeset,
    cc_compiler: build.compiler,
    cc_compile_by: build.compiledBy,
    cc_compile_domain: build.compileDomain,
    cc_compile_date: build.compileDate,
    xend_config_format: 4,
  }
  return Object.entries(facts).map(([key, value]) => [key, String(value)] as const)
}

/** Feature words as Xen 3.1 keeps them: two of other vendors and its own of that time between. */
function oldWords({ vendor, features: [edx, ecx, moreEdx, moreEcx] }: Processor): string {
  const own = vendor === 'intel' ? '00000140' : '00000010'
  return [edx, moreEdx, '00000000', own, ecx, '00000000', moreEcx].join(':')
}
