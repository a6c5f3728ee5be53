// Coverage: which faults a host could ever be diagnosed to have, by some rules, and which not and
// why: it has no such part, what would show the fault never comes, no rule knows it.
//
//   fault.cpu.generic-x86.l1dcache   always   8 parts   l1dcache, l1dcache_uc
//   fault.io.pciex.fw_corrupt        never    0 parts   only drivers make it, and none of this ...
//
// Holds: `always` means that enough of what rules ask for can come, not that it will. A fault that
// needs several things at once needs each of them to be able to come.
import { type Table, table } from '../../base/table.js'
import type { HostAccess } from '../../machine/host-access.js'
import type { Obs } from '../../machine/obs.js'
import type { TelemetryGap } from '../../machine/telemetry.js'
import {
  type InstanceArrow,
  type InstanceEvent,
  InstanceGraph,
} from '../eversholt/instance-graph.js'
import type { RuleSet } from '../eversholt/rule-set.js'
import type { Topology } from '../topo/topology.js'
import { type ArrivalFacts, ereportArrival, ereportKind, type WhyNever } from './ereport-arrival.js'

/** What is asked. */
export interface CoverageQuestion extends ArrivalFacts {
  readonly rules: RuleSet
  readonly topology: Topology
  /** Classes; all faults and defects that the rules declare when absent. */
  readonly faults?: readonly string[]
}

const NO_TELEMETRY = 'nothing that was kept of this host tells of its errors'

/** What of a host that is open decides which ereports come. */
export function arrivalFacts(access: HostAccess): ArrivalFacts {
  const { telemetry } = access
  const kinds = ['machine-check', 'pci'] as const
  const silent = kinds.map((kind) => ({ kind, extent: 'all' as const, reason: NO_TELEMETRY }))
  return { gaps: telemetry?.gaps ?? silent, pci: access.pci(), banks: banksOf(access) }
}

/** How many banks the first pcpu has of which that is known. */
function banksOf(access: HostAccess): Obs<number> {
  const unknown: Obs<number> = { kind: 'unknown', reason: 'no pcpu is known' }
  return access.pcpus().items.reduce((found: Obs<number>, { pcpu }) => {
    if (found.kind === 'known') return found
    const banks = access.banks(pcpu)
    return banks.kind === 'known' ? { ...banks, value: banks.value.banks.length } : banks
  }, unknown)
}

/** Whether one class of faults can be diagnosed. */
export interface FaultCoverage {
  readonly fault: string
  /** `partly`: at some parts only, or not whenever it happens. */
  readonly verdict: 'always' | 'partly' | 'never'
  /** Parts that can be diagnosed to have it, of those that rules say it of. */
  readonly parts: number
  readonly ofParts: number
  /** Ereports that would show it, without `ereport.`. */
  readonly shownBy: readonly string[]
  /** Why not, or why not always; each a sentence without a stop. */
  readonly why: readonly string[]
}

/** Judges each class of faults, in the order of their names. */
export function faultCoverage(question: CoverageQuestion): readonly FaultCoverage[] {
  const { rules, topology, gaps, faults = faultsOf(rules) } = question
  const graph = new InstanceGraph(rules, topology)
  for (const statement of rules.statements) graph.instantiate(statement)
  const walk = new Walk(ereportArrival(question))
  return [...new Set(faults)].sort().map((fault) => {
    const places = placesOf(rules, fault)
    const instances = places.flatMap((path) => eventsAt(graph, fault, path))
    const unique = [...new Set(instances)]
    const judged = unique.map((one) => walk.judge(one))
    return coverageOf({ fault, places, graph, judged, gaps })
  })
}

/** Coverage as a table, as narrow as can be read: faults without `fault.`. */
export function coverageTable(coverage: readonly FaultCoverage[]): Table {
  const columns = [
    { name: 'fault', isKey: true },
    'when',
    { name: 'parts', align: 'right' as const },
    { name: 'why not', wraps: true },
  ]
  const rows = coverage.map(({ fault, verdict, parts, ofParts, why }) => [
    fault.replace(/^fault\./, ''),
    verdict,
    parts === ofParts ? String(parts) : `${parts} of ${ofParts}`,
    why.join('; '),
  ])
  return table(columns, rows)
}

/** Faults and defects that rules declare. */
function faultsOf({ declarations }: RuleSet): readonly string[] {
  return [...declarations.values()].flatMap(({ type, name }) =>
    type === 'fault' || type === 'defect' ? [name] : [],
  )
}

/** Where rules say that a fault may be: `chip/core/strand`. */
function placesOf({ declarations }: RuleSet, fault: string): readonly string[] {
  return [...declarations.values()].flatMap(({ name, key }) =>
    name === fault ? [key.slice(name.length + 1)] : [],
  )
}

function eventsAt(graph: InstanceGraph, fault: string, path: string): readonly InstanceEvent[] {
  const last = path.split('/').at(-1) ?? ''
  return graph.places.named(last).flatMap(({ key }) => graph.event(fault, key) ?? [])
}

/** What was found of one class. */
interface Findings {
  readonly fault: string
  readonly places: readonly string[]
  readonly graph: InstanceGraph
  readonly judged: readonly Judgement[]
  readonly gaps: readonly TelemetryGap[]
}

function coverageOf(of: Findings): FaultCoverage {
  const { fault, judged, gaps } = of
  const able = judged.filter(({ isAble }) => isAble)
  const shownBy = [...new Set(able.flatMap(({ shownBy }) => [...shownBy]))].sort()
  const kinds = new Set(shownBy.map((name) => ereportKind(`ereport.${name}`)))
  const loose = gaps.filter(({ kind, extent }) => extent === 'some' && kinds.has(kind))
  const why = [...whyNot(of), ...loose.map(({ reason }) => reason)]
  const isAlways = able.length === judged.length && loose.length === 0
  const verdict = able.length === 0 ? 'never' : isAlways ? 'always' : 'partly'
  const counts = { parts: able.length, ofParts: judged.length }
  return { fault, verdict, ...counts, shownBy, why: [...new Set(why)] }
}

function whyNot({ places, judged, graph }: Findings): readonly string[] {
  if (places.length === 0) return ['no rule diagnoses it']
  if (judged.length > 0) {
    const unable = judged.filter(({ isAble }) => !isAble)
    return [...new Set(unable.flatMap(({ never }) => [...never]))].sort()
  }
  const isThere = (path: string): boolean =>
    graph.places.named(path.split('/').at(-1) ?? '').length > 0
  const there = places.filter(isThere)
  if (there.length > 0) return [`no ${there.join(', no ')} here is of the kind that may have it`]
  return [`the host has no ${places.join(', no ')}`]
}

/** What one fault at one part comes to. */
interface Judgement {
  readonly isAble: boolean
  readonly shownBy: ReadonlySet<string>
  /** When it cannot be diagnosed: why its ereports never come. */
  readonly never: ReadonlySet<string>
}

/** Goes from faults to the ereports they cause. */
class Walk {
  readonly #whyNever: WhyNever
  readonly #able = new Map<InstanceEvent, boolean>()

  constructor(whyNever: WhyNever) {
    this.#whyNever = whyNever
  }

  judge(fault: InstanceEvent): Judgement {
    const shown = [...this.#caused(fault)].filter(
      (one) => one.type === 'ereport' && this.#isAble(one),
    )
    const shownBy = new Set(shown.map(({ name }) => name.slice('ereport.'.length)))
    const isAble = this.#isAble(fault) && shownBy.size > 0
    return { isAble, shownBy, never: isAble ? new Set() : this.#missing(fault) }
  }

  /** Why what an event causes and nobody ever sees is not seen. */
  #missing(event: InstanceEvent): ReadonlySet<string> {
    const reasons = new Set<string>()
    const asked = new Set([event])
    for (const one of asked) {
      const reason = one.type === 'ereport' ? this.#reason(one) : undefined
      if (reason !== undefined) reasons.add(reason)
      for (const { to } of one.out) if (!this.#isAble(to)) asked.add(to)
    }
    return reasons
  }

  /** All that a fault causes, as far as it can happen, ereports that never come included. */
  #caused(fault: InstanceEvent): ReadonlySet<InstanceEvent> {
    const found = new Set([fault])
    for (const cause of found)
      for (const { to } of cause.out) if (cause === fault || this.#isAble(cause)) found.add(to)
    return found
  }

  #reason({ name, place }: InstanceEvent): string | undefined {
    return this.#whyNever(name, place.node)
  }

  /** Whether enough of what an event asks for can come. */
  #isAble(event: InstanceEvent): boolean {
    const known = this.#able.get(event)
    if (known !== undefined) return known
    // Of a ring each is taken to be able while the others are looked at.
    this.#able.set(event, true)
    const able =
      event.type === 'ereport'
        ? this.#reason(event) === undefined
        : bundles(event).every(({ n, to }) => {
            const can = to.filter((one) => this.#isAble(one)).length
            return can >= (n < 0 ? to.length : Math.min(n, to.length))
          })
    this.#able.set(event, able)
    return able
  }
}

/** The effects that are counted together, and how many must appear. */
function bundles(event: InstanceEvent): readonly { n: number; to: readonly InstanceEvent[] }[] {
  const groups = new Map<number, InstanceArrow[]>()
  for (const arrow of event.out) {
    if (arrow.n === 0) continue
    groups.set(arrow.group, [...(groups.get(arrow.group) ?? []), arrow])
  }
  return [...groups.values()].map((arrows) => ({
    n: arrows[0]?.n ?? 0,
    to: arrows.map(({ to }) => to),
  }))
}
