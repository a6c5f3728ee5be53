// How many elements of associative arrays, and threads' variables, there is room for: all of a
// program share dynvarsize bytes, in pieces as large as its largest element with its key.
//
//   a["x"] = 1; self->t = 2;     dynvarsize / (head + keys + value)
//
// Source: illumos dtrace.c (dtrace_difo_chunksize, dtrace_dstate_init); linux dt_bpf.c
// (gmap_create_dvars), dt_cg.c (dt_cg_arglist).
import { sizeOf } from '../program/layout.js'
import type { Program, Variable } from '../program/program.js'
import type { DType } from '../program/types.js'
import type { SizeOptions } from './record-size.js'

/** Elements that so many bytes hold: on illumos at least one, on Linux maybe none. Undefined for a
 *  program that has no dynamic variables. */
export function elementLimit(
  program: Program,
  dynvarsize: number,
  options: SizeOptions,
): number | undefined {
  const dynamic = program.variables.filter((v) => v.keys !== undefined || v.scope === 'self')
  if (dynamic.length === 0) return undefined
  if (options.dialect === 'illumos') {
    return illumosLimit(dynvarsize, Math.max(...dynamic.map((v) => illumosSize(v, options))))
  }
  const value = Math.max(...dynamic.map((v) => held(v.type, options.strsize + 1)))
  const tuples = dynamic.filter((v) => v.keys !== undefined).map((v) => linuxTuple(v, options))
  return Math.floor(dynvarsize / (Math.max(0, ...tuples) + value))
}

const held = (type: DType, string: number): number =>
  type.kind === 'string' ? string : sizeOf(type)

/** Bytes of the head of an element, and of each of its keys beyond the first. */
const HEAD = 48
const KEY = 16
/** Bytes of a bucket of the hash table. */
const BUCKET = 64

/** Keys that fit into a register take no room of their own; a variable's number, and its thread,
 *  are keys. */
function illumosSize({ type, keys = [], scope }: Variable, { strsize }: SizeOptions): number {
  const own = keys.map((key) => (key.kind === 'int' ? 0 : roundUp(held(key, strsize), 8)))
  const more = keys.length + (scope === 'self' ? 1 : 0)
  const size = HEAD + KEY * more + own.reduce((sum, n) => sum + n, 0) + held(type, strsize)
  return roundUp(size, 8)
}

/** The hash table takes a bucket for each element that would fit; the last one is never used. */
function illumosLimit(dynvarsize: number, size: number): number {
  const bytes = Math.max(dynvarsize, size + BUCKET)
  const buckets = Math.floor(bytes / (size + BUCKET))
  const even = buckets === 1 ? 1 : buckets - (buckets % 2)
  return Math.max(1, Math.ceil((bytes - even * BUCKET) / size) - 1)
}

/** The variable's number, its keys one after the other, and the thread's. */
function linuxTuple({ keys = [] }: Variable, { strsize }: SizeOptions): number {
  let end = 4
  for (const key of keys) {
    const size = held(key, strsize + 1)
    end = (key.kind === 'int' ? roundUp(end, size) : end) + size
  }
  return end + 8
}

const roundUp = (n: number, to: number): number => Math.ceil(n / to) * to
