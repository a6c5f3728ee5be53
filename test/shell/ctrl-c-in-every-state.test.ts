// Ctrl-C in every state that a shell can be in: the prompt comes back at once, and works.
import { expect } from 'vitest'
import { CTRL_C, line, onlyOnTerminals, PROMPT, ptyFor, type Step } from './pty.js'

const OPENING_MS = 1000
const AT_ONCE_S = 0.5

const slow = ptyFor('slow', { XPV_TEST_OPENING_MS: String(OPENING_MS) })
const quick = ptyFor('quick')

const LONG = "Array.from({ length: 90 }, (_, row) => ({ row, wide: '-'.repeat(60) }))"
const press: readonly Step[] = [{ wait: 0.15 }, { send: CTRL_C }]
const WORKS: readonly Step[] = [line("'st' + 'ill' + 1"), { expect: 'still1' }]

onlyOnTerminals('while the session is opened: nothing typed, a line, a Tab that waits', () => {
  const { matches, screen } = slow.onTerminal(
    ...[{ send: CTRL_C }, { expect: 'Ctrl-C again' }, PROMPT],
    ...[{ send: 'half a li' }, ...press, PROMPT],
    ...[{ send: 'sle\t' }, ...press, PROMPT],
    ...WORKS,
  )
  const [, hint, again, afterLine, afterTab, works] = matches as [number, ...number[]]
  for (const seconds of [hint, again, afterLine, afterTab]) expect(seconds).toBeLessThan(AT_ONCE_S)
  expect(works).toBeGreaterThan(0)
  expect(screen).not.toContain('sleep')
})

onlyOnTerminals('while the session is opened: a cell that waits for it', () => {
  const { screen } = slow.onTerminal(
    ...[line('const kept = 7; for (;;) {}'), ...press, { expect: 'interrupted' }, PROMPT],
    ...[line('kept + 35'), { expect: '42' }],
  )
  expect(screen).toContain('bindings are kept')
})

onlyOnTerminals('at a menu, in a search, in a cell, in a wait, in the pager', () => {
  const { matches } = quick.onTerminal(
    ...[{ size: [12, 80] as const }, line('1 + 1'), { expect: '2\r\n' }, PROMPT],
    ...[{ send: 's\t\t' }, { expect: 'sleep' }, ...press, PROMPT, ...WORKS, PROMPT],
    ...[{ send: '\u0012' }, { wait: 0.15 }, { send: '1' }, ...press, ...WORKS, PROMPT],
    ...[line('for (;;) {}'), ...press, { expect: 'interrupted' }, PROMPT, ...WORKS, PROMPT],
    ...[line('await sleep(9999)'), ...press, { expect: 'interrupted' }, PROMPT, ...WORKS, PROMPT],
    ...[line(LONG), { expect: '  5  --' }, ...press, PROMPT, ...WORKS],
  )
  for (const seconds of matches) expect(seconds).toBeLessThan(2)
})
