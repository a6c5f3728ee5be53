// BootLines: what the hypervisor prints about itself: while it boots, when a pcpu comes or goes.
//
//   era, host  ->  'Xen version 4.20.5-pre', 'Using scheduler: ...', ..., 'Brought up 4 CPUs', ...
//
// Holds: only what the simulated host knows is told, in the order in which Xen tells it.
// Source: consoles of Xen 4.17 and 4.20; for 3.1, its sources.
import { printRequesterId, type RequesterId } from '../../machine/pci/requester-id.js'
import { type Era, isMetal } from './era.js'
import { type HostConfig, pcpuCount } from './host-config.js'
import { processorNamed } from './processor.js'
import { GROUP_PCPUS } from './sched/credit2.js'

const SCHEDULERS: Readonly<Record<Era['scheduler'], string>> = {
  credit: 'SMP Credit Scheduler (credit)',
  credit2: 'SMP Credit Scheduler rev2 (credit2)',
  none: '',
}

/** What is printed while the hypervisor boots; nothing on a host without one. */
export function bootLines(era: Era, host: HostConfig): readonly string[] {
  if (isMetal(era)) return []
  const [major, minor, extra] = era.xenVersion
  const pcpus = Array.from({ length: pcpuCount(host) }, (_, n) => n)
  const isOld = era.scheduler === 'credit'
  return [
    `Xen version ${major}.${minor}${extra}`,
    `System RAM: ${host.memoryMiB}MB (${host.memoryMiB * 1024}kB)`,
    ...(isOld ? [] : ['Domain heap initialised']),
    ...(!isOld && isIntel(era, host) ? ['CPU0: Intel machine check reporting enabled'] : []),
    `Using scheduler: ${SCHEDULERS[era.scheduler]}`,
    ...(isOld ? [] : credit2Lines(host)),
    `Detected ${(host.cpuHz / 1e6).toFixed(3)} MHz processor.`,
    ...(isOld ? [] : ['I/O virtualisation disabled', `nr_sockets: ${host.sockets}`]),
    `Brought up ${pcpus.length} CPUs`,
    ...(isOld ? [] : [GRANULARITY, ...credit2Lines(host)]),
    ...(isOld ? [] : pcpus.flatMap((pcpu) => joined(pcpu))),
    ...(isPolling(era) ? ['mcheck_poll: Machine check polling timer started.'] : []),
    ...(isOld ? [] : ['*** Building a PV Dom0 ***']),
    `Dom0 has maximum ${host.dom0Vcpus} VCPUs`,
    isOld
      ? '*** Serial input -> DOM0'
      : "*** Serial input to DOM0 (type 'CTRL-a' three times to switch input)",
  ]
}

/** What is printed when a pcpu is taken out or in. */
export function hotplugLines(era: Era, pcpu: number, online: boolean): readonly string[] {
  if (era.scheduler !== 'credit2') return []
  if (online) return joined(pcpu)
  return [`Removing cpu ${pcpu} from runqueue ${queueOf(pcpu)}`]
}

/** What is printed when dom0's kernel tells of a device. */
export function deviceLines(era: Era, device: RequesterId): readonly string[] {
  const isTold = era.dom0 === 'linux' && !isMetal(era)
  return isTold ? [`PCI add device 0000:${printRequesterId(device)}`] : []
}

const GRANULARITY = 'Scheduling granularity: cpu, 1 CPU per sched-resource'

/** The queues here do not care for sockets: as with credit2_runqueue=all, where that is seen. */
const credit2Lines = ({ sockets }: HostConfig): readonly string[] => [
  'Initializing Credit2 scheduler',
  ' load_precision_shift: 18',
  ' load_window_shift: 30',
  ' underload_balance_tolerance: 0',
  ' overload_balance_tolerance: -3',
  ` runqueues arrangement: ${sockets === 1 ? 'socket' : 'all'}`,
  ' cap enforcement granularity: 10ms',
  'load tracking window length 1073741824 ns',
]

const queueOf = (pcpu: number): number => Math.floor(pcpu / GROUP_PCPUS)

function joined(pcpu: number): readonly string[] {
  const line = `Adding cpu ${pcpu} to runqueue ${queueOf(pcpu)}`
  return pcpu % GROUP_PCPUS === 0 ? [line, ' First cpu on runqueue, activating'] : [line]
}

const isIntel = (era: Era, host: HostConfig): boolean =>
  processorNamed(host.processor ?? era.processor).vendor === 'intel'

const isPolling = ({ mca }: Era): boolean => mca === 'hypervisor' || mca === 'unscanned'
