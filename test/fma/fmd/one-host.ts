// A small host with an engine, an agent and ereports, for tests of the fault manager.
import { NO_ENA } from '../../../src/fma/event/ena.js'
import type { Ereport } from '../../../src/fma/event/ereport.js'
import type { Fault } from '../../../src/fma/event/fault.js'
import type { HcFmri } from '../../../src/fma/event/fmri-hc.js'
import type { FmdContext, FmdEvent, FmdModule } from '../../../src/fma/fmd/module.js'
import { Topology } from '../../../src/fma/topo/topology.js'

export const SECOND = 1_000_000_000n
export const HOUR = 3_600n * SECOND

/** A strand of the host. */
export function strand(core: number): HcFmri {
  const path = ['motherboard=0', 'chip=0', `core=${core}`, 'strand=0'].map((pair) => {
    const [name = '', id = ''] = pair.split('=')
    return { name, id }
  })
  return { scheme: 'hc', path }
}

export const TOPOLOGY = new Topology([])

/** An ereport about a strand. */
export function ereportOf(leaf: string, core: number, more: Partial<Ereport> = {}): Ereport {
  const own = { class: `ereport.cpu.generic-x86.${leaf}`, ena: NO_ENA, detector: strand(core) }
  return { ...own, timeNs: 0n, payload: new Map(), ...more }
}

/** A fault of a strand. */
export function faultOf(leaf: string, core: number, more: Partial<Fault> = {}): Fault {
  const resource = strand(core)
  return {
    class: `fault.cpu.generic-x86.${leaf}`,
    ...{ certainty: 100, asru: resource, fru: resource, resource, location: `CPU ${core}` },
    ...more,
  }
}

/** An engine as simple as can be: a case an ereport, closed at once until SERD fires. */
export class Counting implements FmdModule {
  readonly name = 'counting'
  readonly version = '1.0'
  readonly description = 'counts corrected errors'
  readonly subscriptions = ['ereport.cpu.generic-x86.*cache']
  readonly statistics = { closed: 'cases that others closed' }

  receive(fmd: FmdContext, event: FmdEvent): void {
    if (event.kind !== 'ereport') return
    const { ereport } = event
    const leaf = ereport.class.slice('ereport.cpu.generic-x86.'.length)
    const core = Number(ereport.detector.scheme === 'hc' ? ereport.detector.path[2]?.id : 0)
    const uuid = fmd.openCase()
    fmd.addEreport(uuid, ereport)
    const name = `${leaf}@${core}`
    if (fmd.recordSerd(name, ereport, { n: 3, tNs: 72n * HOUR }) !== 'fired') {
      fmd.closeCase(uuid)
      return
    }
    for (const one of fmd.serd(name)?.ereports.slice(0, -1) ?? []) fmd.addEreport(uuid, one)
    fmd.resetSerd(name)
    fmd.solveCase(uuid, { suspects: [faultOf(leaf, core)] })
  }

  caseClosed(fmd: FmdContext): void {
    fmd.count('closed')
  }
}

interface Asked {
  readonly uuid: string
  readonly core: number
  readonly offline: boolean
}

/** An agent that takes strands offline, and puts them back. */
export class Retiring implements FmdModule {
  readonly name = 'retiring'
  readonly version = '1.1'
  readonly description = 'takes strands offline'
  readonly subscriptions = ['list.suspect', 'list.repaired']
  #asked: Record<string, Asked> = {}

  receive(fmd: FmdContext, event: FmdEvent): void {
    if (event.kind !== 'list') return
    const { uuid, suspects, change } = event.list
    for (const { fault } of suspects) {
      if (fault.asru?.scheme !== 'hc') continue
      const core = Number(fault.asru.path[2]?.id)
      const offline = change === 'suspect'
      const kind = offline ? 'offline-pcpu' : 'online-pcpu'
      this.#asked[fmd.request({ kind, pcpu: core }, uuid)] = { uuid, core, offline }
    }
  }

  acted(fmd: FmdContext, request: number, outcome: { readonly kind: string }): void {
    const asked = this.#asked[request]
    if (asked === undefined || outcome.kind === 'pending') return
    delete this.#asked[request]
    if (outcome.kind !== 'done') return
    fmd.setUnusable(strand(asked.core), asked.offline)
    if (asked.offline) fmd.isolateCase(asked.uuid)
    else fmd.resolveCase(asked.uuid)
  }

  save(): unknown {
    return this.#asked
  }

  restore(saved: unknown): void {
    this.#asked = saved as Record<string, Asked>
  }
}

interface About {
  readonly leaf: string
  readonly core: number
}

/** An engine that thinks for ten seconds, then suspects a strand and the next one; of some ereports
 *  nobody is to be told, some come to nothing, and at some it fails. */
export class Pondering implements FmdModule {
  readonly name = 'pondering'
  readonly version = '2.0'
  readonly description = 'thinks before it speaks'
  readonly subscriptions = ['ereport.cpu.generic-x86.bus*', 'ereport.cpu.generic-x86.fatal']
  #cases: Record<string, About> = {}

  receive(fmd: FmdContext, event: FmdEvent): void {
    if (event.kind !== 'ereport') return
    const { ereport } = event
    if (ereport.class.endsWith('fatal')) throw new Error('that was too much')
    const leaf = ereport.class.slice('ereport.cpu.generic-x86.'.length)
    const core = Number(ereport.detector.scheme === 'hc' ? ereport.detector.path[2]?.id : 0)
    const uuid = fmd.openCase()
    fmd.addEreport(uuid, ereport)
    this.#cases[uuid] = { leaf, core }
    const timer = fmd.setTimer(10n * SECOND, uuid)
    if (core === 3) fmd.cancelTimer(timer)
    if (core === 3) fmd.setTimer(SECOND, uuid)
  }

  timeout(fmd: FmdContext, _id: number, uuid: string): void {
    const about = this.#cases[uuid]
    delete this.#cases[uuid]
    if (about === undefined || !fmd.openCases().some((one) => one.uuid === uuid)) return
    const { leaf, core } = about
    if (leaf === 'bus_nothing') {
      fmd.closeCase(uuid)
      return
    }
    const more = leaf === 'bus_quiet' ? { message: false, certainty: 50 } : { certainty: 50 }
    const suspects = [faultOf(leaf, core, more), faultOf(leaf, (core + 1) % 4, more)]
    fmd.solveCase(uuid, { suspects, reason: { ...REASON, what: leaf } })
  }

  caseClosed(_fmd: FmdContext, uuid: string): void {
    delete this.#cases[uuid]
  }

  save(): unknown {
    return this.#cases
  }

  restore(saved: unknown): void {
    this.#cases = saved as Record<string, About>
  }
}

const REASON = { kind: 'fault', verdict: 'suspect', children: [] } as const

/** All modules of the host. */
export const modules = (): FmdModule[] => [new Counting(), new Pondering(), new Retiring()]
