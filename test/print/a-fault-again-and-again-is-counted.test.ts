// A result tells the same fault once and how often it came; what a program prints stays as it is.
import { describe, expect, it } from 'vitest'
import { DISPLAY } from '../../src/base/display.js'
import { SaidAgain } from '../../src/dtrace/print/said-again.js'
import { createSimulator, queriesOn } from '../../src/index.js'

/** What a text becomes of lines; those that begin with `!` are warnings. */
function said(lines: readonly string[]): string {
  const text = new SaidAgain()
  for (const line of lines) {
    if (line.startsWith('!')) text.warn(`${line}\n`)
    else text.write(`${line}\n`)
  }
  return text.text()
}

describe('warnings one after the other', () => {
  it.each([
    { name: 'one is told', lines: ['!a'], told: '!a\n' },
    { name: 'two are told', lines: ['!a', '!a'], told: '!a\n!a\n' },
    { name: 'three are counted', lines: ['!a', '!a', '!a'], told: '!a\n  the same 2 times more\n' },
    { name: 'another one is told', lines: ['!a', '!b', '!a'], told: '!a\n!b\n!a\n' },
    { name: 'what is printed is not counted', lines: ['x', 'x', 'x'], told: 'x\nx\nx\n' },
    {
      name: 'what is printed ends a series',
      lines: ['!a', '!a', '!a', 'x', '!a'],
      told: '!a\n  the same 2 times more\nx\n!a\n',
    },
  ])('$name', ({ lines, told }) => expect(said(lines)).toBe(told))
})

it('a query for an argument that is never recorded is a few lines', () => {
  const machine = createSimulator()
  const { d, on } = queriesOn(machine)
  expect(on('xdt:pv::hypercall').rows()).toHaveLength(0)
  machine.run(100_000_000)
  const shown = d`xdt:pv::hypercall { @[arg0] = count(); }`[DISPLAY]()
  expect(shown['text/plain']).toMatch(
    /arg0 was not recorded in action #\d\n {2}the same \d+ times more$/,
  )
})
