// What a command writes that is longer than the window is kept back for the pager, in its order.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { HeldOutput } from '../../src/shell/held-output.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const isLong = (text: string): boolean => text.length > 5

function terminal() {
  const seen: string[] = []
  return { seen, output: new HeldOutput((text) => seen.push(text)) }
}

it('from the first long text on all is kept, and its last line ended', () => {
  const { seen, output } = terminal()
  const release = output.hold(isLong)
  for (const text of ['ab\n', 'long text\n', 'cd']) output.write(text)
  expect(seen).toEqual(['ab\n'])
  expect(release()).toBe('long text\ncd\n')
  output.write('long again\n')
  expect(seen).toEqual(['ab\n', 'long again\n'])
})

it('of a command that goes on it is written soon, and the rest at once', () => {
  const { seen, output } = terminal()
  const release = output.hold(isLong)
  output.write('long text\n')
  vi.advanceTimersByTime(1000)
  output.write('long again\n')
  expect(seen).toEqual(['long text\n', 'long again\n'])
  expect(release()).toBe('')
})

it('a text that was taken does not come again when its time is over', () => {
  const { seen, output } = terminal()
  const release = output.hold(isLong)
  output.write('long text\n')
  expect(release()).toBe('long text\n')
  const next = output.hold(isLong)
  output.write('of the next\n')
  vi.advanceTimersByTime(100)
  expect(next()).toBe('of the next\n')
  vi.advanceTimersByTime(1000)
  expect(seen).toEqual([])
})
