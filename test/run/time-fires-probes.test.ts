// Virtual time: timestamps, tick- and profile- probes between the firings of a stream.
import { describe, expect, it } from 'vitest'
import { runProgram, runProgramAsync } from '../../src/dtrace/run/run.js'
import type { Clock } from '../../src/machine/clock.js'
import { nanosecondClock } from '../../src/machine/clock.js'
import { d, ENGINES, machineOf, type Row, rowFirer, runD, testCatalog, traced } from './build.js'

const A = (ticks: number): Row => ({ ticks, probe: 100 })
/** Probe a, so many milliseconds after the start. */
const AT = (ms: number): Row => A(ms * 1_000_000)
const MS = 1_000_000n
const CYCLES: Clock = { unit: 'cycles', hz: 2_600_000_000, zero: 10n ** 17n, source: 'x.xt' }
const NO_RATE: Clock = { unit: 'cycles', hz: undefined, zero: 0n, source: 'x.xt' }

describe.each(ENGINES)('%s', (engine) => {
  const run = (text: string, rows: readonly Row[], more: object = {}) =>
    runD(text, rows, { engine, ...more })

  it('ticks fire one period after the start, before an observation of the same time', () => {
    const text =
      'tick-10ms { trace("tick"); trace(timestamp); } a { trace("a"); trace(timestamp); }'
    expect(traced(run(text, [AT(3), AT(10), AT(11), AT(35)]))).toEqual([
      ['a', 3n * MS],
      ['tick', 10n * MS],
      ['a', 10n * MS],
      ['a', 11n * MS],
      ['tick', 20n * MS],
      ['tick', 30n * MS],
      ['a', 35n * MS],
    ])
  })

  it('the batches a stream comes in do not matter', () => {
    const text = 'tick-7ms { trace(timestamp); } a { trace(-1); } END { trace(timestamp); }'
    const rows = Array.from({ length: 40 }, (_, i) => AT(i * 3))
    const whole = traced(run(text, rows, { batch: 100 }))
    expect(traced(run(text, rows, { batch: 1 }))).toEqual(whole)
    expect(traced(run(text, rows, { batch: 7 }))).toEqual(whole)
    expect(whole.filter(([t]) => t !== -1n)).toHaveLength(Math.floor(117 / 7) + 1)
  })

  it('of two ticks due at once the lower id comes first', () => {
    const text = 'tick-20ms { trace(20); } tick-10ms { trace(10); }'
    // tick-20ms was made first, so its id is lower.
    expect(traced(run(text, [AT(25)]))).toEqual([[10n], [20n], [10n]])
  })

  it('cycles become nanoseconds without rounding errors that add up', () => {
    const text = 'tick-1s { trace(timestamp); } END { trace(timestamp); }'
    const rows = [A(0), A(2_600_000_000 * 3600)]
    const times = traced(run(text, rows, { clock: CYCLES })).map(([t]) => t)
    expect(times).toHaveLength(3601)
    expect(times[0]).toBe(1_000_000_000n)
    expect(times[3599]).toBe(3_600_000_000_000n)
  })

  it('profile fires on each pcpu with what runs there, tick on cpu 0', () => {
    const contexts = [
      { pcpu: 1, domid: 0, vcpu: 2 },
      { pcpu: 3, domid: 5, vcpu: 0 },
    ]
    const text =
      'profile-10ms { trace(cpu); trace(domid); trace(vcpuid); } tick-15ms { trace(cpu); }'
    expect(traced(run(text, [AT(19)], { contexts }))).toEqual([[1n, 0n, 2n], [3n, 5n, 0n], [0n]])
  })

  it('exit() ends time: END fires at the firing that called it', () => {
    const text = 'a /timestamp > 3000000/ { exit(0); } END { trace(timestamp); }'
    expect(traced(run(text, [AT(3), AT(4), AT(5), AT(100)]))).toEqual([[], [4n * MS]])
  })

  it('exit() from a tick ends the run', () => {
    const out = run('tick-10ms { exit(2); } a { trace(1); } END { trace(timestamp); }', [
      AT(3),
      AT(100),
    ])
    expect(traced(out)).toEqual([[1n], [], [10n * MS]])
    expect(out.result.status).toBe(2)
  })

  it('walltimestamp adds the absolute start; the TSC is that of the record', () => {
    const clock = nanosecondClock('x', 1_700_000_000_000_000_000n)
    const text = 'a { trace(walltimestamp); trace(timestamp); trace(`xdt_timestamp); }'
    expect(traced(run(text, [A(5)], { clock }))).toEqual([
      [1_700_000_000_000_000_005n, 5n, 1_700_000_000_000_000_005n],
    ])
  })

  it('without a clock rate only a program that needs nanoseconds is refused', () => {
    const out = run('a { @ = count(); } a { trace(1); }', [A(5)], { clock: NO_RATE })
    expect(out.records).toMatchObject([{ kind: 'firing', timeNs: undefined }])
    for (const text of ['a { trace(timestamp); }', 'tick-1s { }', 'profile-97 { }']) {
      expect(() => run(text, [A(5)], { clock: NO_RATE })).toThrowError(/x.xt counts cycles/)
    }
  })
})

it('an empty stream still has BEGIN and END', () => {
  expect(traced(runD('BEGIN { trace(1); } END { trace(2); }', []))).toEqual([[1n], [2n]])
})

it('a program of BEGIN and END reads nothing', () => {
  const rows = [A(5)]
  let asked = 0
  const machine = machineOf(rows)
  const catalog = testCatalog()
  const counted = {
    ...machine,
    observe: () => {
      const stream = machine.observe()
      const next = () => {
        asked++
        return stream.next()
      }
      return { ...stream, next }
    },
  }
  const createFirer = () => rowFirer()
  runProgram(d('BEGIN { trace(1); } END { trace(2); }', catalog), counted, catalog, { createFirer })
  expect(asked).toBe(0)
  runProgram(d('END { trace(timestamp); }', catalog), counted, catalog, { createFirer })
  expect(asked).toBe(2)
})

it('an interrupt ends the run, END included', async () => {
  const catalog = testCatalog()
  const rows = Array.from({ length: 100 }, (_, i) => AT(i * 2000))
  const program = d('tick-200us { @ = count(); } END { trace(5); }', catalog)
  let pauses = 0
  const records: unknown[] = []
  const result = await runProgramAsync(program, machineOf(rows), catalog, {
    createFirer: () => rowFirer(),
    sink: (record) => records.push(record),
    shouldStop: () => pauses >= 3,
    pause: async () => {
      pauses++
    },
  })
  expect(result.interrupted).toBe(true)
  expect(pauses).toBe(3)
  expect(records).toHaveLength(1)
  const count = result.aggregations[0]?.groups[0]?.state
  expect(count).toMatchObject({ kind: 'count' })
})
