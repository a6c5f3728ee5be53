// What processes of dom0 did, from a recording or a simulated machine: both through the same firer
// of probes, one process after another.
import type { SimMachine } from '../../src/backend/sim/sim-machine.js'
import { createFirer } from '../../src/dtrace/probe/firer.js'
import { standardCatalog } from '../../src/dtrace/probe/standard-catalog.js'
import type { ObservationBatch } from '../../src/machine/observation.js'
import { openFtraceText } from '../../src/trace/ftrace/ftrace.js'
import { captureText, textSource } from '../trace/ftrace/captures.js'

/** One call of a process. */
export interface Operation {
  readonly pid: number
  readonly execname: string
  /** `domctl:createdomain`, `file:buf_mmap`. */
  readonly call: string
  /** Arguments that mean something: no addresses, no bytes that the call does not use. */
  readonly args: Readonly<Record<string, bigint>>
  /** Undefined where it was not recorded. */
  result: bigint | undefined
}

/** What a process did, in order. */
export interface ProcessCalls {
  readonly execname: string
  readonly calls: readonly Operation[]
}

const CATALOG = standardCatalog()
const PRIVCMD = new Set(CATALOG.probes.filter((p) => p.provider === 'privcmd').map((p) => p.id))
const ALL_ARGS = 0x3ff

/** Collects operations from batches of observations. */
class Collector {
  readonly operations: Operation[] = []
  readonly #firer = createFirer(CATALOG, PRIVCMD, { args: ALL_ARGS })
  readonly #open = new Map<number, Operation>()

  readonly wants = (code: number): boolean => this.#firer.wants(code)

  readonly take = (batch: ObservationBatch, strings: readonly string[]): void => {
    const fired = this.#firer.fire(batch, strings)
    for (let i = 0; i < fired.length; i++) {
      const probe = CATALOG.byId(fired.probe[i] ?? 0)
      if (probe === undefined || probe.name === 'mark') continue
      const pid = fired.pid[i] ?? 0
      const known = (n: number) => (((fired.unknown[i] ?? 0) >> n) & 1) === 0
      if (probe.name === 'return') {
        const entered = this.#open.get(pid)
        if (entered !== undefined && known(0)) entered.result = fired.args[0]?.[i]
        continue
      }
      const values = probe.args.map(({ name }, n) => [name, fired.args[n]?.[i] ?? 0n] as const)
      const call = `${probe.module}:${probe.function}`
      const operation = {
        pid,
        execname: fired.strings[fired.execname[i] ?? 0] ?? '',
        call,
        args: meaning(call, Object.fromEntries(values.filter((_, n) => known(n)))),
        result: undefined,
      }
      this.operations.push(operation)
      if (probe.name === 'entry') this.#open.set(pid, operation)
    }
  }
}

/** What a recording holds. */
export function recorded(recording: string): readonly Operation[] {
  const collector = new Collector()
  const stream = openFtraceText(textSource(captureText(recording))).observe(collector.wants)
  for (let batch = stream.next(); batch !== undefined; batch = stream.next()) {
    collector.take(batch, stream.strings)
  }
  return collector.operations
}

/** What happens on a machine meanwhile. */
export function simulated(machine: SimMachine, meanwhile: () => void): readonly Operation[] {
  const collector = new Collector()
  const watch = machine.watch(collector.wants, collector.take)
  meanwhile()
  watch.close()
  return collector.operations
}

/** The operations of each process, in the order in which processes were first seen. */
export function byProcess(operations: readonly Operation[]): readonly ProcessCalls[] {
  const processes = new Map<number, Operation[]>()
  for (const operation of operations) {
    const calls = processes.get(operation.pid) ?? []
    calls.push(operation)
    processes.set(operation.pid, calls)
  }
  return [...processes.values()].map((calls) => ({ execname: calls[0]?.execname ?? '', calls }))
}

/** One line, to be compared and read. A memory_op goes inside a multicall, where a recording does not
 *  see its result. */
export function line({ call, args, result }: Operation): string {
  const words = Object.entries(args).map(([name, value]) => `${name}=${value}`)
  const isSeen = result !== undefined && !call.startsWith('memory_op:')
  return [call, ...words, ...(isSeen ? [`-> ${result}`] : [])].join(' ')
}

type Values = Readonly<Record<string, bigint>>
const low = (value: bigint | undefined, bits = 32) => BigInt.asUintN(bits, value ?? 0n)
const pick =
  (...names: readonly string[]) =>
  (args: Values): Values =>
    Object.fromEntries(names.map((name) => [name, args[name] ?? 0n]))
const lowU0 = (args: Values): Values => ({ domid: low(args['domid'], 16), u0: low(args['u0']) })
const wholeU0 = pick('domid', 'u0')
const range = (args: Values): Values => ({
  pages: ((args['vm_end'] ?? 0n) - (args['vm_start'] ?? 0n)) / 4096n,
})

/** Which arguments of a call are its own; others hold addresses or what was there before. */
const MEANINGS: Readonly<Record<string, (args: Values) => Values>> = {
  'file:mmap': range,
  'file:buf_mmap': range,
  'ioctl:ioctl': pick('cmd'),
  'ioctl:mmapbatch_v2': pick('domid', 'num'),
  'ioctl:mmap_resource': pick('domid', 'type', 'id', 'idx', 'num'),
  'evtchn:bind_interdomain': pick('remote_domid', 'remote_port'),
  'gntdev:map_grant_ref': pick('count'),
  'domctl:createdomain': lowU0,
  'domctl:max_vcpus': lowU0,
  'domctl:set_address_size': lowU0,
  'domctl:setvcpucontext': lowU0,
  'domctl:getvcpuinfo': lowU0,
  'domctl:getvcpucontext': lowU0,
  'domctl:get_ext_vcpucontext': lowU0,
  'domctl:getvcpuextstate': lowU0,
  'domctl:getpageframeinfo3': lowU0,
  'domctl:shadow_op': lowU0,
  'domctl:setvcpuaffinity': wholeU0,
  'domctl:max_mem': wholeU0,
  'domctl:set_cpu_policy': wholeU0,
  'domctl:get_cpu_policy': wholeU0,
  'domctl:scheduler_op': wholeU0,
  'domctl:get_vcpu_msrs': wholeU0,
  'domctl:set_ext_vcpucontext': wholeU0,
  'sysctl:getdomaininfolist': ({ u0 = 0n }) => ({ first: low(u0, 16), max: u0 >> 32n }),
  'sysctl:cpupool_op': ({ u0 = 0n }) => ({ u0: low(u0) }),
  'sysctl:numainfo': ({ u0 = 0n }) => ({ u0: low(u0) }),
  'sysctl:cputopoinfo': ({ u0 = 0n }) => ({ u0: low(u0) }),
  'sysctl:get_cpu_policy': pick('u0'),
  'sysctl:get_cpu_featureset': pick('u0'),
  'memory_op:populate_physmap': pick('domid', 'nr_extents', 'extent_order', 'mem_flags'),
  'memory_op:claim_pages': pick('domid', 'nr_extents', 'extent_order', 'mem_flags'),
  'memory_op:set_memory_map': pick('domid', 'nr_entries'),
  'memory_op:maximum_gpfn': pick('domid'),
  'memory_op:machphys_mfn_list': pick('max_extents'),
  'event_channel_op:alloc_unbound': pick('domid', 'remote_domid'),
  'event_channel_op:status': pick('domid'),
  'mmuext_op:pin_l4_table': pick('domid', 'count'),
}

function meaning(call: string, args: Values): Values {
  const chosen = MEANINGS[call]
  if (chosen !== undefined) return chosen(args)
  return call.startsWith('domctl:') ? pick('domid')(args) : {}
}
