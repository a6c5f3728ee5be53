// Aggregations: what they compute, and the plain form in which a finished one travels to printers
// and merges.
//
//   firing -> table of groups (run/) -> AggregationSnapshot -> print, merge, Table
//
// Source: D language guide, "Aggregations"; bucket rules in facts of dt_aggregate.c (illumos
// libdtrace).

/** The aggregating functions, each with its fixed parameters. */
export type AggregatingFunction =
  | { readonly kind: 'count' }
  | { readonly kind: 'sum' }
  | { readonly kind: 'avg' }
  | { readonly kind: 'min' }
  | { readonly kind: 'max' }
  | { readonly kind: 'stddev' }
  | { readonly kind: 'quantize' }
  | LinearFunction
  | LogLinearFunction
  /** Beyond DTrace, each mergeable: quantiles, and what changes with time. */
  | QuantileFunction
  | HeatmapFunction
  | SeriesFunction

/** lquantize(x, base, limit, step). */
export interface LinearFunction {
  readonly kind: 'lquantize'
  readonly base: number
  readonly limit: number
  readonly step: number
  /** Present where all 64 bits of a value count (Linux), not the low 32. */
  readonly wide?: true
}

/** llquantize(x, factor, low, high, steps): each power of the factor, from factor^low to
 *  factor^(high + 1), in linear steps. Which buckets there are depends on the dialect. */
export interface LogLinearFunction {
  readonly kind: 'llquantize'
  readonly dialect: 'illumos' | 'linux'
  readonly factor: number
  readonly low: number
  readonly high: number
  readonly steps: number
}

/** quantile(x, p...): `ranks` in millionths, 500000 for the median; sketch.ts says how exact. */
export interface QuantileFunction {
  readonly kind: 'quantile'
  readonly ranks: readonly number[]
}

/** heatmap(x, interval): a quantize() for each interval of time. */
export interface HeatmapFunction {
  readonly kind: 'heatmap'
  readonly intervalNs: number
}

/** series(f(x), interval): one number for each interval of time. */
export interface SeriesFunction {
  readonly kind: 'series'
  readonly of: 'count' | 'sum' | 'avg' | 'min' | 'max'
  readonly intervalNs: number
}

/** One part of a key: integers carry the size that decides how they print and sort; `bytes` are a
 *  record or array as it lies in memory. */
export type KeyType =
  | {
      readonly kind: 'int'
      readonly bytes: 1 | 2 | 4 | 8
      readonly signed: boolean
      /** Of sym(), mod() and their like: an address, printed as text. */
      readonly form?: 'address'
    }
  | {
      readonly kind: 'string'
      /** Of stack() and its like: frames, one a line. */
      readonly form?: 'stack'
    }
  | { readonly kind: 'bytes'; readonly size: number }

/** What a program declares of one aggregation: `@name[keys] = function`. */
export interface AggregationDecl {
  /** Order of first use in the program, from 0; decides the order of printing. */
  readonly id: number
  /** Without the @; '_' for the unnamed one. */
  readonly name: string
  readonly keys: readonly KeyType[]
  readonly function: AggregatingFunction
}

/** The value of one part of a key, by the kind of its type. */
export type KeyPart = bigint | string | Uint8Array

/** Buckets in use of a sparse histogram, or intervals in use of a course of time: ascending. */
export type Sparse<T> = readonly (readonly [at: number, value: T])[]

/** The state of one group, complete for merging. All integers are signed 64-bit unless said. */
export type GroupState =
  | { readonly kind: 'count'; readonly count: bigint }
  | { readonly kind: 'sum'; readonly sum: bigint }
  | { readonly kind: 'avg'; readonly count: bigint; readonly sum: bigint }
  | { readonly kind: 'min'; readonly min: bigint }
  | { readonly kind: 'max'; readonly max: bigint }
  /** `sumSquares` is unsigned, 128-bit. */
  | {
      readonly kind: 'stddev'
      readonly count: bigint
      readonly sum: bigint
      readonly sumSquares: bigint
    }
  /** 127 buckets, zero at 63; bucket 64+k holds 2^k <= v < 2^(k+1), 62-k the mirrored negatives. */
  | { readonly kind: 'quantize'; readonly buckets: readonly bigint[] }
  /** levels + 2 buckets: below base, the levels, at or above base + levels * step. */
  | { readonly kind: 'lquantize'; readonly buckets: readonly bigint[] }
  /** In ascending order, as log-linear.ts numbers them. */
  | { readonly kind: 'llquantize'; readonly buckets: readonly bigint[] }
  /** Counts by bucket of sketch.ts. */
  | { readonly kind: 'quantile'; readonly cells: Sparse<bigint> }
  /** A state of quantize(), or of the series' own function, by number of the interval. */
  | { readonly kind: 'heatmap' | 'series'; readonly slots: Sparse<GroupState> }

/** A state that is one number. */
export type ScalarState = Extract<
  GroupState,
  { kind: 'count' | 'sum' | 'avg' | 'min' | 'max' | 'stddev' }
>

/** A state of dense buckets: a histogram. */
export type BucketState = Extract<GroupState, { kind: 'quantize' | 'lquantize' | 'llquantize' }>

/** A function that keeps dense buckets. */
export type BucketFunction = Extract<
  AggregatingFunction,
  { kind: 'quantize' | 'lquantize' | 'llquantize' }
>

/** One group: its key and state. */
export interface Group {
  readonly key: readonly KeyPart[]
  readonly state: GroupState
}

/** A whole aggregation at one moment. Groups are in no particular order. `normal` is what
 *  normalize() set (1 when it was not used). */
export interface AggregationSnapshot {
  readonly decl: AggregationDecl
  readonly normal: bigint
  readonly groups: readonly Group[]
}
