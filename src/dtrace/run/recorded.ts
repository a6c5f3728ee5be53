// What statements record, as both engines see it.
import type { Statement } from '../program/program.js'
import type { DType } from '../program/types.js'

/** Prints or changes aggregations. */
export type AggregationStatement = Extract<
  Statement,
  { kind: 'printa' | 'clear' | 'trunc' | 'normalize' | 'denormalize' }
>

/** Adds one item to the record. */
export type RecordingStatement = Extract<
  Statement,
  | {
      kind: 'trace' | 'print' | 'printf' | 'system' | 'freopen' | 'tracemem' | 'stack' | 'ftruncate'
    }
  | { kind: 'setopt' }
>

/** The type of what print() shows of a pointer; undefined when it shows the value itself. */
export function pointedTo({ value, pointer }: Statement & { kind: 'print' }): DType | undefined {
  return pointer && value.type.kind === 'int' ? value.type.pointee : undefined
}

/** How many of `size` bytes tracemem() shows when told so: all when that is more, or negative. To
 *  illumos 0 says nothing. */
export function shownBytes(
  size: number,
  shown: bigint | undefined,
  dialect: 'illumos' | 'linux',
): number {
  if (shown === undefined || (shown === 0n && dialect === 'illumos')) return size
  const most = BigInt.asUintN(64, shown)
  return most < BigInt(size) ? Number(most) : size
}
