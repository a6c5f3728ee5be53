// What machine.inject answers: which faults, where each shows, and the way to end them.
import { expect, it } from 'vitest'
import { xpv } from './xpv-process.js'

const shown = (line: string) => xpv(['--machine', 'sim:xen-4.20'], { input: `${line}\n` })

it.each([
  {
    line: "machine.inject('memory address=0x12345040')",
    says: /address=0x12345040 +bank 6 of pcpu/,
  },
  { line: "machine.inject('memory row=0x123 column=64')", says: /row=0x123 column=64/ },
  { line: "machine.inject('memory channel=1 row=0x123 bank=3')", says: /row=0x123 bank=3/ },
  { line: "machine.inject({ kind: 'memory', row: 291 })", says: /row=291/ },
  { line: "machine.inject('cache level=1 pcpu=2')", says: /bank 1 of pcpu 2 +at once$/m },
  {
    line: "machine.inject('pcie function=03:00.0 error=CmpltTO at=1m every=10s times=3')",
    says: /function 03:00\.0 +in 60 s, then every 10 s,[\s\S]*\.mend\(\) of this value/,
  },
])('$line shows $says', ({ line, says }) => expect(shown(line).out).toMatch(says))

it('a fault that is mended happens no more', () => {
  const fault = "const f = machine.inject('cache level=1 pcpu=2 every=10s times=4')"
  const count = "on('mca:::latched').rows().length"
  const lines = [fault, "machine.run('15s')", 'f.mend()', "machine.run('1m')", 'f.mend()', count]
  const { out } = shown(lines.join('\n'))
  expect(out.match(/^\d+$/gm)).toEqual(['1', '0', '2'])
})

it.each(['dimm row=4', 'ram row=4'])('%s is the word of many for memory', (line) => {
  expect(shown(`machine.inject('${line}')`).err).toMatch(/kind is "\w+" \(memory\?\)/)
})
