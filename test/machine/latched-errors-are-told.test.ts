// What the typed objects say of PCI Express errors that nobody has cleared.
import { expect, it } from 'vitest'
import { createSimulator } from '../../src/backend/sim/sim-machine.js'
import { AerView } from '../../src/machine/aer-view.js'
import { hostObjects } from '../../src/machine/host-objects.js'
import { renderValue } from '../../src/session/render.js'

/** The hierarchy after a fault. */
function after(fault: string) {
  const machine = createSimulator({ era: 'xvm-3.1' })
  machine.checks.run(fault)
  machine.run(1e6)
  return hostObjects(() => machine).hostbridge
}

const shown = (value: unknown): string => renderValue(value, 100)?.['text/plain'] ?? ''

function aerOf(fault: string, id: string): AerView {
  const { aer } = after(fault).at(id)
  if (aer instanceof AerView) return aer
  throw new Error('no AER')
}

it('an error that is about no packet has no header', () => {
  const aer = aerOf('pcie function=05:00.0 error=CmpltTO', '05:00.0')
  expect(aer.firstError).toBe('CmpltTO')
  expect(aer.header).toBe(null)
  expect(shown(aer)).toContain('first was CmpltTO, which logs no header')
})

it('one that is about a packet tells which', () => {
  const words = '0x40000001,0x0000000f,0xfee00000,0'
  const aer = aerOf(`pcie function=05:00.0 error=UnsupReq header=${words}`, '05:00.0')
  expect(aer.header).toMatch(/^MWr .* at 0xfee00000 4 bytes \(40000001 0000000f fee00000 0+\)$/)
})

it('the tree shows the message at the root port, which found no error of its own', () => {
  const hostbridge = after('pcie function=05:00.0 error=CmpltTO')
  const { rows } = hostbridge.toTable()
  const latched = new Map(rows.map((row) => [String(row[0]).trim(), row[3]]))
  expect(latched.get('05:00.0')).toBe('CmpltTO')
  const root = hostbridge.at('05:00.0').parent
  expect(latched.get(root?.id ?? '')).toBe('UERcvd NonFatalMsg')
  expect(root?.errors).toEqual([])
})

it('registers show themselves as a table, and are found by name', () => {
  const { registers } = after('pcie function=05:00.0 error=CmpltTO').at('05:00.0')
  expect(registers['UESta']?.set).toEqual(['CmpltTO'])
  expect(shown(registers)).toMatch(/^0x104 +UESta +0x00004000 +uncorrectable errors found/m)
})

it('a table tells what is masked, not what was told: that is for DevCtl to say', () => {
  const advisory = 'pcie function=05:00.0 error=AdvNonFatalErr'
  const machine = createSimulator({ era: 'xen-4.17', msi: false })
  machine.checks.run(`pcie function=05:00.0 error=BadTLP\n${advisory}`)
  machine.run(1e6)
  const { aer } = hostObjects(() => machine).hostbridge.at('05:00.0')
  if (!(aer instanceof AerView)) throw new Error('no AER')
  expect(aer.latched.columns[2]?.name).toBe('masked')
  expect(aer.latched.rows.map(([error, , masked]) => [error, masked])).toEqual([
    ['BadTLP', 'no'],
    ['AdvNonFatalErr', 'yes'],
  ])
})
