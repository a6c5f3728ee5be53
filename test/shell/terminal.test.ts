// The shell at a real pseudo-terminal: prompt, Ctrl-C in all its meanings, what is typed ahead,
// completion. Needs python3 for the terminal; without it these behaviours are tested nowhere else,
// and the test says so.
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { CTRL_C, line, onlyOnTerminals, PROMPT, ptyFor } from './pty.js'

const { state, run: runSteps, onTerminal } = ptyFor('shell')

onlyOnTerminals('greets, evaluates, leaves', () => {
  const { screen, status } = onTerminal(line('6 * 7'), { expect: '42' })
  expect(screen).toMatch(
    /^xpv: a machine for tests; help lists the commands\nxpv> 6 \* 7\n42\nxpv> /,
  )
  expect(status).toBe(0)
})

onlyOnTerminals('Ctrl-C ends a loop that never awaits, and bindings stay', () => {
  const { screen, matches } = onTerminal(
    ...[line('const kept = 41'), PROMPT, line('for (;;) {}'), { wait: 0.3 }, { send: CTRL_C }],
    ...[{ expect: 'interrupted' }, PROMPT, line('kept + 1'), { expect: '42' }],
  )
  expect(screen).toContain('for (;;) {}\ninterrupted; bindings are kept\nxpv> kept + 1\n42\n')
  expect(matches[2]).toBeLessThan(0.6)
})

onlyOnTerminals('Ctrl-C ends a wait', () => {
  const steps = [line('await sleep(60000)'), { wait: 0.2 }, { send: CTRL_C }]
  const { matches } = onTerminal(...steps, { expect: 'interrupted' })
  expect(matches[1]).toBeLessThan(0.4)
})

onlyOnTerminals('Ctrl-C clears a line and an unfinished cell; twice leaves', () => {
  const { screen } = onTerminal(
    ...[line('const x = {'), { expect: '...> ' }, { send: `y: 1${CTRL_C}` }, PROMPT],
    ...[line('typeof x'), { expect: "'undefined'" }, PROMPT, { send: CTRL_C }],
    { expect: 'Ctrl-C again' },
  )
  expect(screen).toContain("xpv> const x = {\n...> y: 1\nxpv> typeof x\n'undefined'\n")
  const left = runSteps(PROMPT, { send: CTRL_C }, { expect: 'again' }, { send: CTRL_C })
  expect(left).toMatchObject({ status: 0, problem: null })
})

onlyOnTerminals('what is typed while a cell runs comes after it', () => {
  const { screen } = onTerminal(
    ...[line('await sleep(300)'), { wait: 0.15 }, line('1 + 1'), { expect: '2\r\n' }],
  )
  expect(screen).toContain('xpv> 1 + 1\n2\n')
})

onlyOnTerminals('a pasted chain is one cell, a chained line goes on with the last value', () => {
  const { screen } = onTerminal(
    ...[{ send: '[3, 1, 2]\r  .sort()\r  .at(-1)\r' }, { expect: '3\r\n' }, PROMPT],
    ...[line('"a,b"'), PROMPT, line('.split(",").length'), { expect: '2\r\n' }],
  )
  expect(screen).not.toContain('[ 1, 2, 3 ]')
})

onlyOnTerminals('an error in the background is told and ends nothing', () => {
  const cell = 'setTimeout(() => { throw new Error("late") }, 50); 1'
  const { screen } = onTerminal(line(cell), { expect: 'Error: late' }, PROMPT, line('2'))
  expect(screen).toContain('Error: late\n    at cell 1, line 1:26\n')
})

onlyOnTerminals('a cell may end the process', () => {
  const { status, problem } = runSteps(PROMPT, line('process.exit(7)'))
  expect({ status, problem }).toEqual({ status: 7, problem: null })
})

onlyOnTerminals('Tab completes', () => {
  const typed = [{ send: "'xpv:::dom-c" }, { expect: 'dom-c' }, { wait: 0.1 }, { send: '\t' }]
  onTerminal(...typed, { expect: 'reate-start' }, { send: "'\r" })
})

onlyOnTerminals('history is kept for the next time, for its owner only', () => {
  onTerminal(line('1 + 1'), { expect: '2\r\n' }, PROMPT, line(' "a secret"'), { expect: 'secret' })
  const file = join(state(), 'xpv', 'history')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8')).toMatch(/^\{"t":\d+,"src":"1 \+ 1"\}\n$/)
  onTerminal({ send: '\u001b[A\r' }, { expect: '1 + 1' }, { expect: '2\r\n' })
})
