// The catalog: every probe there is, by id and by pattern. Providers hand in their tables; the
// profile provider makes probes on demand, as on a DTrace host.
//
// Holds: ids are unique and never change; `probes` ascends by id.
import { assert } from '../../base/assert.js'
import type { ProbeDescription, ProbeId } from './description.js'
import { type ProbePattern, patternMatcher } from './pattern.js'
import { PROFILE_RATES, parseProfileName, TICK_RATES } from './profile.js'

// These three have the same ids on every DTrace host.
/** dtrace:::BEGIN fires once, before anything else. */
export const BEGIN_ID = 1 as ProbeId
/** dtrace:::END fires once, after everything else. */
export const END_ID = 2 as ProbeId
/** dtrace:::ERROR fires when a clause faults. */
export const ERROR_ID = 3 as ProbeId

const DTRACE_PROBES: readonly ProbeDescription[] = ['BEGIN', 'END', 'ERROR'].map((name, i) => ({
  id: (i + 1) as ProbeId,
  provider: 'dtrace',
  module: '',
  function: '',
  name,
  args: [],
}))

function profile(name: string, id = 0 as ProbeId): ProbeDescription {
  return { id, provider: 'profile', module: '', function: '', name, args: [] }
}

/** The probes of one machine. Grows only by profile probes that a pattern asks for by name. */
export class ProbeCatalog {
  readonly #probes: ProbeDescription[] = []
  readonly #byId = new Map<number, ProbeDescription>()
  /** What patterns matched, until there are more probes. */
  readonly #matched = new Map<string, readonly ProbeDescription[]>()

  /** `tables` are the providers' probes, ids included. */
  constructor(tables: readonly (readonly ProbeDescription[])[]) {
    const rates = [
      ...PROFILE_RATES.map((rate) => `profile-${rate}`),
      ...TICK_RATES.map((rate) => `tick-${rate}`),
    ]
    const timed = rates.map((name, i) => profile(name, (ERROR_ID + 1 + i) as ProbeId))
    const probes = [...DTRACE_PROBES, ...timed, ...tables.flat()].sort((a, b) => a.id - b.id)
    for (const probe of probes) this.#add(probe)
  }

  /** All probes, ascending by id. */
  get probes(): readonly ProbeDescription[] {
    return this.#probes
  }

  /** The probe with this id; undefined when there is none. */
  byId(id: number): ProbeDescription | undefined {
    return this.#byId.get(id)
  }

  /** The probes a pattern selects, ascending by id; a `tick-` or `profile-` name is made when
   *  missing. */
  match(pattern: ProbePattern): readonly ProbeDescription[] {
    if (pattern.id !== undefined) {
      const probe = this.byId(pattern.id)
      return probe === undefined ? [] : [probe]
    }
    const key = JSON.stringify(pattern)
    const found = this.#matched.get(key) ?? this.#search(pattern)
    this.#matched.set(key, found)
    return found
  }

  #search(pattern: ProbePattern): readonly ProbeDescription[] {
    const found = this.#probes.filter(patternMatcher(pattern))
    if (found.length > 0) return found
    const { name } = pattern
    const wanted = parseProfileName(name) !== undefined && patternMatcher(pattern)(profile(name))
    return wanted ? [this.#provide(name)] : []
  }

  #provide(name: string): ProbeDescription {
    const last = this.#probes.at(-1)
    return this.#add(profile(name, ((last?.id ?? 0) + 1) as ProbeId))
  }

  #add(probe: ProbeDescription): ProbeDescription {
    assert(!this.#byId.has(probe.id), `two probes with id ${probe.id}`)
    this.#probes.push(probe)
    this.#byId.set(probe.id, probe)
    this.#matched.clear()
    return probe
  }
}
