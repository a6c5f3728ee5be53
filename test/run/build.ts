// Small constructors for programs and streams, so that a test reads as the D text it stands for.

import type {
  AggregatingFunction,
  AggregationDecl,
  GroupState,
  KeyType,
} from '../../src/dtrace/aggregate/aggregation.js'
import { compile } from '../../src/dtrace/d/compile.js'
import { ProbeCatalog } from '../../src/dtrace/probe/catalog.js'
import type { ProbeDescription, ProbeId } from '../../src/dtrace/probe/description.js'
import {
  allocateFirings,
  type Firer,
  type PcpuContext,
  vcpuThread,
} from '../../src/dtrace/probe/firing.js'
import { parsePattern } from '../../src/dtrace/probe/pattern.js'
import type {
  Clause,
  Expr,
  Program,
  Statement,
  Variable,
} from '../../src/dtrace/program/program.js'
import type { OutputRecord, RunResult, TypedValue } from '../../src/dtrace/program/record.js'
import {
  type DType,
  INT,
  INT64,
  integerType,
  STRING,
  UINT64,
} from '../../src/dtrace/program/types.js'
import { type RunOptions, runProgram } from '../../src/dtrace/run/run.js'
import type { Clock } from '../../src/machine/clock.js'
import { nanosecondClock } from '../../src/machine/clock.js'
import type { Machine } from '../../src/machine/machine.js'
import { unknown } from '../../src/machine/obs.js'
import {
  allocateBatch,
  noLoss,
  type ObservationBatch,
  type ObservationStream,
} from '../../src/machine/observation.js'

export const CHAR = integerType('char', 1, true)
export const UCHAR = integerType('unsigned char', 1, false)
export const SHORT = integerType('short', 2, true)
export const USHORT = integerType('unsigned short', 2, false)

// ---- probes

const test = (id: number, name: string): ProbeDescription => {
  return { id: id as ProbeId, provider: 'test', module: 'm', function: 'f', name, args: [] }
}

/** A catalog of three probes of our own, ids 100 to 102, beside dtrace's and profile's. */
export function testCatalog(): ProbeCatalog {
  return new ProbeCatalog([[test(100, 'a'), test(101, 'b'), test(102, 'c')]])
}

/** Probes of a catalog by pattern; fails the test when there are none. */
export function probes(catalog: ProbeCatalog, ...patterns: string[]): ProbeDescription[] {
  return patterns.flatMap((text) => {
    const pattern = parsePattern(text)
    const found = pattern === 'overspecified' ? [] : catalog.match(pattern)
    if (found.length === 0) throw new Error(`no probe matches ${text}`)
    return [...found]
  })
}

// ---- expressions

export const int = (value: bigint | number, type: DType = INT): Expr => {
  return { kind: 'int', value: BigInt(value), type }
}
export const str = (value: string): Expr => ({ kind: 'string', value, type: STRING })
export const arg = (index: number, type: DType = INT64): Expr => ({ kind: 'arg', index, type })
export const cast = (type: DType, operand: Expr): Expr => ({ kind: 'cast', operand, type })
export const builtin = (
  name: Extract<Expr, { kind: 'builtin' }>['name'],
  type: DType = INT,
): Expr => ({ kind: 'builtin', name, type })
export const timestamp = builtin('timestamp', UINT64)
export const execname = builtin('execname', STRING)
export const probename = builtin('probename', STRING)

type Arithmetic = Extract<Expr, { kind: 'arithmetic' }>['op']
type Compare = Extract<Expr, { kind: 'compare' }>['op']

/** `left op right` in the type of `left`. */
export const math = (left: Expr, op: Arithmetic, right: Expr): Expr => {
  return { kind: 'arithmetic', op, left, right, type: left.type }
}
export const compare = (left: Expr, op: Compare, right: Expr, signed = true): Expr => {
  return { kind: 'compare', op, signed, left, right, type: INT }
}
export const read = (v: Variable, ...keys: Expr[]): Extract<Expr, { kind: 'variable' }> => {
  return { kind: 'variable', variable: v.id, keys, type: v.type }
}
export const assign = (v: Variable, value: Expr, ...keys: Expr[]): Expr => {
  return { kind: 'assign', target: read(v, ...keys), value, type: v.type }
}
export const update = (v: Variable, op: Arithmetic, value: Expr, ...keys: Expr[]): Expr => {
  return { kind: 'update', op, target: read(v, ...keys), value, type: v.type, yields: 'new' }
}
export const call = (name: string, type: DType, ...args: Expr[]): Expr => {
  return { kind: 'call', name, args, type }
}

// ---- statements

export const expr = (e: Expr): Statement => ({ kind: 'expr', expr: e })
export const trace = (value: Expr): Statement => ({ kind: 'trace', value })
export const exit = (status: number): Statement => ({ kind: 'exit', status: int(status) })
export const agg = (decl: AggregationDecl, keys: Expr[] = [], value?: Expr): Statement => {
  return value === undefined
    ? { kind: 'aggregate', aggregation: decl.id, keys }
    : { kind: 'aggregate', aggregation: decl.id, keys, value }
}

// ---- programs

export const INT64_KEY: KeyType = { kind: 'int', bytes: 8, signed: true }
export const INT_KEY: KeyType = { kind: 'int', bytes: 4, signed: true }
export const STRING_KEY: KeyType = { kind: 'string' }

export function decl(
  id: number,
  f: AggregatingFunction,
  keys: readonly KeyType[] = [],
): AggregationDecl {
  return { id, name: `a${id}`, keys, function: f }
}

export function variable(
  id: number,
  scope: Variable['scope'],
  type: DType = INT64,
  keys?: readonly DType[],
): Variable {
  return { id, scope, name: `v${id}`, type, ...(keys === undefined ? {} : { keys }) }
}

export function program(
  clauses: readonly Clause[],
  parts: {
    variables?: readonly Variable[]
    aggregations?: readonly AggregationDecl[]
    options?: ReadonlyMap<string, string>
  } = {},
): Program {
  return {
    clauses,
    variables: parts.variables ?? [],
    aggregations: parts.aggregations ?? [],
    options: parts.options ?? new Map(),
  }
}

// ---- streams

/** One firing to come: an argument that is undefined was not recorded. */
export interface Row {
  readonly ticks: number
  readonly probe: number
  readonly pcpu?: number
  readonly domid?: number
  readonly vcpu?: number
  readonly execname?: string
  readonly args?: readonly (bigint | number | undefined)[]
}

const ARGS_AT = 2

/** Batches of rows: code is the probe's id; words are execname, unknown mask, ten argument
 *  pairs. */
export function* batches(rows: readonly Row[], size: number, strings: string[]) {
  for (let from = 0; from < rows.length; from += size) {
    const part = rows.slice(from, from + size)
    const batch = allocateBatch(part.length)
    batch.length = part.length
    batch.words = new Uint32Array(part.length * (ARGS_AT + 20))
    part.forEach((row, i) => {
      fillRow(batch, i, row, strings)
    })
    yield batch
  }
}

function fillRow(batch: ObservationBatch, i: number, row: Row, strings: string[]): void {
  batch.ticks[i] = row.ticks
  batch.code[i] = row.probe
  batch.pcpu[i] = row.pcpu ?? 0
  batch.domid[i] = row.domid ?? 0
  batch.vcpu[i] = row.vcpu ?? 0
  batch.at[i] = i * (ARGS_AT + 20)
  const name = row.execname ?? ''
  if (!strings.includes(name)) strings.push(name)
  const words = batch.words.subarray(i * (ARGS_AT + 20))
  words[0] = strings.indexOf(name)
  row.args?.forEach((value, n) => {
    if (value === undefined) words[1] = (words[1] ?? 0) | (1 << n)
    const register = BigInt.asUintN(64, BigInt(value ?? 0))
    words[ARGS_AT + 2 * n] = Number(register & 0xffff_ffffn)
    words[ARGS_AT + 2 * n + 1] = Number(register >> 32n)
  })
}

/** A firer for such batches. `contexts` are those that profile- sees. */
export function rowFirer(contexts: readonly PcpuContext[] = []): Firer {
  return {
    wants: () => true,
    contexts: () => contexts,
    fire(batch, strings) {
      const out = allocateFirings(batch.length)
      out.length = batch.length
      out.strings = strings
      for (let i = 0; i < batch.length; i++) {
        const at = batch.at[i] ?? 0
        out.probe[i] = batch.code[i] ?? 0
        out.ticks[i] = batch.ticks[i] ?? 0
        out.pcpu[i] = batch.pcpu[i] ?? 0
        out.cpu[i] = batch.pcpu[i] ?? 0
        out.domid[i] = batch.domid[i] ?? 0
        out.vcpu[i] = batch.vcpu[i] ?? 0
        out.tid[i] = vcpuThread(batch.domid[i] ?? 0, batch.vcpu[i] ?? 0)
        out.pid[i] = 1000 + (batch.vcpu[i] ?? 0)
        out.execname[i] = batch.words[at] ?? 0
        out.unknown[i] = batch.words[at + 1] ?? 0
        for (let n = 0; n < 10; n++) {
          const words = out.argWords[n]
          if (words === undefined) continue
          words[2 * i] = batch.words[at + ARGS_AT + 2 * n] ?? 0
          words[2 * i + 1] = batch.words[at + ARGS_AT + 2 * n + 1] ?? 0
        }
      }
      return out
    },
  }
}

/** A machine that shows some rows, as often as asked. */
export function machineOf(
  rows: readonly Row[],
  options: { clock?: Clock; batch?: number; onObserve?: () => void } = {},
): Machine {
  const absent = unknown('a test')
  return {
    spec: 'test',
    backend: 'replay',
    capabilities: new Set(['observe']),
    snapshot: () => ({
      title: 'test',
      xenVersion: absent,
      clockHz: absent,
      pcpus: absent,
      inputs: [],
    }),
    observe(): ObservationStream {
      options.onObserve?.()
      const strings = ['']
      const source = batches(rows, options.batch ?? 4, strings)
      return {
        clock: options.clock ?? nanosecondClock('test'),
        strings,
        loss: noLoss(),
        next: () => source.next().value ?? undefined,
        close: () => {},
      }
    },
    close: () => {},
  }
}

export interface Outcome {
  readonly records: readonly OutputRecord[]
  readonly result: RunResult
}

/** Runs a program over rows with one engine. */
export function runOn(
  p: Program,
  rows: readonly Row[],
  options: RunOptions & {
    clock?: Clock
    batch?: number
    catalog?: ProbeCatalog
    contexts?: readonly PcpuContext[]
  } = {},
): Outcome {
  const records: OutputRecord[] = []
  const result = runProgram(p, machineOf(rows, options), options.catalog ?? testCatalog(), {
    createFirer: () => rowFirer(options.contexts),
    sink: (record) => records.push(record),
    ...options,
  })
  return { records, result }
}

/** What trace() and printf() recorded, firing by firing. */
export function traced({ records }: Outcome): TypedValue['value'][][] {
  return records
    .filter((r) => r.kind === 'firing')
    .map((r) =>
      r.items.flatMap((item) => {
        if (item.kind === 'trace') return [item.value.value]
        return item.kind === 'printf' ? item.args.map((v) => v.value) : []
      }),
    )
}

export const ENGINES = ['generated', 'interpreter'] as const

/** Compiles D text; fails the test on a mistake in it. */
export function d(text: string, catalog: ProbeCatalog): Program {
  const compilation = compile([{ part: 'script', text }], { catalog })
  if (compilation.kind === 'ok') return compilation.program
  throw new Error(compilation.diagnostics.map((diagnostic) => diagnostic.message).join('; '))
}

/** Runs D text over rows with one engine. */
export function runD(
  text: string,
  rows: readonly Row[],
  options: Parameters<typeof runOn>[2] = {},
): Outcome {
  const catalog = testCatalog()
  return runOn(d(text, catalog), rows, { catalog, ...options })
}

/** The groups of an aggregation as `key -> state`, keys joined by a blank. */
export function groupsOf({ result }: Outcome, id = 0): Record<string, GroupState> {
  const groups = result.aggregations[id]?.groups ?? []
  return Object.fromEntries(groups.map(({ key, state }) => [key.join(' '), state]))
}
