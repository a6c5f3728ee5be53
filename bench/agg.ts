// What a firing costs: generated code against the interpreter, and aggregations by kind of key.
//
// Aim: generated at least 10x the interpreter on @[execname, arg1] = sum(arg2). Read the ratios.

import { prng } from '../src/base/prng.js'
import type {
  AggregatingFunction,
  AggregationDecl,
  KeyType,
} from '../src/dtrace/aggregate/aggregation.js'
import type { ProbeDescription, ProbeId } from '../src/dtrace/probe/description.js'
import { allocateFirings, type FiringBatch } from '../src/dtrace/probe/firing.js'
import type { Expr, Program, Statement } from '../src/dtrace/program/program.js'
import { INT64, STRING, UINT64 } from '../src/dtrace/program/types.js'
import { enableProgram } from '../src/dtrace/run/enabling.js'
import type { Engine } from '../src/dtrace/run/engine.js'
import { generateEngine } from '../src/dtrace/run/generate.js'
import { Interpreter } from '../src/dtrace/run/interpret-clause.js'
import { limitsOf } from '../src/dtrace/run/options.js'
import { nanosecondClock } from '../src/machine/clock.js'

const ROWS = 8192
const PROBE: ProbeDescription = {
  id: 100 as ProbeId,
  provider: 'bench',
  module: '',
  function: '',
  name: 'fire',
  args: [],
}
const INT64_KEY: KeyType = { kind: 'int', bytes: 8, signed: true }
const STRING_KEY: KeyType = { kind: 'string' }

const arg = (index: number): Expr => ({ kind: 'arg', index, type: INT64 })
const execname: Expr = { kind: 'builtin', name: 'execname', type: STRING }
const timestamp: Expr = { kind: 'builtin', name: 'timestamp', type: UINT64 }

interface Case {
  readonly name: string
  readonly program: Program
}

function oneAggregation(
  name: string,
  f: AggregatingFunction,
  keys: readonly (readonly [KeyType, Expr])[],
  more: { value?: Expr; before?: Statement[]; variables?: Program['variables'] } = {},
): Case {
  const decl: AggregationDecl = { id: 0, name: '_', keys: keys.map(([type]) => type), function: f }
  const aggregate: Statement = {
    kind: 'aggregate',
    aggregation: 0,
    keys: keys.map(([, e]) => e),
    ...(more.value === undefined ? {} : { value: more.value }),
  }
  const statements = [aggregate, ...(more.before ?? [])]
  return {
    name,
    program: {
      clauses: [{ probes: [PROBE], statements }],
      variables: more.variables ?? [],
      aggregations: [decl],
      options: new Map(),
    },
  }
}

const LAST = { id: 0, scope: 'self', name: 'last', type: UINT64 } as const
const last = { kind: 'variable', variable: 0, keys: [], type: UINT64 } as const

const CASES: readonly Case[] = [
  oneAggregation('@ = count()', { kind: 'count' }, []),
  oneAggregation('@[arg1] = count()', { kind: 'count' }, [[INT64_KEY, arg(1)]]),
  oneAggregation('@[execname] = count()', { kind: 'count' }, [[STRING_KEY, execname]]),
  oneAggregation(
    '@[execname, arg1] = sum(arg2)',
    { kind: 'sum' },
    [
      [STRING_KEY, execname],
      [INT64_KEY, arg(1)],
    ],
    { value: arg(2) },
  ),
  oneAggregation('@[arg1] = quantize(arg2)', { kind: 'quantize' }, [[INT64_KEY, arg(1)]], {
    value: arg(2),
  }),
  oneAggregation('@[arg1] = stddev(arg2)', { kind: 'stddev' }, [[INT64_KEY, arg(1)]], {
    value: arg(2),
  }),
  oneAggregation('@ = quantize(timestamp - self->last)', { kind: 'quantize' }, [], {
    value: { kind: 'arithmetic', op: '-', left: timestamp, right: last, type: UINT64 },
    before: [
      { kind: 'expr', expr: { kind: 'assign', target: last, value: timestamp, type: UINT64 } },
    ],
    variables: [LAST],
  }),
]

function fillBatch(wide: boolean): FiringBatch {
  const next = prng(1)
  const batch = allocateFirings(ROWS)
  batch.length = ROWS
  batch.strings = ['', ...Array.from({ length: 99 }, (_, i) => `process${i}`)]
  for (let i = 0; i < ROWS; i++) {
    batch.probe[i] = PROBE.id
    batch.ticks[i] = i * 1000
    batch.tid[i] = next() % 16
    batch.execname[i] = next() % 100
    const [, words1, words2] = batch.argWords
    if (words1 !== undefined) words1[2 * i] = next() % 100
    if (words2 !== undefined) words2[2 * i] = next()
    if (words2 !== undefined && wide) words2[2 * i + 1] = next()
  }
  return batch
}

function engineOf(program: Program, make: (parts: Parameters<typeof generateEngine>[0]) => Engine) {
  return make({
    program,
    ecbs: enableProgram(program),
    effects: { stopped: false, record: () => {}, fault: () => {}, exit: () => {} },
    limits: limitsOf(program, new Map()),
    clock: nanosecondClock('bench'),
    toNs: (ticks) => ticks,
  })
}

/** Nanoseconds a firing, the best of some rounds. */
function measure(engine: Engine, batch: FiringBatch, rounds: number): number {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 7; round++) {
    const start = process.hrtime.bigint()
    for (let i = 0; i < rounds; i++) engine.run(batch, 0, batch.length)
    const ns = Number(process.hrtime.bigint() - start) / (rounds * batch.length)
    if (round > 1) best = Math.min(best, ns)
  }
  return best
}

/** Prints what each program costs, for small and for wide arguments. */
export async function benchAgg(): Promise<void> {
  for (const wide of [false, true]) compareEngines(wide)
}

function compareEngines(wide: boolean): void {
  const batch = fillBatch(wide)
  const print = (line: string): void => void process.stdout.write(`${line}\n`)
  print(
    wide ? '\narg2 over all 64 bits' : '\narg2 within 32 bits; 100 execnames, 100 values of arg1',
  )
  print(`  ${'program'.padEnd(40)}${'generated'.padStart(10)}${'interpreter'.padStart(12)}   ratio`)
  for (const { name, program } of CASES) {
    const fast = measure(engineOf(program, generateEngine), batch, 100)
    const slow = measure(
      engineOf(program, (parts) => new Interpreter(parts)),
      batch,
      1,
    )
    const numbers = `${fast.toFixed(1).padStart(8)}ns${slow.toFixed(0).padStart(10)}ns`
    print(`  ${name.padEnd(40)}${numbers}${(slow / fast).toFixed(0).padStart(7)}x`)
  }
}
