// Programs that watch in the background: their numbers, their turns, their ends.
import { expect, it } from 'vitest'
import { type Trace, Traces } from '../../src/session/traces.js'

class FakeTrace implements Trace {
  readonly line: string
  readonly told: string[] = []
  isDone = false
  constructor(line: string) {
    this.line = line
  }
  catchUp(): void {
    this.told.push('caught up')
  }
  stop(): void {
    this.told.push('stopped')
  }
}

it('takes the least number that is free, and lists in order', () => {
  const traces = new Traces()
  const made = ['a', 'b', 'c'].map((line) => new FakeTrace(line))
  expect(made.map((trace) => traces.begin(trace))).toEqual([1, 2, 3])
  expect(traces.stop(2).map(({ number }) => number)).toEqual([2])
  expect(traces.begin(new FakeTrace('d'))).toBe(2)
  expect(traces.list()).toBe('[1]  a\n[2]  d\n[3]  c\n')
})

it('one that is done ends when all have caught up, at once when it is done at once', () => {
  const traces = new Traces()
  const [watching, done, brief] = ['a', 'b', 'c'].map((line) => new FakeTrace(line))
  if (!watching || !done || !brief) throw new Error()
  brief.isDone = true
  for (const trace of [watching, done, brief]) traces.begin(trace)
  done.isDone = true
  traces.catchUp()
  expect([watching.told, done.told, brief.told]).toEqual([
    ['caught up'],
    ['caught up', 'stopped'],
    ['stopped'],
  ])
  expect(traces.running.map(({ trace }) => trace.line)).toEqual(['a'])
})

it('one that fails ends, and does not keep the others from their turn', () => {
  const traces = new Traces()
  const failing = new FakeTrace('a')
  failing.catchUp = () => {
    throw new Error('no room')
  }
  const other = new FakeTrace('b')
  traces.begin(failing)
  traces.begin(other)
  expect(() => traces.catchUp()).toThrow('no room')
  expect([failing.told, other.told]).toEqual([['stopped'], ['caught up']])
  expect(traces.list()).toBe('[2]  b\n')
})

it('stop without a number ends all, with one that is not there none', () => {
  const traces = new Traces()
  for (const line of ['a', 'b']) traces.begin(new FakeTrace(line))
  expect(() => traces.stop(7)).toThrow('there is no [7]')
  expect(traces.stop()).toHaveLength(2)
  expect(traces.stop()).toEqual([])
})
