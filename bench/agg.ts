// What a firing costs: generated code against the interpreter, and aggregations by kind of key.
//
// Aim: generated at least 10x the interpreter on the two programs of 10,000 keys. Read the ratios.

import { prng } from '../src/base/prng.js'
import { compile } from '../src/dtrace/d/compile.js'
import { ProbeCatalog } from '../src/dtrace/probe/catalog.js'
import type { ProbeDescription, ProbeId } from '../src/dtrace/probe/description.js'
import { allocateFirings, type FiringBatch } from '../src/dtrace/probe/firing.js'
import type { Program } from '../src/dtrace/program/program.js'
import { enableProgram } from '../src/dtrace/run/enabling.js'
import type { Effects, Engine, EngineParts } from '../src/dtrace/run/engine.js'
import { generateEngine } from '../src/dtrace/run/generate.js'
import { Interpreter } from '../src/dtrace/run/interpret-clause.js'
import { limitsOf } from '../src/dtrace/run/options.js'
import { nanosecondClock } from '../src/machine/clock.js'

const ROWS = 2 ** 16
const PROBES = 10_000
const FIRST = 100

const CATALOG = new ProbeCatalog([
  Array.from({ length: PROBES }, (_, i): ProbeDescription => {
    const id = (FIRST + i) as ProbeId
    return { id, provider: 'bench', module: '', function: '', name: `fire${i}`, args: [] }
  }),
])

interface Case {
  readonly body: string
  /** One probe fires, or all of them in turn. */
  readonly probes: 'one' | 'all'
}

const CASES: readonly Case[] = [
  { body: '@[execname, arg1] = sum(arg2)', probes: 'one' },
  { body: 'this->dt = arg2; @[probename] = quantize(this->dt)', probes: 'all' },
  { body: '@ = count()', probes: 'one' },
  { body: '@[arg1] = count()', probes: 'one' },
  { body: '@[execname] = count()', probes: 'one' },
  { body: '@[arg1] = quantize(arg2)', probes: 'one' },
  { body: '@[arg1] = llquantize(arg2, 10, 0, 9, 10)', probes: 'one' },
  { body: '@[arg1] = stddev(arg2)', probes: 'one' },
  { body: '@[arg1] = quantile(arg2, 50, 99)', probes: 'one' },
  { body: '@ = series(sum(arg2), "1ms")', probes: 'one' },
  { body: '@ = heatmap(arg2, "1ms")', probes: 'one' },
  { body: '@ = quantize(timestamp - self->last); self->last = timestamp', probes: 'one' },
]

function programOf({ body, probes }: Case): Program {
  const declared = body.includes('self->last') ? 'self uint64_t last; ' : ''
  const text = `${declared}bench:::fire${probes === 'one' ? '0' : '*'} { ${body}; }`
  const compiled = compile([{ part: 'script', text }], { catalog: CATALOG })
  if (compiled.kind === 'ok') return compiled.program
  throw new Error(compiled.diagnostics.map((d) => d.message).join('; '))
}

function fillBatch(wide: boolean, probes: Case['probes']): FiringBatch {
  const next = prng(1)
  const batch = allocateFirings(ROWS)
  batch.length = ROWS
  batch.strings = ['', ...Array.from({ length: 99 }, (_, i) => `process${i}`)]
  for (let i = 0; i < ROWS; i++) {
    batch.probe[i] = FIRST + (probes === 'one' ? 0 : next() % PROBES)
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

const NO_EFFECTS: Effects = {
  stopped: false,
  asks: false,
  admits: () => true,
  record: () => {},
  fault: () => {},
  exit: () => {},
  speculation: () => 0,
  speculate: () => true,
  overflow: () => {},
  commit: () => {},
  discard: () => {},
}

function engineOf(program: Program, make: (parts: EngineParts) => Engine): Engine {
  return make({
    program,
    ecbs: enableProgram(program),
    effects: NO_EFFECTS,
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

/** The interpreter, on fewer firings: whatever makes an aggregation large costs it more. */
function measureSlow(engine: Engine, batch: FiringBatch): number {
  const part = { ...batch, length: Math.min(batch.length, SLOW_ROWS) }
  return measure(engine, part, 1)
}

const SLOW_ROWS = 2 ** 13

/** Prints what each program costs, for small and for wide arguments. */
export async function benchAgg(): Promise<void> {
  for (const wide of [false, true]) compareEngines(wide)
}

function compareEngines(wide: boolean): void {
  const batches = { one: fillBatch(wide, 'one'), all: fillBatch(wide, 'all') }
  const print = (line: string): void => void process.stdout.write(`${line}\n`)
  const keys = '100 execnames, 100 values of arg1, or 10,000 probes'
  print(wide ? '\narg2 over all 64 bits' : `\narg2 within 32 bits; ${keys}`)
  print(`  ${'program'.padEnd(62)}${'generated'.padStart(10)}${'interpreter'.padStart(12)}   ratio`)
  for (const one of CASES) {
    const program = programOf(one)
    const batch = batches[one.probes]
    const fast = measure(engineOf(program, generateEngine), batch, 10)
    const slow = measureSlow(
      engineOf(program, (parts) => new Interpreter(parts)),
      batch,
    )
    const numbers = `${fast.toFixed(1).padStart(8)}ns${slow.toFixed(0).padStart(10)}ns`
    print(`  ${one.body.padEnd(62)}${numbers}${(slow / fast).toFixed(0).padStart(7)}x`)
  }
}
