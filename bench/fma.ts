// What an ereport costs from fmd's door to its end: the fault manager, Eversholt's engine with the
// rules that come with xpv, the agents; with and without its record in the error log; and what
// memory is used after 1 M, 5 M and 10 M of them.
//
// Aims: 100,000 ereports a second through all of it, with the log too; memory flat over 10 M.
// The ereports are those that a simulated host made of its own banks and configuration spaces, over
// and over at new times, those of memory each at one of 4,096 pages. The time between two is 1 ms.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createSimulator } from '../src/backend/sim/sim-machine.js'
import { Prng } from '../src/base/prng.js'
import { makeEna } from '../src/fma/event/ena.js'
import type { Ereport } from '../src/fma/event/ereport.js'
import { nv } from '../src/fma/event/nvlist.js'
import type { FmdAction, FmdInput } from '../src/fma/fmd/input.js'
import { encodeLogRecord } from '../src/fma/fmd/log-format.js'
import { FaultManager } from '../src/fma/fmd/manager.js'
import { FeedSource } from '../src/fma/host/feed-source.js'
import { standardModules } from '../src/fma/host/standard-modules.js'
import { hostTopology } from '../src/fma/topo/host-topology.js'
import type { Topology } from '../src/fma/topo/topology.js'

const COUNT = 200_000
const ROUNDS = 3
const STORM = 10_000_000
const PAGES = 4096
const APART_NS = 1_000_000n
const BOOT_NS = 1_767_225_600_000_000_000n
const PAGE = 0x1000n

const FAULTS: Readonly<Record<string, string>> = {
  'caches of pcpus': [0, 1, 2, 3].map((pcpu) => `cache level=1 pcpu=${pcpu} every=10s`).join('\n'),
  'memory, of 4,096 pages': 'memory channel=0 dimm=0 rank=0 row=1 every=10s',
  'links of PCI Express': `pcie error=BadTLP function=03:00.0 every=20s
    pcie error=BadDLLP function=04:00.0 every=30s`,
}

/** A host, and what it told of its errors. */
interface Told {
  readonly topology: Topology
  readonly ereports: readonly Ereport[]
}

/** Five minutes of a host with some faults. */
function told(faults: string): Told {
  const machine = createSimulator({ era: 'metal', processor: 'westmere', seed: 7 })
  const topology = hostTopology(machine.access)
  machine.checks.plan(faults)
  machine.run(300e9)
  const source = new FeedSource({
    access: machine.access,
    topology: () => topology,
    bootNs: BOOT_NS,
  })
  return { topology, ereports: source.next().map(({ ereport }) => ereport) }
}

/** The n-th ereport of a storm. */
function inputAt({ ereports }: Told, n: number, random: Prng): FmdInput {
  const timeNs = BOOT_NS + BigInt(n) * APART_NS
  const like = ereports[random.below(ereports.length)] as Ereport
  const { payload } = like
  const address = payload.get('IA32_MCi_ADDR')
  const ena = makeEna({ format: 1, generation: 0, id: 0, timeNs })
  const moved =
    like.class.includes('mem_') && address?.kind === 'uint64'
      ? new Map(payload).set(
          'IA32_MCi_ADDR',
          nv.uint64(address.value + PAGE * BigInt(random.below(PAGES))),
        )
      : payload
  return { kind: 'ereport', timeNs, ereport: { ...like, ena, timeNs, payload: moved } }
}

/** A fault manager, and what it asks for, done at once. */
class Host {
  readonly fmd: FaultManager
  readonly #log: (action: FmdAction) => void

  constructor({ topology }: Told, log: (action: FmdAction) => void) {
    this.fmd = new FaultManager({ topology, modules: standardModules(), seed: 1 })
    this.#log = log
  }

  give(input: FmdInput): void {
    for (const action of this.fmd.take(input)) {
      this.#log(action)
      if (action.kind !== 'act') continue
      const { request } = action
      this.give({ kind: 'acted', timeNs: input.timeNs, request, outcome: { kind: 'done' } })
    }
  }
}

const ignore = (): void => {}

function encode(action: FmdAction): void {
  if (action.kind === 'log') encodeLogRecord(action.record)
}

/** Nanoseconds an ereport, the best of some rounds; making them is not counted. */
function measure(of: Told, log: (action: FmdAction) => void): number {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const random = new Prng(1)
    const inputs = Array.from({ length: COUNT }, (_, n) => inputAt(of, n, random))
    const host = new Host(of, log)
    const start = process.hrtime.bigint()
    for (const input of inputs) host.give(input)
    best = Math.min(best, Number(process.hrtime.bigint() - start) / COUNT)
  }
  return best
}

/** MiB after so many ereports: of the heap that is in use, and of the process. */
function memoryAfter(of: Told, marks: readonly number[]): readonly string[] {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const random = new Prng(1)
  const host = new Host(of, encode)
  const found: string[] = []
  for (let n = 1; n <= STORM; n++) {
    host.give(inputAt(of, n, random))
    if (!marks.includes(n)) continue
    collect()
    const { heapUsed, rss } = process.memoryUsage()
    found.push(`${mib(heapUsed)} (${mib(rss)})`)
  }
  return found
}

const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)

/** Prints what an ereport costs, and the memory after 1 M, 5 M and 10 M. */
export async function benchFma(): Promise<void> {
  const print = (line: string): void => void process.stdout.write(`${line}\n`)
  const row = (name: string, ns: number): void => {
    const rate = Math.round(1e6 / ns)
    print(`  ${name.padEnd(44)}${ns.toFixed(0).padStart(6)} ns${String(rate).padStart(7)} k/s`)
  }
  print('\nereports through fault management with its rules: ns each, and thousands a second')
  const all = told(Object.values(FAULTS).join('\n'))
  for (const [name, faults] of Object.entries(FAULTS)) row(name, measure(told(faults), ignore))
  row('all of them', measure(all, ignore))
  row('all of them, and log records encoded', measure(all, encode))
  const memory = memoryAfter(all, [STORM / 10, STORM / 2, STORM])
  print(`  heap (whole process) after 1 M, 5 M and 10 M: ${memory.join(', ')} MiB`)
}
