// PcpuMoment: how a pcpu is now, as far as its registers tell of it.
import { pcpuPlace } from '../../../machine/pcpu-place.js'
import type { HostConfig } from '../host-config.js'
import type { Kernel } from '../kernel.js'
import type { Processor } from '../processor.js'
import type { Scheduler } from '../scheduler.js'
import type { PcpuMoment } from './hardware-values.js'

/** A pcpu of a host at this moment. */
export function momentOf(
  of: {
    readonly kernel: Kernel
    readonly scheduler: Scheduler
    readonly host: HostConfig
    readonly processor: Processor
  },
  pcpu: number,
): PcpuMoment {
  const { kernel, host, processor, scheduler } = of
  const place = pcpuPlace(host, pcpu)
  const packagePcpus = host.coresPerSocket * host.threadsPerCore
  const busyNs = (other: number): number => kernel.now - scheduler.idleNs(other)
  const first = place.socket * packagePcpus
  const ofPackage = Array.from({ length: packagePcpus }, (_, n) => first + n)
  return {
    pcpu,
    place,
    processor,
    cpuHz: host.cpuHz,
    memoryBytes: host.memoryMiB * 2 ** 20,
    threadsPerCore: host.threadsPerCore,
    coresPerSocket: host.coresPerSocket,
    nowNs: kernel.now,
    seed: host.seed,
    busyNs: busyNs(pcpu),
    packageBusyNs: ofPackage.reduce((sum, other) => sum + busyNs(other), 0),
    packagePcpus,
  }
}
