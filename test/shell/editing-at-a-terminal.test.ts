// The line editor at a real pseudo-terminal: what somebody sees while keys are pressed.
//
// Each test is one session with many looks at the screen: a terminal takes most of a second to make.
import { describe, expect } from 'vitest'
import { Screen } from './editor/screen.js'
import { CTRL_C, line, onlyOnTerminals, PROMPT, ptyFor, type Ran, type Step } from './pty.js'

const UP = '\u001b[A'
const RIGHT = '\u001b[C'
const ESC = '\u001b'

/** The rows at a look, from the last prompt on; the preview, which comes when nobody types, apart. */
function seen({ transcript, looks }: Ran, look: string, columns = 80): readonly string[] {
  const screen = new Screen(columns, 24)
  screen.write(transcript.slice(0, looks[look]))
  const { lines } = screen
  const last = lines.findLastIndex((each) => each.startsWith('xpv>'))
  return lines.slice(last).filter((each) => !each.startsWith('= '))
}

/** Sends keys, waits until they show, and looks. */
const keys = (text: string, until: string, look: string): Step[] => [
  ...[{ send: text }, { expect: until }, { look }],
]

describe('with colour', () => {
  const { onTerminal } = ptyFor('editing', { NO_COLOR: '', FORCE_COLOR: '1' })

  onlyOnTerminals('cells of several lines, history, search, what is suggested', () => {
    const ran = onTerminal(
      ...[{ size: [24, 80] } as const, { look: 'sized' }, { send: 'const f = {' }, { expect: '{' }],
      ...[...keys('\r', '...> ', 'indented'), ...keys('a: 41', '41', 'typed'), { send: '\r' }],
      ...[{ expect: '...> ' }, ...keys('}', '}', 'closed'), { send: '\r' }, PROMPT],
      ...[line('f.a + 1'), { expect: '42' }, PROMPT, ...keys('f.', 'a + 1', 'suggested')],
      ...[...keys(RIGHT, 'a + ', 'taken'), { send: CTRL_C }, PROMPT, ...keys('co', '…', 'short')],
      ...[...keys(UP, '41', 'found'), { send: CTRL_C }, PROMPT],
      ...[...keys('\u0012: 4', 'search', 'searched'), { send: '\r' }],
    )
    const cell = ['xpv> const f = {', '...>   a: 41', '...> }']
    expect(seen(ran, 'indented')).toEqual(['xpv> const f = {', '...>'])
    expect(seen(ran, 'typed')).toEqual(['xpv> const f = {', '...>   a: 41'])
    expect(seen(ran, 'closed')).toEqual(cell)
    expect(seen(ran, 'suggested')).toEqual(['xpv> f.a + 1'])
    expect(ran.transcript.slice(0, ran.looks['suggested'])).toContain(`${ESC}[0;2ma + 1`)
    expect(seen(ran, 'taken')).toEqual(['xpv> f.a + 1'])
    expect(seen(ran, 'short')).toEqual(['xpv> const f = { …'])
    expect(seen(ran, 'found')).toEqual(cell)
    expect(seen(ran, 'searched')).toEqual([...cell, 'search: : 4'])
  })

  onlyOnTerminals('the menu opens, is walked and goes; a preview; a paste is one cell', () => {
    const many = Array.from({ length: 500 }, (_, i) => `total += ${i}`)
    const pasted = `${ESC}[200~let total = 0\r${many.join('\r')}\rtotal\r${ESC}[201~`
    const ran = onTerminal(
      ...[{ size: [24, 80] } as const, { look: 'sized' }],
      ...[line('const pet = { name: 1, names: 2, age: 3 }'), PROMPT],
      ...[...keys('pet.n\t', 'names', 'opened'), ...keys('\t', 'name', 'chosen')],
      ...[
        ...keys(`${ESC}[Z`, 'names', 'around'),
        { send: ESC },
        { expect: '= 1' },
        { look: 'gone' },
      ],
      ...[{ send: 's\r' }, { expect: '2\r\n' }, PROMPT],
      ...[...keys(pasted, '499', 'pasted'), { send: '\r' }, { expect: '124750\r\n' }],
    )
    expect(seen(ran, 'opened')).toEqual(['xpv> pet.name', 'name   names'])
    expect(seen(ran, 'chosen')).toEqual(['xpv> pet.name', 'name   names'])
    expect(seen(ran, 'around')).toEqual(['xpv> pet.names', 'name   names'])
    expect(seen(ran, 'gone')).toEqual(['xpv> pet.name'])
    const screen = new Screen(80, 24)
    screen.write(ran.transcript.slice(0, ran.looks['pasted']))
    expect(screen.lines.at(-1)).toBe('...> total')
    expect(screen.lines.at(-24)).toBe('...> total += 477')
  })
})

describe('without colour', () => {
  const { onTerminal } = ptyFor('editing-plain')

  onlyOnTerminals('a line wider than the window wraps, and again when the window changes', () => {
    const wide = `'${'界'.repeat(11)}' + 'e\u0301' + 'abcdefghij'`
    const ran = onTerminal(
      ...[{ size: [24, 30] } as const, { look: 'sized' }, ...keys(wide, "ghij'", 'wrapped')],
      ...[{ send: '\u0001\u000b' }, { expect: `${ESC}[J` }, ...keys('\u0019', "ghij'", 'again')],
      ...[{ size: [24, 60] } as const, { expect: "ghij'" }, { look: 'wide' }],
      ...[{ send: '\r' }, { expect: 'abcdefghij' }],
    )
    const rows = [`xpv> '${'界'.repeat(11)}'`, "+ 'e\u0301' + 'abcdefghij'"]
    expect(seen(ran, 'wrapped', 30)).toEqual(rows)
    expect(seen(ran, 'again', 30)).toEqual(rows)
    const whole = new Screen(60, 24)
    whole.write(ran.transcript.slice(ran.looks['again'], ran.looks['wide']))
    expect(whole.lines[0]).toBe(`xpv> ${wide}`)
  })

  onlyOnTerminals('what comes in the background stands above what is being written', () => {
    const later = 'setTimeout(() => { throw new Error("late") }, 400); 1'
    const ran = onTerminal(
      ...[line(later), { expect: '1\r\n' }, PROMPT, { send: `a +${ESC}\r` }, { expect: 'late' }],
      ...[...keys('b', 'b', 'typed'), { send: CTRL_C }],
    )
    expect(seen(ran, 'typed')).toEqual(['xpv> a +', '...> b'])
  })

  onlyOnTerminals('what others write to the terminal does so too', () => {
    const loud =
      "setTimeout(() => { process.stdout.write('out'); process.stderr.write('err') }, 400)"
    const ran = onTerminal(
      ...[line(`${loud}; 1`), { expect: '1\r\n' }, PROMPT, { send: 'a +' }, { expect: 'outerr' }],
      ...[...keys(' b', ' b', 'typed'), { send: CTRL_C }],
    )
    expect(ran.screen).toContain('outerr\nxpv> a + b')
    expect(seen(ran, 'typed')).toEqual(['xpv> a + b'])
  })

  onlyOnTerminals('lines that hold commands run one after another', () => {
    const lines = ['# dtrace -l', 'const a = {', '  b: 1,', '}', 'a.b + 1', '.who']
    const ran = onTerminal(
      ...[{ send: `${ESC}[200~${lines.join('\n')}${ESC}[201~` }, { send: '\r' }],
      ...[{ expect: 'matched ["-l"]' }, { expect: '2\r\n' }, { expect: 'a\r\n' }],
    )
    expect(ran.screen).toContain('matched ["-l"]\n2\na\nxpv> ')
  })

  onlyOnTerminals('of a transcript only what was typed runs', () => {
    const lines = ['# dtrace -l', '   ID   PROVIDER            MODULE', '# dtrace -V', 'Sun D 1.6']
    const ran = onTerminal(
      ...[{ send: `${ESC}[200~${lines.join('\n')}${ESC}[201~` }, { send: '\r' }],
      ...[{ expect: 'matched ["-l"]' }, { expect: 'matched ["-V"]' }],
    )
    expect(ran.screen).toContain('matched ["-l"]\nmatched ["-V"]\nxpv> ')
  })
})

describe('as a setting', () => {
  const { onTerminal } = ptyFor('editing-vi', { XPV_EDITOR: 'vi' })

  onlyOnTerminals("vi's keys edit, and the cursor says which mode", () => {
    const ran = onTerminal(
      ...[{ send: '1 + 1' }, ...keys(ESC, '2 q', 'normal'), { send: 'cw9' }, { expect: '9' }],
      ...keys(ESC, '2 q', 'changed'),
      ...[{ send: '\r' }, { expect: '10' }],
    )
    expect(seen(ran, 'changed')).toEqual(['xpv> 1 + 9'])
    const cursors = ran.transcript.split(`${ESC}[`).filter((each) => /^\d q/.test(each))
    expect(cursors.slice(0, 4).map((each) => each[0])).toEqual(['6', '2', '6', '2'])
  })
})

describe('a dumb terminal', () => {
  const { onTerminal } = ptyFor('editing-dumb', { TERM: 'dumb' })

  onlyOnTerminals('is read line by line, and nothing moves its cursor', () => {
    const ran = onTerminal(
      ...[line('const f = {'), { expect: '...> ' }, line('a: 41 }'), PROMPT],
      ...[line('f.a + 1'), { expect: '42\r\n' }, PROMPT, { send: CTRL_C }, { expect: 'again' }],
    )
    expect(ran.transcript).not.toContain('\u001b')
  })
})
