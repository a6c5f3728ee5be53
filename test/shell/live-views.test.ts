// Views while a cell runs: shown below its output, gone before anything else is written.
import { performance } from 'node:perf_hooks'
import { Writable } from 'node:stream'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Traces } from '../../src/session/traces.js'
import { LiveViews } from '../../src/shell/live-views.js'
import { Screen } from './editor/screen.js'

let screen: Screen
let output: Writable
let views: LiveViews
let nowMs = 0
const traces = new Traces()

/** Time passes, in steps of a timer. */
function pass(ms: number): void {
  for (const until = nowMs + ms; nowMs < until; ) {
    nowMs += 50
    vi.advanceTimersByTime(50)
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
  screen = new Screen(40, 20)
  output = new Writable({
    write: (chunk, _, done) => {
      screen.write(String(chunk))
      done()
    },
  })
  const window = Object.assign(output, { rows: 20, columns: 40 })
  views = new LiveViews({ traces, output: window, colour: false, onChange: () => {} })
})
afterEach(() => {
  views.close()
  traces.soFar = undefined
  vi.useRealTimers()
  vi.restoreAllMocks()
})

it('what was counted so far stands below the output, after a moment, and moves', () => {
  let count = 0
  traces.soFar = () => {
    count += 1
    return `\n  hypercall  ${count}\n\n`
  }
  const end = views.whileRunning()
  pass(400)
  expect(screen.lines.join('\n')).not.toContain('so far')
  pass(600)
  expect(screen.lines.slice(1, 4).join('')).toMatch(/^so far:hypercall {2}[12]$/)
  pass(1000)
  expect(screen.lines.slice(1, 4).join('')).toMatch(/^so far:hypercall {2}[3-9]$/)
  end()
  expect(screen.lines.join('').trim()).toBe('')
})

it('what a cell prints takes it away first', () => {
  traces.soFar = () => 'on-cpu  7'
  const end = views.whileRunning()
  pass(1000)
  output.write('printed\r\n')
  expect(screen.lines.filter((line) => line !== '')).toEqual(['printed'])
  end()
})

it('more than half of the window is not taken, and what is left out is counted', () => {
  traces.soFar = () => Array.from({ length: 30 }, (_, i) => `line ${i}`).join('\n')
  const end = views.whileRunning()
  pass(1000)
  const shown = screen.lines.filter((line) => line !== '')
  expect(shown).toHaveLength(10)
  expect(shown.slice(-2)).toEqual(['line 29', '... 22 more above'])
  end()
})
