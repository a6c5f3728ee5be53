// HostConfig: the host a simulation is of: its hardware, its dom0, its seed.
import type { PcpuShape } from '../../machine/pcpu-place.js'
import { type Era, eraNamed } from './era.js'

/** What can be chosen about a simulated host. */
export interface HostConfig extends PcpuShape {
  /** Name of an era of `era.ts`. */
  readonly era: string
  readonly seed: number
  readonly name: string
  /** A name of `processor.ts`; what the era's hosts have when absent. */
  readonly processor?: string
  /** Message-signalled interrupts; as the era has them when absent. */
  readonly msi?: boolean
  readonly memoryMiB: number
  readonly cpuHz: number
  readonly dom0MemoryMiB: number
  readonly dom0Vcpus: number
  /** Nanoseconds since 1970 at boot; in the era's own time when absent from what is chosen. */
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

/** The era of a host, with what is different on this one. Throws `XpvError` `sim.no-era`. */
export function eraOf({ era, msi }: HostConfig): Era {
  const named = eraNamed(era)
  return msi === undefined ? named : { ...named, msi }
}

/** The same host without a hypervisor: its operating system has every pcpu and all memory, of which
 *  it uses as much as a usual dom0 has, half of it at most. */
export function wholeHost(host: HostConfig): HostConfig {
  const used = Math.min(DEFAULT_HOST.dom0MemoryMiB, Math.floor(host.memoryMiB / 2))
  return { ...host, dom0Vcpus: pcpuCount(host), dom0MemoryMiB: used }
}

/** How many physical CPUs a host has. */
export function pcpuCount({ sockets, coresPerSocket, threadsPerCore }: PcpuShape): number {
  return sockets * coresPerSocket * threadsPerCore
}

/** What the second host is called: the name with the number after its own. */
export function peerName(name: string): string {
  const [, stem = name, number = '1'] = /^(.*?)(\d+)$/.exec(name) ?? []
  return `${stem}${Number(number) + 1}`
}

/** Nanoseconds from when the first booted to when the second did. */
export function nsBetween(first: HostConfig, second: HostConfig): number {
  return Number(second.bootedAt - first.bootedAt)
}
