// merge(a, b): what one run would have aggregated had it seen the firings of both. Workers, hosts
// and shards send snapshots; this is the only place where they come together.
//
// Holds: pure, associative and commutative (up to the order of groups, which means nothing).
import { assertNever } from '../../base/assert.js'
import { XpvError } from '../../base/error.js'
import type {
  AggregatingFunction,
  AggregationDecl,
  AggregationSnapshot,
  Group,
  KeyPart,
  KeyType,
} from './aggregation.js'
import { mergeStates } from './state.js'

/** Joins two snapshots of the same aggregation; the larger normal wins: a side that never came to
 *  normalize() says 1. Throws `XpvError` `aggregation.mismatch` when functions or keys differ. */
export function mergeSnapshots(
  a: AggregationSnapshot,
  b: AggregationSnapshot,
): AggregationSnapshot {
  if (signature(a.decl) !== signature(b.decl)) {
    throw new XpvError(
      'aggregation.mismatch',
      `@${a.decl.name} is ${signature(a.decl)} on one side and ${signature(b.decl)} on the other`,
      'merge only results of the same program',
    )
  }
  const groups = new Map<string, Group>()
  for (const group of [...a.groups, ...b.groups]) {
    const key = keyText(group.key)
    const other = groups.get(key)
    groups.set(
      key,
      other === undefined
        ? group
        : { key: group.key, state: mergeStates(other.state, group.state) },
    )
  }
  return { decl: a.decl, normal: mergedNormal(a.normal, b.normal), groups: [...groups.values()] }
}

// Sides of one run carry the same normal, or one of them never came to normalize(): the larger one,
// read unsigned as DTrace does, is then the set one, whichever side it came from.
function mergedNormal(a: bigint, b: bigint): bigint {
  return BigInt.asUintN(64, a) > BigInt.asUintN(64, b) ? a : b
}

/** One string for a key, different for different keys: kinds never meet. */
export function keyText(key: readonly KeyPart[]): string {
  return key.map(partText).join(',')
}

function partText(part: KeyPart): string {
  if (typeof part === 'bigint') return `${part}`
  return typeof part === 'string' ? JSON.stringify(part) : `[${part.join()}]`
}

function signature({ keys, function: f }: AggregationDecl): string {
  return `[${keys.map(keyName).join(', ')}] ${f.kind}(${parameters(f).join(', ')})`
}

function keyName(key: KeyType): string {
  switch (key.kind) {
    case 'int':
      return `${key.signed ? 'int' : 'uint'}${key.bytes * 8}`
    case 'string':
      return key.form ?? 'string'
    case 'bytes':
      return `${key.size} bytes`
    default:
      return assertNever(key)
  }
}

/** What a function is fixed to, in the order in which it is written. */
function parameters(f: AggregatingFunction): readonly (string | number)[] {
  switch (f.kind) {
    case 'lquantize':
      return [f.base, f.limit, f.step]
    case 'llquantize':
      return [f.factor, f.low, f.high, f.steps, f.dialect]
    case 'quantile':
      return f.ranks
    case 'heatmap':
      return [f.intervalNs]
    case 'series':
      return [f.of, f.intervalNs]
    default:
      return []
  }
}
