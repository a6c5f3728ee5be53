// What statements record, as both engines see it.
import type { Expr, Statement } from '../program/program.js'
import type { DType } from '../program/types.js'

/** Prints or changes aggregations. */
export type AggregationStatement = Extract<
  Statement,
  { kind: 'printa' | 'clear' | 'trunc' | 'normalize' | 'denormalize' }
>

/** A number that a statement leaves in the record, and how it is read there. */
export interface Operand {
  readonly value: Expr
  readonly bits: number
  readonly signed: boolean
}

/** The operand of trunc() or normalize(), in as many bits as its type has. trunc() reads them as
 *  signed, normalize() as unsigned, whatever the type says. Source: libdtrace dt_consume.c
 *  (dt_trunc, dt_normalize). */
export function operandOf(s: AggregationStatement): Operand | undefined {
  const value = s.kind === 'trunc' ? s.count : s.kind === 'normalize' ? s.factor : undefined
  if (value?.type.kind !== 'int') return undefined
  return { value, bits: 8 * value.type.bytes, signed: s.kind === 'trunc' }
}

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
