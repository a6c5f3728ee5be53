// `.watch` at a pseudo-terminal: views above the prompt, looked at anew after each cell.
import { expect } from 'vitest'
import { CTRL_C, line, onlyOnTerminals, PROMPT, ptyFor } from './pty.js'

const { onTerminal } = ptyFor('watch')
const COUNT = 'globalThis.n = [1]; 0'

onlyOnTerminals('a value stands above the prompt, and is looked at again after each cell', () => {
  const { screen } = onTerminal(
    ...[line(COUNT), PROMPT, line('.watch n.length'), { expect: '[1]  .watch n.length' }],
    ...[PROMPT, line('n.push(7, 8)'), { expect: '[1]  .watch n.length' }, PROMPT],
    ...[line('_ * 100'), { expect: '300' }, PROMPT, line('.jobs'), { expect: '[1]  .watch' }],
  )
  expect(screen).toMatch(/\.watch n\.length\n+3\n+xpv> /)
})

onlyOnTerminals('only what changed is written while a cell is being written', () => {
  const { transcript, looks } = onTerminal(
    ...[line('.watch "same"'), { expect: "'same'" }, PROMPT, { look: 'before' } as const],
    ...[{ send: 'ab' }, { look: 'after' } as const, { send: '\x15' }, line('1')],
  )
  expect(transcript.slice(looks['before'], looks['after'])).not.toContain('same')
})

onlyOnTerminals('several stand above each other; stop ends one, Ctrl-C all', () => {
  const { screen } = onTerminal(
    ...[line('.watch 10 + 1'), { expect: '[1]' }, PROMPT, line('.watch dtrace x')],
    ...[{ expect: '[2]  .watch dtrace x' }, { expect: 'matched ["x"]' }, PROMPT, line('stop 1')],
    ...[
      { expect: '[2]' },
      PROMPT,
      line('.watch 20 + 2'),
      { expect: '[1]  .watch 20 + 2' },
      { expect: '[2]' },
    ],
    ...[PROMPT, { send: CTRL_C }, PROMPT, line('.jobs')],
  )
  const [, afterwards = ''] = screen.split('.jobs')
  expect(afterwards).not.toContain('.watch')
})

onlyOnTerminals('one that fails or takes too long ends, and says why', () => {
  const { screen } = onTerminal(
    ...[line(COUNT), PROMPT, line('.watch n.map((each) => each)'), { expect: '[ 1 ]' }, PROMPT],
    ...[line('n = undefined'), { expect: '.watch n.map((each) => each) ended' }, PROMPT],
    ...[line('.watch (() => { for (;;) {} })()'), { expect: 'took over 2 s' }, PROMPT],
    line('6 * 7'),
    { expect: '42' },
  )
  expect(screen).toMatch(/ended\nTypeError: Cannot read/)
  expect(screen).not.toContain('at cell')
})

onlyOnTerminals('what would move the cursor is left out of a view', () => {
  const { transcript } = onTerminal(
    line('.watch console.log("a\\tb\\r\\x1b[2Jc\\x00d")'),
    { expect: '[1]  .watch' },
    { expect: 'a       bcd' },
  )
  expect(transcript).not.toContain('\x1b[2J')
})

onlyOnTerminals('a view larger than its half of the window says how much is left out', () => {
  onTerminal(
    ...[{ size: [12, 40] } as const, line('.watch Array(40).fill(0).map((_, i) => i).join("\\n")')],
    { expect: '... 36 more' },
  )
})

onlyOnTerminals('an expression is looked at while a cell runs, below what the cell prints', () => {
  const cell = 'n.push(0); await sleep(900); n.push(0); "all"'
  const { screen } = onTerminal(
    ...[line(COUNT), PROMPT, line('.watch "of " + n.length'), { expect: "'of 1'" }, PROMPT],
    ...[line(cell), { expect: "'of 2'" }, { expect: "'all'" }, PROMPT, line('7 * 6')],
    { expect: '42' },
  )
  expect(screen).toContain("'of 3'")
})

onlyOnTerminals('what changes while nothing runs is shown, and what is being written stays', () => {
  const { screen } = onTerminal(
    ...[
      line(COUNT),
      PROMPT,
      line('.watch n.length > 1 ? "two" : "one"'),
      { expect: "'one'" },
      PROMPT,
    ],
    ...[line('setTimeout(() => n.push(1), 700); 0'), PROMPT, { send: '21 * ' }],
    ...[{ expect: "two'" }, { send: '2\r' }, { expect: '42' }],
  )
  expect(screen).toContain('42\n')
})

onlyOnTerminals('it is said how a view ends, and that it has', () => {
  onTerminal(
    ...[line('.watch 1 + 1'), { expect: '[1] stays in view; .watch stop, or Ctrl-C' }, PROMPT],
    ...[line('.watch stop'), { expect: '[1] ended  .watch 1 + 1' }],
  )
})
