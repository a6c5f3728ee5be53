// Pairs: which probe ends what another one begins, by DTrace's naming habits.
//
//   dom-create-start  ->  dom-create-end      domctl:createdomain:entry  ->  ...:return
//   on-cpu            ->  off-cpu             vmexit                     ->  vmentry
//
// Holds: both are of one provider, module and function. A probe whose partner is not in the catalog
// begins nothing (`mmap-entry` is one entry of a list, not the entry into a function).
import type { ProbeCatalog } from '../probe/catalog.js'
import { type ProbeDescription, probeSpec } from '../probe/description.js'
import { parsePattern } from '../probe/pattern.js'
import type { ProbeRow } from './fields.js'
import type { ProbeSet } from './plan.js'

/** Endings of a name that begins something, each with the ending that takes its place at the
 *  end. */
const PAIRS = [
  ['start', 'end'],
  ['entry', 'return'],
  ['entry', 'exit'],
  ['on-cpu', 'off-cpu'],
  ['vmexit', 'vmentry'],
] as const

/** The rows of table `P` that end what the rows of `M` begin. */
export type EndsOf<P extends ProbeRow, M extends ProbeRow> = M extends unknown
  ? Extract<
      P,
      {
        readonly provider: M['provider']
        readonly module: M['module']
        readonly function: M['function']
        readonly name: EndName<M['name']>
      }
    >
  : never

type EndName<N extends string, R = (typeof PAIRS)[number]> = R extends readonly [
  infer Opening extends string,
  infer Closing extends string,
]
  ? N extends `${infer Stem}${Opening}`
    ? `${Stem}${Closing}`
    : never
  : never

/** Probes of one name that begin something, and those that end it, function by function. */
export interface Pair {
  /** What is common to both names: `dom-create`; "" for entry and return. */
  readonly stem: string
  readonly start: ProbeSet
  readonly end: ProbeSet
  /** What tells apart several pairs of these names; empty for a single pair. */
  readonly by: readonly ('probemod' | 'probefunc')[]
}

/** The pairs that the selected probes begin, in the order of their start probes. */
export function pairsOf(selected: readonly ProbeDescription[], catalog: ProbeCatalog): Pair[] {
  const groups = new Map<string, { start: ProbeDescription; end: ProbeDescription }[]>()
  for (const start of selected) {
    const end = partner(start, catalog)
    if (end === undefined) continue
    const name = JSON.stringify([start.provider, start.name, end.name])
    groups.set(name, [...(groups.get(name) ?? []), { start, end }])
  }
  return [...groups.values()].map((group) => pairOf(group, catalog))
}

function partner(start: ProbeDescription, catalog: ProbeCatalog): ProbeDescription | undefined {
  for (const [opening, closing] of PAIRS) {
    if (!start.name.endsWith(opening)) continue
    const name = start.name.slice(0, -opening.length) + closing
    const found = catalog.probes.find(
      (p) =>
        p.name === name &&
        p.provider === start.provider &&
        p.module === start.module &&
        p.function === start.function,
    )
    if (found !== undefined) return found
  }
  return undefined
}

function pairOf(
  group: readonly { readonly start: ProbeDescription; readonly end: ProbeDescription }[],
  catalog: ProbeCatalog,
): Pair {
  const starts = group.map((g) => g.start)
  const name = starts[0]?.name ?? ''
  const opening = PAIRS.find(([o]) => name.endsWith(o))?.[0] ?? ''
  const distinct = (part: 'module' | 'function') => new Set(starts.map((p) => p[part])).size > 1
  return {
    stem: name.slice(0, name.length - opening.length).replace(/-$/, ''),
    start: probeSet(starts, catalog),
    end: probeSet(
      group.map((g) => g.end),
      catalog,
    ),
    by: [
      ...(distinct('module') ? (['probemod'] as const) : []),
      ...(distinct('function') ? (['probefunc'] as const) : []),
    ],
  }
}

/** The shortest description that selects exactly these probes, else all of them by name. */
function probeSet(probes: readonly ProbeDescription[], catalog: ProbeCatalog): ProbeSet {
  const same = (part: 'provider' | 'module' | 'function' | 'name') => {
    const [first = ''] = probes.map((p) => p[part])
    return probes.every((p) => p[part] === first) ? first : ''
  }
  const [provider, module, name] = [same('provider'), same('module'), same('name')]
  const candidates = [`${provider}:::${name}`, `${provider}:${module}::${name}`]
  const spec = candidates.find((text) => selectsExactly(text, probes, catalog))
  return { specs: spec === undefined ? probes.map(probeSpec) : [spec], probes }
}

function selectsExactly(
  text: string,
  probes: readonly ProbeDescription[],
  catalog: ProbeCatalog,
): boolean {
  const pattern = parsePattern(text)
  if (pattern === 'overspecified') return false
  const found = catalog.match(pattern)
  return found.length === probes.length && found.every((p) => probes.includes(p))
}
