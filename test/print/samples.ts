// Values for the printing tests, written as a D program would make them.
import type {
  AggregatingFunction,
  AggregationSnapshot,
  Group,
  GroupState,
  KeyPart,
  KeyType,
} from '../../src/dtrace/aggregate/aggregation.js'
import type { ProbeDescription, ProbeId } from '../../src/dtrace/probe/description.js'
import type { FormatPiece, PrintfFormat } from '../../src/dtrace/program/format.js'
import type { FiringRecord, RecordItem, TypedValue } from '../../src/dtrace/program/record.js'
import { integerType, STRING } from '../../src/dtrace/program/types.js'

/** A format as the D compiler hands it over. */
export function format(text: string): PrintfFormat {
  const pattern = /%([-+ #0'?@]*)(\d+|\*)?([-+ #0'?@]*)(?:\.(\d+|\*))?(@?)([hlLw]*)([a-zA-Z%])/g
  const pieces: FormatPiece[] = []
  let end = 0
  for (const m of text.matchAll(pattern)) {
    const before = text.slice(end, m.index)
    if (before !== '') pieces.push({ kind: 'text', text: before })
    const flags = `${m[1] ?? ''}${m[3] ?? ''}${m[5] ?? ''}`
    pieces.push({
      kind: 'conversion',
      aggregation: flags.includes('@'),
      flags: flags.replaceAll('@', ''),
      width: number(m[2]),
      precision: number(m[4]),
      size: m[6] ?? '',
      letter: m[7] ?? '',
      text: m[0],
    })
    end = (m.index ?? 0) + m[0].length
  }
  if (end < text.length) pieces.push({ kind: 'text', text: text.slice(end) })
  return { text, pieces }
}

function number(text: string | undefined): number | '*' | undefined {
  return text === undefined || text === '*' ? text : Number(text)
}

type Bytes = 1 | 2 | 4 | 8

/** An integer of a type; a string when `value` is one. */
export function value(v: bigint | number | string, bytes: Bytes = 4, signed = true): TypedValue {
  if (typeof v === 'string') return { type: STRING, value: v }
  return { type: integerType('t', bytes, signed), value: BigInt(v) }
}

export const KEY = {
  string: { kind: 'string' } as KeyType,
  int8: { kind: 'int', bytes: 1, signed: true } as KeyType,
  int16: { kind: 'int', bytes: 2, signed: true } as KeyType,
  int: { kind: 'int', bytes: 4, signed: true } as KeyType,
  int64: { kind: 'int', bytes: 8, signed: true } as KeyType,
}

/** An aggregation: its function, its key types and its groups. */
export function aggregation(
  fn: AggregatingFunction | 'count' | 'sum' | 'avg' | 'min' | 'max' | 'stddev' | 'quantize',
  keys: readonly KeyType[],
  groups: readonly (readonly [key: readonly (KeyPart | number)[], state: GroupState])[],
  more: { id?: number; normal?: bigint; name?: string } = {},
): AggregationSnapshot {
  return {
    decl: {
      id: more.id ?? 0,
      name: more.name ?? '_',
      keys,
      function: typeof fn === 'string' ? { kind: fn } : fn,
    },
    normal: more.normal ?? 1n,
    groups: groups.map(
      ([key, state]): Group => ({
        key: key.map((part) => (typeof part === 'number' ? BigInt(part) : part)),
        state,
      }),
    ),
  }
}

export const sum = (v: bigint | number): GroupState => ({ kind: 'sum', sum: BigInt(v) })
export const count = (v: number): GroupState => ({ kind: 'count', count: BigInt(v) })

/** stddev() of these values. */
export function stddev(...values: readonly bigint[]): GroupState {
  return {
    kind: 'stddev',
    count: BigInt(values.length),
    sum: values.reduce((a, b) => a + b, 0n),
    sumSquares: values.reduce((a, b) => a + b * b, 0n),
  }
}

/** quantize() with these counts by lower bound of the bucket: [-1, n], [0, n], [1, n], [2, n],
 *  [4, n] ... */
export function quantize(...counts: readonly (readonly [bound: number, count: bigint])[]) {
  const buckets = new Array<bigint>(127).fill(0n)
  for (const [bound, n] of counts) {
    const k = Math.log2(Math.abs(bound))
    buckets[bound === 0 ? 63 : bound > 0 ? 64 + k : 62 - k] = n
  }
  return { kind: 'quantize', buckets } as const satisfies GroupState
}

/** lquantize(x, base, limit, step) with these counts by bucket number, 0 being the one below
 *  base. */
export function lquantize(
  fn: { base: number; limit: number; step: number },
  ...counts: readonly (readonly [bucket: number, count: bigint])[]
): GroupState {
  const buckets = new Array<bigint>((fn.limit - fn.base) / fn.step + 2).fill(0n)
  for (const [bucket, n] of counts) buckets[bucket] = n
  return { kind: 'lquantize', buckets }
}

export function probe(
  id: number,
  [provider, module, fn, name]: readonly [string, string, string, string],
): ProbeDescription {
  return { id: id as ProbeId, provider, module, function: fn, name, args: [] }
}

export const BEGIN = probe(1, ['dtrace', '', '', 'BEGIN'])

export function firing(
  at: ProbeDescription,
  items: readonly RecordItem[],
  more: { cpu?: number; epid?: number } = {},
): FiringRecord {
  return {
    kind: 'firing',
    epid: more.epid ?? 1,
    probe: at,
    cpu: more.cpu ?? 0,
    timeNs: 0,
    items,
  }
}
