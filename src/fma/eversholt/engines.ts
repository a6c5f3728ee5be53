// Engines: what counts ereports before a problem counts as one (serd), and how often problems were
// found at a part (stat).
//
//   engine serd.x@core, N=3, T=72h;   ->   serd.x_tag@chip0/core1: more than 3 in 72 h
//
// Holds: N and T come from the operator, else from the part (serd_x_n, serd_x_t), else from a
// constraint (setserdn, setserdt), else from the rules. Source: illumos-gate
// usr/src/cmd/fm/modules/common/eversholt/fme.c (serd_eval, istat_bump).
import type { SerdLimits } from '../fmd/module.js'
import type { ProblemNotes } from './code.js'
import { classKey } from './declarations.js'
import type { InstanceEvent } from './instance-graph.js'
import { type Place, type Places, placeAbove } from './places.js'
import { type RuleSet, timeNs } from './rule-set.js'
import type { ClassAt, Expression, Path } from './tree.js'
import { UNIT_NS } from './units.js'
import { leadingNumber, textOf, type Value } from './value.js'

/** A SERD engine in its place. */
export interface SerdEngine {
  readonly name: string
  /** Of the part it counts at. */
  readonly key: string
  readonly limits: SerdLimits
  readonly increment: number
  /** What fmd is asked to count by. */
  readonly counting: SerdLimits & { readonly increment: number }
  /** The ereport that it makes when it fires. */
  readonly trip: { readonly name: string; readonly key: string } | undefined
}

/** Limits by class of engine; with its suffix (`setserdsuffix`), of that one alone. */
export type SerdOverrides = ReadonlyMap<string, SerdLimits>

/** The SERD engines of one set of rules over one topology. */
export class SerdEngines {
  readonly #rules: RuleSet
  readonly #places: Places
  readonly #overrides: SerdOverrides
  /** By problem, and what constraints set of its engine. */
  readonly #known = new Map<InstanceEvent, Map<string, SerdEngine>>()

  constructor(rules: RuleSet, places: Places, overrides: SerdOverrides) {
    this.#rules = rules
    this.#places = places
    this.#overrides = overrides
  }

  /** The engine of a problem; undefined when it has none. */
  of(
    problem: InstanceEvent,
    notes: ProblemNotes | undefined,
    globals: Globals,
  ): SerdEngine | undefined {
    const engine = problem.declared.properties.get('engine')
    if (engine?.kind !== 'class') return undefined
    if (globals !== undefined) return this.#make(problem, engine.of, notes, globals)
    let engines = this.#known.get(problem)
    if (engines === undefined) {
      engines = new Map()
      this.#known.set(problem, engines)
    }
    const key = keyOf(notes)
    const known = engines.get(key)
    if (known !== undefined) return known
    const made = this.#make(problem, engine.of, notes, globals)
    if (engines.size >= MOST_OF_ONE) engines.clear()
    engines.set(key, made)
    return made
  }

  #make(
    problem: InstanceEvent,
    of: ClassAt,
    notes: ProblemNotes | undefined,
    globals: Globals,
  ): SerdEngine {
    const properties = this.#rules.declarations.get(classKey(of))?.properties ?? new Map()
    const place = placeOf(problem.place, of.path)
    const name = `${of.name}${suffixOf(notes)}`
    const key = place?.key ?? pathNames(of.path).join('/')
    const using = { places: this.#places, overrides: this.#overrides }
    const set = notes?.serd.get('increment')
    const increment = set === undefined ? 1 : Number(asNumber(set))
    const limits = limitsOf(of.name, name, { place, notes, properties, ...using })
    return {
      name: `${name}@${key}${idOf(properties.get('id'), globals)}`,
      key,
      limits,
      increment,
      counting: { ...limits, increment },
      trip: tripOf(properties.get('trip'), problem.place),
    }
  }
}

/** Engines of one problem that are remembered: of each suffix one. */
const MOST_OF_ONE = 64

/** What constraints set, so that no two are alike that are not the same. */
function keyOf(notes: ProblemNotes | undefined): string {
  let key = ''
  for (const [name, value] of notes?.serd ?? []) {
    const text = typeof value === 'bigint' ? `#${value}` : `"${textOf(value) ?? ''}`
    key += `${name} ${text.length} ${text} `
  }
  return key
}

type Globals = ReadonlyMap<string, Value> | undefined

/** The part that a path in a declaration means for an event at a place. */
export function placeOf(place: Place, path: Path | undefined): Place | undefined {
  return placeAbove(place, pathNames(path))
}

const pathNames = (path: Path | undefined): readonly string[] =>
  (path?.steps ?? []).map(({ name }) => name)

function suffixOf(notes: ProblemNotes | undefined): string {
  const suffix = notes?.serd.get('suffix')
  if (typeof suffix === 'bigint') return String(suffix)
  return textOf(suffix) ?? ''
}

function idOf(id: Expression | undefined, globals: Globals): string {
  if (id?.kind !== 'global') return ''
  const value = globals?.get(id.name)
  return `:${typeof value === 'bigint' ? value : (textOf(value) ?? '')}`
}

function tripOf(trip: Expression | undefined, place: Place): SerdEngine['trip'] {
  if (trip?.kind !== 'class') return undefined
  const at = placeOf(place, trip.of.path)
  return at && { name: trip.of.name, key: at.key }
}

function limitsOf(
  of: string,
  name: string,
  from: {
    readonly place: Place | undefined
    readonly notes: ProblemNotes | undefined
    readonly properties: ReadonlyMap<string, Expression>
    readonly places: Places
    readonly overrides: SerdOverrides
  },
): SerdLimits {
  const { place, notes, properties, places, overrides } = from
  const said = overrides.get(name) ?? overrides.get(of)
  if (said !== undefined) return said
  const own = (letter: 'n' | 't'): Value =>
    place && places.property(place, `${name.replaceAll('.', '_')}_${letter}`)
  const [n, t] = [properties.get('N'), properties.get('T')]
  const count = own('n') ?? notes?.serd.get('n') ?? (n?.kind === 'number' ? n.value : undefined)
  const time = own('t') ?? notes?.serd.get('t') ?? (t?.kind === 'time' ? timeNs(t) : undefined)
  return { n: Number(asNumber(count)), tNs: nsOf(time) }
}

const asNumber = (value: Value): bigint =>
  typeof value === 'bigint' ? value : leadingNumber(textOf(value) ?? '')

/** Nanoseconds of `72h`, or of a number that is nanoseconds already. */
function nsOf(value: Value): bigint {
  if (typeof value === 'bigint') return value
  const [, digits = '0', unit = ''] = /^(\d*)(.*)$/s.exec(textOf(value) ?? '') ?? []
  return BigInt(digits === '' ? 0 : digits) * (UNIT_NS.get(unit) ?? 1n)
}

/** The stat engine that a problem counts up: `stat.x@chip0`; undefined when it has none. */
export function statKey(event: InstanceEvent): string | undefined {
  const count = event.declared.properties.get('count')
  return count?.kind === 'class' ? keyAt(count.of, event.place) : undefined
}

function keyAt({ name, path }: ClassAt, place: Place): string | undefined {
  const at = placeOf(place, path)
  return at && `${name}@${at.key}`
}
