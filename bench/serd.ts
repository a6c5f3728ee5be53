// What an ereport costs: SERD alone, and the whole step of the fault manager around a module that
// opens and closes a case for each; and whether memory stays flat.
//
// Aims: SERD at least 1 M ereports a second; the step below 3 us; memory flat over 10 M ereports.
// The peer is rasdaemon's way in the same process: a count by name, and its start, in a map.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { makeEna } from '../src/fma/event/ena.js'
import type { Ereport } from '../src/fma/event/ereport.js'
import { nv, nvlist } from '../src/fma/event/nvlist.js'
import { encodeLogRecord } from '../src/fma/fmd/log-format.js'
import { FaultManager } from '../src/fma/fmd/manager.js'
import type { FmdContext, FmdEvent, FmdModule } from '../src/fma/fmd/module.js'
import type { TimedEreport } from '../src/fma/fmd/serd.js'
import { SerdEngines } from '../src/fma/fmd/serd-engines.js'
import { Topology } from '../src/fma/topo/topology.js'

const COUNT = 1_000_000
const PAGES = 1_000
const DAY_NS = 86_400_000_000_000n
const LIMITS = { n: 3, tNs: DAY_NS }
const STORM = 10_000_000

/** A module that opens a case, counts, and closes it: what a diagnosis does until SERD fires. */
class OpensAndCloses implements FmdModule {
  readonly name = 'opens-and-closes'
  readonly version = '1'
  readonly description = 'a case an ereport'
  readonly subscriptions = ['ereport.memory.*']

  receive(fmd: FmdContext, event: FmdEvent): void {
    if (event.kind !== 'ereport') return
    const uuid = fmd.openCase()
    fmd.addEreport(uuid, event.ereport)
    const page = event.ereport.payload.get('page')
    const name = page?.kind === 'string' ? page.value : ''
    if (fmd.recordSerd(name, event.ereport, LIMITS) === 'fired') fmd.resetSerd(name)
    fmd.closeCase(uuid)
  }
}

const PAGE_NAMES = Array.from({ length: PAGES }, (_, i) => `page_ce@dimm=${i % 8}/page=${i}`)
const PAYLOADS = PAGE_NAMES.map((page) =>
  nvlist({ page: nv.string(page), IA32_MCi_STATUS: nv.uint64(0x9c00_0000_0000_009fn) }),
)
const DETECTOR = { scheme: 'hc', path: [{ name: 'chip', id: '0' }] } as const

/** One every 10 us. */
function ereportAt(i: number): TimedEreport {
  const timeNs = BigInt(i) * 10_000n
  const payload = PAYLOADS[i % PAGES] as Ereport['payload']
  const ena = makeEna({ format: 2, generation: 0, timeNs })
  const name = 'ereport.memory.generic-x86.mem_ce'
  return { class: name, ena, detector: DETECTOR, timeNs, payload }
}

/** Nanoseconds an ereport, the best of some rounds. */
function measure(work: (ereports: readonly TimedEreport[]) => void): number {
  const ereports = Array.from({ length: COUNT }, (_, i) => ereportAt(i))
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 5; round++) {
    const start = process.hrtime.bigint()
    work(ereports)
    best = Math.min(best, Number(process.hrtime.bigint() - start) / COUNT)
  }
  return best
}

/** A count and when it began, as rasdaemon keeps for a page. */
function countByName(ereports: readonly TimedEreport[]): void {
  const counts = new Map<string, { count: number; startNs: bigint }>()
  for (const [i, { timeNs }] of ereports.entries()) {
    const name = PAGE_NAMES[i % PAGES] as string
    const there = counts.get(name)
    if (there === undefined || timeNs - there.startNs > DAY_NS || there.count > 3) {
      counts.set(name, { count: 1, startNs: timeNs })
    } else {
      there.count++
    }
  }
}

function serdAlone(ereports: readonly TimedEreport[]): void {
  const engines = new SerdEngines()
  for (const [i, ereport] of ereports.entries()) {
    const name = PAGE_NAMES[i % PAGES] as string
    if (engines.record(name, ereport, LIMITS) === 'fired') engines.reset(name)
  }
}

const manager = (): FaultManager =>
  new FaultManager({ topology: new Topology([]), modules: [new OpensAndCloses()], seed: 1 })

function wholeStep(ereports: readonly TimedEreport[]): void {
  const fmd = manager()
  for (const ereport of ereports) fmd.take({ kind: 'ereport', timeNs: ereport.timeNs, ereport })
}

function stepAndLog(ereports: readonly TimedEreport[]): void {
  const fmd = manager()
  for (const ereport of ereports) {
    for (const action of fmd.take({ kind: 'ereport', timeNs: ereport.timeNs, ereport })) {
      if (action.kind === 'log') encodeLogRecord(action.record)
    }
  }
}

/** MiB of heap in use after so many ereports through one fault manager. */
function heapAfter(marks: readonly number[]): number[] {
  const fmd = manager()
  const heap: number[] = []
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let i = 1; i <= STORM; i++) {
    const ereport = ereportAt(i)
    fmd.take({ kind: 'ereport', timeNs: ereport.timeNs, ereport })
    if (!marks.includes(i)) continue
    collect()
    heap.push(process.memoryUsage().heapUsed / 2 ** 20)
  }
  return heap
}

/** Prints what an ereport costs, and the heap after 1 M, 5 M and 10 M. */
export async function benchSerd(): Promise<void> {
  const print = (line: string): void => void process.stdout.write(`${line}\n`)
  const peer = measure(countByName)
  print('\nereports: ns each, and M a second')
  const row = (name: string, ns: number): void => {
    const rate = (1_000 / ns).toFixed(2).padStart(7)
    print(`  ${name.padEnd(44)}${ns.toFixed(0).padStart(6)} ns${rate} M/s${ratio(ns, peer)}`)
  }
  row('a count by name, in a map', peer)
  row('SERD alone, of 1,000 engines', measure(serdAlone))
  row('the whole step, a case opened and closed', measure(wholeStep))
  row('the same, and the log record encoded', measure(stepAndLog))
  const marks = [STORM / 10, STORM / 2, STORM]
  const heap = heapAfter(marks).map((mib) => mib.toFixed(1))
  print(`  heap after 1 M, 5 M and 10 M ereports: ${heap.join(', ')} MiB`)
}

const ratio = (ns: number, peer: number): string => `${(ns / peer).toFixed(1).padStart(7)}x`
