// What fits into 80 columns: the greeting breaks between words, rows of many values name their probe;
// help lists what the machine has.
import { expect, it } from 'vitest'
import { table } from '../../src/base/table.js'
import { textTable } from '../../src/chart/table.js'
import { xpv } from './xpv-process.js'

it('what tells rows apart is cut last', () => {
  const wide = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => `${name}-register`)
  const probe = 'pcie:::aer-latched'
  const columns = ['time', { name: 'probe', isKey: true }, 'text', ...wide]
  const rows = [[1, probe, 'some words that are long', ...wide.map((_, n) => 10_000 + n)]]
  const [, , row = ''] = textTable(table(columns, rows), { width: 80 }).split('\n')
  expect(row).toContain(probe)
  expect(row.length).toBeLessThanOrEqual(80)
  const narrow = textTable(table(columns, rows), { width: 16 }).split('\n')
  expect(Math.max(...narrow.map((line) => line.length))).toBeLessThanOrEqual(16)
})

it.each([
  { spec: 'sim:xvm-3.1', has: ['xm'], lacks: ['xl', 'dmesg', 'xen-hptool'] },
  { spec: 'sim:xen-4.20', has: ['xl', 'dmesg', 'xen-mceinj'], lacks: ['xm'] },
  { spec: 'sim:metal', has: ['dmesg', 'psrinfo'], lacks: ['xm', 'xl', 'xen-hptool'] },
])('help on $spec lists what its system has', ({ spec, has, lacks }) => {
  const { out } = xpv(['--machine', spec], { input: 'help all\n' })
  const [commands = ''] = out.split('In TypeScript')
  for (const name of has) expect(commands).toMatch(new RegExp(`^  ${name} `, 'm'))
  for (const name of lacks) expect(commands).not.toMatch(new RegExp(`^  ${name} `, 'm'))
})

it('a fork remembers what the second host has seen', () => {
  const lines = [
    'machine.peer',
    "machine.peer.command('xm create web1').status",
    'machine.fork().peer',
  ]
  const count = "on('xpv:::dom-create-start').rows().length"
  const { out } = xpv([], { input: `${lines.join('\n')}.${count}\nmachine.peer.${count}\n` })
  const counts = out.match(/^\d+$/gm) ?? []
  expect(counts).toEqual(['0', '1', '1'])
})
