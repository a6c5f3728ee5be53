// What the hardware's probes saw, as a person reads it: registers in hexadecimal, and no column of
// which nothing is known.
import { expect, it } from 'vitest'
import { xpv } from './xpv-process.js'

const INJECT = [
  "machine.inject('memory row=0x30 at=1s')",
  "machine.inject('pcie function=03:00.0 error=CmpltTO at=1s')",
  "machine.run('2s')",
]

/** What the last of some lines shows. */
function shown(line: string): string {
  const { out } = xpv(['--machine', 'sim:xen-4.20'], {
    input: `${[...INJECT, "console.log('=')", line].join('\n')}\n`,
  })
  return out.split('=\n')[1] ?? ''
}

it.each([
  { line: "on('mca:::latched').rows()", says: /0x9c[0-9a-f]{14} +0x[0-9a-f]+/ },
  {
    line: "on('mca:::latched').rows().filter(({ bank }) => bank >= 0).slice(0, 1)",
    says: /0x9c[0-9a-f]{14} +0x[0-9a-f]+/,
  },
  { line: "on('mca:::latched').select('status', 'addr')", says: /0x9c[0-9a-f]{14} +0x[0-9a-f]+/ },
  {
    line: "on('pcie:::aer-latched').rows()",
    says: /pcie:::aer-latched +0x300 +0x4000 +0x300 +1$/m,
  },
  {
    line: "on('pcie:::aer-latched').rows()",
    says: /^not known: header0 header1 header2 header3\n/,
  },
])('$line shows $says', ({ line, says }) => expect(shown(line)).toMatch(says))

it('rows remain what they are: an array of plain values', () => {
  expect(shown("on('pcie:::aer-latched').rows().map((row) => row.status)")).toBe('[ 16384 ]\n')
})
