// In which order groups print: by value and then key, or as the aggsort options say.
//
// Holds: integers of a key compare as unsigned of their size (so -1 comes after 2), strings by
// their bytes.
// Source: illumos libdtrace dt_aggregate.c (dt_aggregate_valcmp, _keycmp, _bundlecmp).
import { isOn } from '../../base/switch-value.js'
import type {
  AggregatingFunction,
  AggregationSnapshot,
  Group,
  GroupState,
  KeyPart,
  KeyType,
} from './aggregation.js'
import { compareStates } from './compare-states.js'
import { keyText } from './merge.js'
import { emptyState } from './state.js'
import { compareStrings } from './text-order.js'

/** The aggsort options of a run. */
export interface SortOrder {
  /** aggsortkey: key before value. */
  readonly byKey: boolean
  /** aggsortrev: the other way round. */
  readonly reverse: boolean
  /** aggsortpos: which aggregation of a printa with several decides first. */
  readonly position: number
  /** aggsortkeypos: which part of the key decides first. */
  readonly keyPosition: number
}

const DEFAULT_ORDER: SortOrder = {
  byKey: false,
  reverse: false,
  position: 0,
  keyPosition: 0,
}

/** Reads the order from a run's options (names in lower case, "" for a bare one). */
export function sortOrder(options: ReadonlyMap<string, string>): SortOrder {
  const number = (name: string) => Math.max(0, Number.parseInt(options.get(name) ?? '0', 10) || 0)
  return {
    byKey: isOn(options.get('aggsortkey')),
    reverse: isOn(options.get('aggsortrev')),
    position: number('aggsortpos'),
    keyPosition: number('aggsortkeypos'),
  }
}

/** The groups of a snapshot in printing order. */
export function sortGroups(snapshot: AggregationSnapshot, order = DEFAULT_ORDER): Group[] {
  const { decl } = snapshot
  const byValue = valueComparer(decl.function)
  const byKey = (a: Group, b: Group) => compareKeys(decl.keys, a.key, b.key, order.keyPosition)
  const sign = order.reverse ? -1 : 1
  const [first, second] = order.byKey ? [byKey, byValue] : [byValue, byKey]
  return [...snapshot.groups].sort((a, b) => sign * (first(a, b) || second(a, b)))
}

/** What trunc(@, count) keeps: the largest groups, the smallest for a negative count, none for
 *  0. */
export function truncateGroups(snapshot: AggregationSnapshot, count: bigint): Group[] {
  const ascending = sortGroups(snapshot)
  const most = BigInt(ascending.length)
  if (count < 0n) return ascending.slice(0, Number(-count < most ? -count : most))
  return ascending.slice(Number(most - (count < most ? count : most)))
}

/** One key of several aggregations, with the state each of them has for it. */
export interface Bundle {
  readonly key: readonly KeyPart[]
  /** In the order of the snapshots; a state of zeros where one has no such key. */
  readonly states: readonly GroupState[]
}

/** Joins several aggregations by key, in printing order: for a printa of more than one. */
export function bundleGroups(
  snapshots: readonly AggregationSnapshot[],
  order = DEFAULT_ORDER,
): Bundle[] {
  const bundles = collect(snapshots)
  const keys = snapshots[0]?.decl.keys ?? []
  const from = order.position < snapshots.length ? order.position : 0
  const turned = snapshots.map((_, i) => (i + from) % snapshots.length)
  const byKey = (a: Bundle, b: Bundle) => compareKeys(keys, a.key, b.key, order.keyPosition)
  const byValues = (a: Bundle, b: Bundle) => {
    for (const i of turned) {
      const x = a.states[i]
      const y = b.states[i]
      const f = snapshots[i]?.decl.function
      const sign = x && y && f ? compareStates(f, x, y) : 0
      if (sign !== 0) return sign
    }
    return 0
  }
  const sign = order.reverse ? -1 : 1
  const [first, second] = order.byKey ? [byKey, byValues] : [byValues, byKey]
  return bundles.sort((a, b) => sign * (first(a, b) || second(a, b)))
}

function collect(snapshots: readonly AggregationSnapshot[]): Bundle[] {
  const bundles = new Map<string, { key: readonly KeyPart[]; states: GroupState[] }>()
  snapshots.forEach((snapshot, i) => {
    for (const group of snapshot.groups) {
      const text = keyText(group.key)
      const found = bundles.get(text) ?? {
        key: group.key,
        states: snapshots.map((s) => zeroState(s.decl.function)),
      }
      found.states[i] = group.state
      bundles.set(text, found)
    }
  })
  return [...bundles.values()]
}

/** What a printa of several shows where one has no such key: zero, also for min and max. */
function zeroState(f: AggregatingFunction): GroupState {
  if (f.kind === 'min') return { kind: 'min', min: 0n }
  if (f.kind === 'max') return { kind: 'max', max: 0n }
  return emptyState(f)
}

/** Orders two keys, beginning at part `from` and wrapping around. */
export function compareKeys(
  types: readonly KeyType[],
  a: readonly KeyPart[],
  b: readonly KeyPart[],
  from = 0,
): number {
  const start = from < types.length ? from : 0
  for (let i = 0; i < types.length; i++) {
    const at = (i + start) % types.length
    const sign = comparePart(types[at], a[at], b[at])
    if (sign !== 0) return sign
  }
  return 0
}

function comparePart(type: KeyType | undefined, a?: KeyPart, b?: KeyPart): number {
  if (type?.kind === 'int' && typeof a === 'bigint' && typeof b === 'bigint') {
    const bits = type.bytes * 8
    return compare(BigInt.asUintN(bits, a), BigInt.asUintN(bits, b))
  }
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareBytes(a, b)
  return compareStrings(`${a}`, `${b}`)
}

// Bytes of a size that an integer has compare as that integer, as they lie in memory: the last one
// first.
function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const asInteger = [1, 2, 4, 8].includes(a.length)
  for (let i = 0; i < a.length; i++) {
    const at = asInteger ? a.length - 1 - i : i
    const sign = compare(a[at] ?? 0, b[at] ?? 0)
    if (sign !== 0) return sign
  }
  return 0
}

function valueComparer(f: AggregatingFunction): (a: Group, b: Group) => number {
  return (a, b) => compareStates(f, a.state, b.state)
}

function compare<T extends bigint | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}
