// PcpuPlace: where a physical CPU is: which thread of which core of which socket.
//
//   pcpu 5 of 2 sockets x 2 cores x 2 threads  ->  socket 1, core 0, thread 1, APIC id 5
//
// Holds: pcpus are numbered socket by socket, core by core, as Xen does where firmware lists them
// so; the fields of an APIC id are as wide as they must be, so ids may have gaps.

/** How many of each a host has. */
export interface PcpuShape {
  readonly sockets: number
  readonly coresPerSocket: number
  readonly threadsPerCore: number
}

/** Where one pcpu is. */
export interface PcpuPlace {
  readonly socket: number
  /** Among those of its socket. */
  readonly core: number
  readonly thread: number
  readonly apicId: number
}

/** The place of a pcpu. */
export function pcpuPlace(shape: PcpuShape, pcpu: number): PcpuPlace {
  const { coresPerSocket, threadsPerCore } = shape
  const thread = pcpu % threadsPerCore
  const core = Math.floor(pcpu / threadsPerCore) % coresPerSocket
  const socket = Math.floor(pcpu / (threadsPerCore * coresPerSocket))
  const threads = 2 ** bitsFor(threadsPerCore)
  const apicId = (socket * 2 ** bitsFor(coresPerSocket) + core) * threads + thread
  return { socket, core, thread, apicId }
}

/** How many bits number so many things. */
const bitsFor = (count: number): number => Math.ceil(Math.log2(count))
