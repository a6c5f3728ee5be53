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
  | {
      readonly kind: 'lquantize'
      readonly base: number
      readonly limit: number
      readonly step: number
    }

/** One part of a key: integers carry the size that decides how they print and sort. */
export type KeyType =
  | { readonly kind: 'int'; readonly bytes: 1 | 2 | 4 | 8; readonly signed: boolean }
  | { readonly kind: 'string' }

/** What a program declares of one aggregation: `@name[keys] = function`. */
export interface AggregationDecl {
  /** Order of first use in the program, from 0; decides the order of printing. */
  readonly id: number
  /** Without the @; '_' for the unnamed one. */
  readonly name: string
  readonly keys: readonly KeyType[]
  readonly function: AggregatingFunction
}

export type KeyPart = bigint | string

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
