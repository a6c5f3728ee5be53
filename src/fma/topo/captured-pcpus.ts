// CapturedPcpus: which pcpus a host has and where each is, out of what its tools printed.
//
//   xenpm get-cpu-topology:  CPU3  1  0  0          ->  pcpu 3 is core 1 of socket 0
//   xl info -n:                3:  1  0  0
//   xl info:                 nr_cpus, cores_per_socket, threads_per_core: numbered in that order
//   /proc/cpuinfo:           processor : 3, physical id : 0, core id : 1
//
// Holds: threads of a core are in the order of their pcpus. /proc/cpuinfo of a dom0 has vcpus, so
// it is asked only where nothing of Xen's is. Source: tools of Xen 4.17 as captured; Linux
// arch/x86/kernel/cpu/proc.c.
import type { ProcessorFacts } from '../../machine/host-access.js'
import type { PcpuId } from '../../machine/ids.js'
import { known, type Obs, unknown } from '../../machine/obs.js'
import { pcpuPlace } from '../../machine/pcpu-place.js'
import type { PlacedPcpu } from './chip-parts.js'

/** A row of a table: numbers of the pcpu, of its core within its socket, of its socket. */
export type PcpuRow = readonly [pcpu: number, core: number, socket: number]

const XENPM = /^CPU(\d+)\s+(\d+)\s+(\d+)\s+\d+\s*$/gm
const XL_INFO = /^\s+(\d+):\s+(\d+)\s+(\d+)\s+\d+\s*$/gm

/** Of `xenpm get-cpu-topology`. */
export const xenpmPcpus = (text: string): readonly PlacedPcpu[] => placed(rowsOf(text, XENPM))

/** Of `xl info -n`, or of `xl info`, which only says how many there are. */
export function xlInfoPcpus(text: string): readonly PlacedPcpu[] {
  const table = /^cpu_topology\s*:$(.*?)^device topology/ms.exec(text)?.[1]
  const rows = rowsOf(table ?? '', XL_INFO)
  return rows.length > 0 ? placed(rows) : counted(text)
}

/** Of /proc/cpuinfo. */
export function cpuinfoPcpus(text: string): readonly PlacedPcpu[] {
  const rows = blocksOf(text).flatMap((read): PcpuRow[] => {
    const [pcpu, core, socket] = ['processor', 'core id', 'physical id'].map(read)
    return pcpu === undefined ? [] : [[Number(pcpu), Number(core ?? pcpu), Number(socket ?? 0)]]
  })
  return placed(rows)
}

/** What the processors are, as /proc/cpuinfo says it. */
export function cpuinfoProcessor(text: string): Obs<ProcessorFacts> {
  const read = blocksOf(text)[0] ?? (() => undefined)
  const vendor = VENDORS[read('vendor_id') ?? '']
  const [family, model, stepping] = ['cpu family', 'model', 'stepping'].map((name) =>
    Number(read(name) ?? Number.NaN),
  ) as [number, number, number]
  if (vendor === undefined || Number.isNaN(family + model + stepping)) {
    return unknown('/proc/cpuinfo names no processor of Intel or AMD')
  }
  return known({ vendor, brand: read('model name') ?? '', family, model, stepping }, 'tool')
}

const VENDORS: Readonly<Record<string, 'intel' | 'amd'>> = {
  GenuineIntel: 'intel',
  AuthenticAMD: 'amd',
}

function rowsOf(text: string, pattern: RegExp): readonly PcpuRow[] {
  return [...text.matchAll(pattern)].map(([, pcpu, core, socket]): PcpuRow => {
    return [Number(pcpu), Number(core), Number(socket)]
  })
}

function counted(text: string): readonly PlacedPcpu[] {
  const [pcpus = 0, coresPerSocket = 0, threadsPerCore = 0] = COUNTS.map((name) =>
    Number(new RegExp(`^${name}\\s*: (\\d+)$`, 'm').exec(text)?.[1] ?? 0),
  )
  const sockets = pcpus / (coresPerSocket * threadsPerCore)
  if (!Number.isInteger(sockets)) return []
  const shape = { sockets, coresPerSocket, threadsPerCore }
  return Array.from({ length: pcpus }, (_, pcpu) => ({
    pcpu: pcpu as PcpuId,
    place: pcpuPlace(shape, pcpu),
  }))
}

const COUNTS = ['nr_cpus', 'cores_per_socket', 'threads_per_core']

/** Puts pcpus in their places. */
export function placed(rows: readonly PcpuRow[]): readonly PlacedPcpu[] {
  const threads = new Map<string, number>()
  const unique = new Map(rows.map((row) => [row[0], row]))
  return [...unique.values()]
    .sort(([a], [b]) => a - b)
    .map(([pcpu, core, socket]) => {
      const at = `${socket}/${core}`
      const thread = threads.get(at) ?? 0
      threads.set(at, thread + 1)
      return { pcpu: pcpu as PcpuId, place: { socket, core, thread } }
    })
}

/** One reader for each processor: the value of a name. */
function blocksOf(text: string): readonly ((name: string) => string | undefined)[] {
  const blocks = text.split(/\n\s*\n/).filter((block) => /^processor\s*:/m.test(block))
  return blocks.map((block) => {
    const lines = new Map(
      block.split('\n').map((line): [string, string] => {
        const [name = '', value = ''] = line.split(/:(.*)/s)
        return [name.trim(), value.trim()]
      }),
    )
    return (name) => lines.get(name)
  })
}
