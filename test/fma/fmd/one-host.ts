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
  readonly subscriptions = ['ereport.cpu.generic-x86.*']
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
