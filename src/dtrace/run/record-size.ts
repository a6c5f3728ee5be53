// How many bytes a clause's record takes in a buffer: what bufsize and specsize are measured by.
//
//   trace(x); printf("%d %s", y, z)  ->  head | x | y | z       each at a multiple of its size
//
// Holds: nothing is laid out so here; DTrace does, and drops by it.
// Source: illumos dtrace.c (dtrace_ecb_action_add, dtrace_ecb_resize); DTrace for Linux dt_cg.c
// (dt_cg_store_val, dt_rec_add).
import type { AggregationDecl } from '../aggregate/aggregation.js'
import { bucketCount } from '../aggregate/buckets.js'
import { sizeOf } from '../program/layout.js'
import type { Clause, Expr, Program, Statement } from '../program/program.js'
import type { DType } from '../program/types.js'
import { yieldsRow } from './walk.js'

/** What sizes depend on. */
export interface SizeOptions {
  readonly dialect: 'illumos' | 'linux'
  readonly strsize: number
}

/** Bytes of a record, and those that must be free for the clause to run: on illumos aggregations
 *  gather their key there too. */
export interface RecordSize {
  readonly stored: number
  readonly needed: number
}

const ILLUMOS_HEAD = 12
const LINUX_HEAD = 16

/** The record of a clause. Nothing is stored by one that yields no row. */
export function recordSize(clause: Clause, program: Program, options: SizeOptions): RecordSize {
  return options.dialect === 'linux'
    ? linuxSize(clause, clause.statements.length, options)
    : illumosSize(clause, program, options)
}

/** On Linux, the place of the statement whose data make a record too large for `most` bytes: there
 *  a clause that speculates ends. */
export function overflowAt(clause: Clause, most: number, options: SizeOptions): number | undefined {
  if (options.dialect !== 'linux') return undefined
  const from = clause.statements.findIndex((s) => s.kind === 'speculate')
  const at = clause.statements.findIndex(
    (s, i) =>
      i > from &&
      linuxFields(s, options).some(({ size }) => size > 0) &&
      linuxSize(clause, i + 1, options).needed > most,
  )
  return from < 0 || at < 0 ? undefined : at
}

interface Field {
  readonly size: number
  readonly align: number
}

function linuxSize(clause: Clause, statements: number, options: SizeOptions): RecordSize {
  let end = LINUX_HEAD
  for (const statement of clause.statements.slice(0, statements)) {
    for (const { size, align } of linuxFields(statement, options)) end = roundUp(end, align) + size
  }
  return yieldsRow(clause, 'linux') ? { stored: end, needed: end } : { stored: 0, needed: 0 }
}

function linuxFields(s: Statement, { strsize }: SizeOptions): readonly Field[] {
  const field = ({ type }: Expr): Field => {
    if (type.kind === 'string') return { size: strsize + 1, align: 1 }
    return type.kind === 'int' ? own(type.bytes) : { size: sizeOf(type), align: 2 }
  }
  switch (s.kind) {
    case 'tracemem':
      return [{ size: s.size, align: 1 }, ...(s.shown === undefined ? [] : [field(s.shown)])]
    case 'print':
      return [own(8), { size: pointee(s.value.type), align: 8 }]
    case 'printa':
      return s.aggregations.map(() => own(4))
    case 'clear':
    case 'denormalize':
      return [own(4)]
    case 'trunc':
      return [own(4), s.count === undefined ? own(4) : field(s.count)]
    case 'normalize':
      return [own(4), field(s.factor)]
    case 'setopt':
      return [field(s.option), s.value === undefined ? own(4) : field(s.value)]
    case 'commit':
    case 'discard':
      return [own(4)]
    case 'stack':
      return [{ size: 8 * frames(s) + (s.which === 'stack' ? 0 : 8), align: 8 }]
    default:
      return recorded(s).map(field)
  }
}

const own = (size: number): Field => ({ size, align: size })

function illumosSize(clause: Clause, program: Program, options: SizeOptions): RecordSize {
  let stored = ILLUMOS_HEAD
  let needed = 0
  for (const s of clause.statements) {
    const sizes = illumosFields(s, options)
    if (s.kind === 'aggregate') {
      const decl = program.aggregations[s.aggregation]
      const key = [8, ...sizes, decl === undefined ? 8 : stateBytes(decl)]
      needed = Math.max(needed, place(key, roundUp(stored + 4, 8) - 4))
    } else {
      stored = place(sizes, stored)
      if (sizes.length > 0) needed = Math.max(needed, stored)
    }
  }
  const empty = !yieldsRow(clause, 'illumos')
  return { stored: empty ? 0 : roundUp(stored, 4), needed: roundUp(needed, 4) }
}

function place(sizes: readonly number[], from: number): number {
  return sizes.reduce((end, size) => roundUp(end, largestAlign(size)) + size, from)
}

/** The largest power of 2, 8 at most, that divides a size. */
const largestAlign = (size: number): number => [8, 4, 2].find((n) => size % n === 0) ?? 1

function illumosFields(s: Statement, { strsize }: SizeOptions): readonly number[] {
  const size = ({ type }: Expr): number => (type.kind === 'string' ? strsize : sizeOf(type))
  switch (s.kind) {
    case 'aggregate':
      return s.keys.map(size)
    case 'printf':
    case 'system':
    case 'freopen':
      return s.args.length === 0 ? [8] : s.args.map(size)
    case 'tracemem':
      return s.shown === undefined ? [s.size] : [8, s.size]
    case 'printa':
      return s.aggregations.map(() => 8)
    case 'clear':
    case 'denormalize':
    case 'ftruncate':
      return [8]
    case 'trunc':
      return [8, s.count === undefined ? 8 : size(s.count)]
    case 'normalize':
      return [8, size(s.factor)]
    case 'setopt':
      return [size(s.option), s.value === undefined ? 8 : size(s.value)]
    case 'stack':
      return [8 * (frames(s) + (s.which === 'stack' ? 0 : 1))]
    default:
      return recorded(s).map(size)
  }
}

/** Values that lie in a record as they are. */
function recorded(s: Statement): readonly Expr[] {
  switch (s.kind) {
    case 'trace':
    case 'print':
      return [s.value]
    case 'printf':
    case 'system':
    case 'freopen':
      return s.args
    case 'exit':
      return [s.status]
    default:
      return []
  }
}

const DEFAULT_FRAMES = { stack: 20, ustack: 20, jstack: 50 }

function frames({ which, frames }: Statement & { kind: 'stack' }): number {
  return frames?.kind === 'int' ? Number(frames.value) : DEFAULT_FRAMES[which]
}

function pointee(type: DType): number {
  return type.kind === 'int' && type.pointee !== undefined ? sizeOf(type.pointee) : sizeOf(type)
}

function stateBytes({ function: f }: AggregationDecl): number {
  const numbers = { count: 1, sum: 1, min: 1, max: 1, avg: 2, stddev: 4 }
  return 8 * (numbers[f.kind as keyof typeof numbers] ?? Math.max(1, bucketCount(f)))
}

/** Bytes of one group of an aggregation: its name, its key, its state. */
export function groupBytes(decl: AggregationDecl, strsize: number): number {
  const sizes = decl.keys.map((k) =>
    k.kind === 'string' ? strsize : k.kind === 'int' ? k.bytes : k.size,
  )
  return place([8, ...sizes, stateBytes(decl)], 0)
}

const roundUp = (n: number, to: number): number => Math.ceil(n / to) * to
