// A host for scenarios: parts by hand, a fault manager with the rules that come with xpv, ereports
// by class and place.
import { enaOf } from '../../../src/fma/event/ena.js'
import type { Ereport } from '../../../src/fma/event/ereport.js'
import { fmriToNvlist } from '../../../src/fma/event/fmri.js'
import type { HcPair } from '../../../src/fma/event/fmri-hc.js'
import { type NvValue, nv } from '../../../src/fma/event/nvlist.js'
import { eversholtModule } from '../../../src/fma/eversholt/module.js'
import type { SolvedCase } from '../../../src/fma/fmd/case.js'
import { FaultManager } from '../../../src/fma/fmd/manager.js'
import { ownRules } from '../../../src/fma/rules/own-rules.js'
import { Topology, type TopoPart } from '../../../src/fma/topo/topology.js'

export const SECOND = 1_000_000_000n
export const HOUR = 3600n * SECOND

/** A place as tests write it: `chip=0/core=1/strand=0`, below motherboard 0. */
export const pathOf = (place: string): readonly HcPair[] =>
  `motherboard=0/${place}`.split('/').map((step) => {
    const [name = '', id = ''] = step.split('=')
    return { name, id }
  })

/** A diagnosis as tests compare it. */
export interface Diagnosis {
  readonly code: string
  readonly message: boolean
  /** `67% fault.io.pciex.device-noresp@.../pciexfn=0`, in the order of the case. */
  readonly suspects: readonly string[]
}

/** Parts with the rules over them. */
export class HostOfRules {
  readonly manager: FaultManager
  readonly topology: Topology
  #timeNs = 1_700_000_000n * SECOND
  #told = 0
  #ena = 1n

  constructor(parts: readonly TopoPart[]) {
    this.topology = new Topology([{ name: 'motherboard', id: 0, children: parts }])
    const modules = [eversholtModule(ownRules())]
    this.manager = new FaultManager({ topology: this.topology, modules, seed: 1 })
  }

  /** Lets time pass. */
  wait(ns: bigint): void {
    this.#timeNs += ns
    this.manager.take({ kind: 'time', timeNs: this.#timeNs })
  }

  /** Tells of one error now. */
  tell(name: string, place: string, payload: Record<string, NvValue> = {}): void {
    const detector = { scheme: 'hc' as const, path: pathOf(place) }
    const timeNs = this.#timeNs
    const list = new Map(Object.entries(payload))
    const ena = enaOf((this.#ena++ << 12n) | 1n)
    const ereport: Ereport = { class: `ereport.${name}`, ena, detector, timeNs, payload: list }
    this.manager.take({ kind: 'ereport', timeNs, ereport })
  }

  /** What was diagnosed since this was asked last, once nothing is left to wait for. */
  diagnoses(): readonly Diagnosis[] {
    this.wait(60n * SECOND)
    const cases = this.manager.cases().filter((one) => one.state !== 'unsolved') as SolvedCase[]
    const fresh = cases.slice(this.#told)
    this.#told = cases.length
    return fresh.map(({ code, message, suspects }) => ({
      code,
      message,
      suspects: suspects.map(({ fault }) => {
        const at = fault.resource?.scheme === 'hc' ? fault.resource.path.slice(1) : []
        const place = at.map(({ name, id }) => `${name}=${id}`).join('/')
        return `${fault.certainty}% ${fault.class}@${place}`
      }),
    }))
  }

  /** Says that all that was diagnosed is repaired. */
  repairAll(): void {
    for (const { uuid, state } of this.manager.cases())
      if (state === 'solved' || state === 'closed')
        this.manager.take({
          kind: 'repaired',
          what: { kind: 'case', uuid },
          timeNs: this.#timeNs,
        })
  }

  /** The codes alone. */
  codes(): readonly string[] {
    return this.diagnoses().map(({ code }) => code)
  }
}

const part = (name: string, id: number, children: readonly TopoPart[] = []): TopoPart => ({
  name,
  id,
  children,
})

/** Makes parts below each other of `chip=0/core=0/strand=0`. */
export function partsOf(places: readonly string[]): readonly TopoPart[] {
  const heads = new Map<string, string[]>()
  for (const place of places) {
    const [head = '', ...rest] = place.split('/')
    const below = heads.get(head) ?? []
    if (rest.length > 0) below.push(rest.join('/'))
    heads.set(head, below)
  }
  return [...heads].map(([head, below]) => {
    const [name = '', id = '0'] = head.split('=')
    return part(name, Number(id), partsOf(below))
  })
}

/** Says what kind of thing a function is. */
export function withProperties(
  parts: readonly TopoPart[],
  of: (place: string) => Record<string, string> | undefined,
  above = '',
): readonly TopoPart[] {
  return parts.map((one) => {
    const place = `${above}${above === '' ? '' : '/'}${one.name}=${one.id}`
    const found = Object.entries(of(place) ?? {})
    const children = withProperties(one.children ?? [], of, place)
    const resource = { scheme: 'hc' as const, path: pathOf(place) }
    const properties = found.map(([name, value]) => ({ name, type: 'string' as const, value }))
    const stability = { nameStability: 'Private', dataStability: 'Private' }
    const groups = [{ name: 'pci', version: 1, ...stability, properties }]
    return { ...one, children, asru: resource, fru: resource, groups: found.length ? groups : [] }
  })
}

/** The member by which memory ereports say where the error is. */
export const resourceOf = (...places: readonly string[]): NvValue =>
  nv.lists(places.map((place) => fmriToNvlist({ scheme: 'hc', path: pathOf(place) })))
