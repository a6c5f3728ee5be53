// Suspects: problems that are credible, as faults to publish: how sure each is, what it affects and
// what can be replaced.
//
//   fault.x@chip0 FIT 500, fault.y@chip0/core0 FIT 1000   ->   33 % and 67 %
//
// Holds: they are sorted by class, then by resource. ASRU, FRU and label are those of the part that
// is at fault, in the topology; of a defect the ASRU is the driver. An address that a constraint
// set goes into resource and ASRU. Source: illumos-gate
// usr/src/cmd/fm/modules/common/eversholt/fme.c (publish_suspects, get_resources, percentof),
// usr/src/cmd/fm/fmd/common/fmd_api.c (fmd_case_add_suspect),
// usr/src/lib/fm/topo/modules/i86pc/chip/chip_subr.c (mem_asru_compute).
import type { Fault } from '../event/fault.js'
import { type Fmri, printFmri } from '../event/fmri.js'
import type { HcFmri } from '../event/fmri-hc.js'
import { type NvValue, nv } from '../event/nvlist.js'
import { topoProperty } from '../topo/topology.js'
import type { ProblemNotes } from './code.js'
import { placeOf } from './engines.js'
import type { InstanceEvent } from './instance-graph.js'
import type { Place, Places } from './places.js'
import type { Expression } from './tree.js'
import type { Value } from './value.js'

/** A credible problem, and what was noted of it. */
export interface Problem {
  readonly event: InstanceEvent
  readonly notes: ProblemNotes | undefined
}

/** The faults of some problems. */
export function faultsOf(problems: readonly Problem[], places: Places): readonly Fault[] {
  const sorted = [...problems].sort(byClassThenResource)
  const rates = sorted.map(({ event }) => fitRate(event))
  const sum = rates.reduce((a, b) => a + b, 0)
  return sorted.map((problem, i) => faultOf(problem, percent(rates[i] ?? 1, sum), places))
}

function byClassThenResource(a: Problem, b: Problem): number {
  const [x, y] = [a.event, b.event]
  if (x.name !== y.name) return x.name < y.name ? -1 : 1
  const [left, right] = [nameOf(x.place), nameOf(y.place)]
  return left === right ? 0 : left < right ? -1 : 1
}

const NAMES = new WeakMap<Place, string>()

/** The resource of a part, printed. */
function nameOf(place: Place): string {
  const known = NAMES.get(place)
  if (known !== undefined) return known
  const name = printFmri(place.node.resource)
  NAMES.set(place, name)
  return name
}

/** Whether people are not to be told of a problem. */
export function isSilent({ declared }: InstanceEvent): boolean {
  return flag(declared.properties, 'message') === false
}

/** Failures in 10^9 hours; 1 where none are said. */
function fitRate({ declared }: InstanceEvent): number {
  const rate = declared.properties.get('FITrate')
  return rate?.kind === 'number' && rate.value > 0n ? Number(rate.value) : 1
}

/** Rounded as fmd does: by the first digit behind the point alone. */
function percent(part: number, whole: number): number {
  const tenths = Math.floor((part * 1000) / whole)
  return Math.floor(tenths / 10) + (tenths % 10 >= 5 ? 1 : 0)
}

function flag(properties: InstanceEvent['declared']['properties'], name: string) {
  const value = properties.get(name)
  return value?.kind === 'number' ? value.value !== 0n : undefined
}

/** Faults of which nothing was noted, by how sure they are. */
const PLAIN = new WeakMap<InstanceEvent, Map<number, Fault>>()

function faultOf(problem: Problem, certainty: number, places: Places): Fault {
  const { event, notes } = problem
  if (notes !== undefined && notes.payload.size > 0) return makeFault(problem, certainty, places)
  const plain = PLAIN.get(event) ?? new Map<number, Fault>()
  const known = plain.get(certainty)
  if (known !== undefined) return known
  const made = makeFault(problem, certainty, places)
  PLAIN.set(event, plain.set(certainty, made))
  return made
}

function makeFault({ event, notes }: Problem, certainty: number, places: Places): Fault {
  const { name, place, declared } = event
  const { properties } = declared
  const payload = notes?.payload ?? new Map<string, Value>()
  const resource = addressed(place.node.resource, payload)
  const units = unitsOf(event, resource)
  const location = labelOf(units.fru, place, places)
  return {
    class: name,
    certainty,
    ...units,
    resource,
    location: event.type === 'defect' ? undefined : location,
    message: flag(properties, 'message'),
    retire: flag(properties, 'retire'),
    response: flag(properties, 'response'),
    payload: moreOf(payload),
  }
}

function unitsOf(event: InstanceEvent, resource: HcFmri): { asru?: Fmri; fru?: Fmri } {
  const { place, declared, type } = event
  const asru = declaredUnit(declared.properties.get('ASRU'), place)?.node.asru
  const fru = declaredUnit(declared.properties.get('FRU'), place)?.node.fru
  const { node } = place
  const own = type === 'defect' ? driverOf(place) : (node.asru ?? asru)
  const unit = type === 'defect' ? fru : (node.fru ?? fru)
  return {
    ...(own === undefined ? {} : { asru: withAddress(own, resource) }),
    ...(unit === undefined ? {} : { fru: unit }),
  }
}

/** The part that a property means. */
function declaredUnit(value: Expression | undefined, place: Place): Place | undefined {
  return value?.kind === 'path' ? placeOf(place, value.path) : undefined
}

/** The kernel module that drives a part. */
function driverOf({ node }: Place): Fmri | undefined {
  const module = topoProperty(node, 'module')?.value
  return typeof module === 'object' && 'scheme' in module ? module : undefined
}

function labelOf(fru: Fmri | undefined, place: Place, places: Places): string | undefined {
  const node = fru === undefined ? undefined : places.topology.node(fru)
  return node?.label ?? place.node.label
}

const ADDRESSES: ReadonlyMap<string, string> = new Map([
  ['offset', 'offset'],
  ['physaddr', 'physaddr'],
  ['asru-offset', 'asruOffset'],
  ['asru-physaddr', 'asruPhysaddr'],
])

/** A resource with the addresses that were set. */
function addressed(resource: HcFmri, payload: ReadonlyMap<string, Value>): HcFmri {
  const set = [...ADDRESSES].flatMap(([name, member]): [string, bigint][] => {
    const value = payload.get(name)
    return typeof value === 'bigint' ? [[member, value]] : []
  })
  return set.length === 0 ? resource : { ...resource, ...Object.fromEntries(set) }
}

/** An ASRU that is memory, narrowed to the address of a resource. */
function withAddress(asru: Fmri, resource: HcFmri): Fmri {
  if (asru.scheme !== 'mem' && asru.scheme !== 'hc') return asru
  const physaddr = resource.asruPhysaddr ?? resource.physaddr
  const offset = resource.asruOffset ?? resource.offset
  if (physaddr === undefined && offset === undefined) return asru
  return {
    ...asru,
    ...(physaddr === undefined ? {} : { physaddr }),
    ...(offset === undefined ? {} : { offset }),
  }
}

/** What was set besides addresses. */
function moreOf(payload: ReadonlyMap<string, Value>): Fault['payload'] {
  const more = [...payload].flatMap(([name, value]): [string, NvValue][] => {
    if (ADDRESSES.has(name) && typeof value === 'bigint') return []
    if (typeof value === 'bigint') return [[name, nv.uint64(value)]]
    if (value === undefined) return []
    return [[name, nv.string(typeof value === 'string' ? value : value.key)]]
  })
  return more.length === 0 ? undefined : new Map(more)
}
