// HostConfig: the host a simulation is of: its hardware, its dom0, its seed.
import type { PcpuShape } from '../../machine/pcpu-place.js'

/** What can be chosen about a simulated host. */
export interface HostConfig extends PcpuShape {
  /** Name of an era of `era.ts`. */
  readonly era: string
  readonly seed: number
  readonly name: string
  /** A name of `processor.ts`; what the era's hosts have when absent. */
  readonly processor?: string
  readonly memoryMiB: number
  readonly cpuHz: number
  readonly dom0MemoryMiB: number
  readonly dom0Vcpus: number
  /** Nanoseconds since 1970 at boot. */
  readonly bootedAt: bigint
}

/** A host like those of the time, with room for a few guests. */
export const DEFAULT_HOST: HostConfig = {
  era: 'xvm-3.1',
  seed: 1,
  name: 'xvm1',
  sockets: 2,
  coresPerSocket: 2,
  threadsPerCore: 1,
  memoryMiB: 8192,
  cpuHz: 2_600_000_000,
  dom0MemoryMiB: 1024,
  dom0Vcpus: 2,
  bootedAt: 1_197_273_600_000_000_000n,
}

/** How many physical CPUs a host has. */
export function pcpuCount({ sockets, coresPerSocket, threadsPerCore }: PcpuShape): number {
  return sockets * coresPerSocket * threadsPerCore
}
