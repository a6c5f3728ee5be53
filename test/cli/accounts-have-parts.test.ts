// What `fma` explains and compares is a text, is JSON, and has parts that can be shown alone.
import { expect, it } from 'vitest'
import { DESCRIBE } from '../../src/base/describe.js'
import { faultManagementOn } from '../../src/cli/fault-managements.js'
import { fmaGlobal } from '../../src/cli/fma-place.js'
import { renderValue } from '../../src/session/render.js'
import { managed, seconds } from '../fma/host/managed.js'

const shown = (value: unknown): string => String(renderValue(value, 400)?.['text/plain'])

function opened(faults?: string) {
  const { machine } = managed({ era: 'metal', processor: 'westmere', seed: 7 })
  faultManagementOn(machine)
  if (faults !== undefined) machine.checks.plan(faults)
  seconds(machine, 60)
  return fmaGlobal(
    () => machine,
    () => '.',
  )
}

const PARTS = ['head', 'seen', 'why', 'dropped', 'done', 'unseen', 'tree'] as const

it('an account is its parts, and each is a text', () => {
  const account = opened('cache level=1 pcpu=1 every=10s times=4').explain('GMCA-8000-LF')
  expect(`${account}`).toBe(shown(account))
  for (const part of PARTS)
    for (const line of account[part].lines) expect(`${account}`).toContain(line)
  expect(`${account.why}`).toContain('fault.cpu.generic-x86.l1dcache explains it: up to 3 in')
  expect(shown(account.tree)).toBe(`${account.tree}`)
  expect(shown(account.seen)).toMatch(/^cpu\.generic-x86\.l1dcache 4 times/)
  expect(shown(account.unseen)).toBe('none')
  const { why, tree } = JSON.parse(JSON.stringify(account))
  expect([why, tree]).toEqual([account.why.lines, account.tree.lines])
  expect(Object.keys(account[DESCRIBE]().members)).toEqual([...PARTS, 'toString'])
})

it('a comparison tells each diagnosis of both, as a text, a table and JSON', () => {
  const compared = opened('cache level=1 pcpu=1 every=10s times=4').whatIf({ era: 'xen-4.17' })
  expect(`${compared}`).toContain('* GMCA-8000-LF')
  expect(compared.isDifferent).toBe(true)
  const { title, rows } = compared.diagnoses
  expect(title).toBe('was: metal, as it was; would be: xen-4.17')
  expect(rows).toEqual([
    [
      'GMCA-8000-LF',
      'fault.cpu.generic-x86.l1dcache',
      expect.any(String),
      rows[0]?.[3],
      'not diagnosed',
      true,
    ],
  ])
  expect(rows[0]?.[3]).toMatch(/^after /)
  expect(`${compared.unseen}`).toMatch(/^xen-4\.17: /)
  const { diagnoses, isDifferent } = JSON.parse(JSON.stringify(compared))
  expect([isDifferent, diagnoses]).toMatchObject([true, [{ is: null }]])
})

it('nothing found, nothing different', () => {
  const compared = opened().whatIf({ era: 'metal' })
  expect([compared.isDifferent, shown(compared.diagnoses)]).toEqual([false, 'none'])
  expect(`${opened().coverage()}`).toMatch(/^always, \d+ faults/)
})

it('an era may say msi as the spec of a machine does', () => {
  const fma = opened('pcie function=03:00.0 error=CmpltTO at=1s')
  const title = (change: { era?: string; msi?: boolean }) =>
    fma.whatIf(change).ereports.columns.at(-1)?.name
  expect(title({ era: 'xen-4.17,msi=off' })).toBe(title({ era: 'xen-4.17', msi: false }))
  expect(title({ era: 'sim:xen-4.17,msi=on' })).toBe('xen-4.17, msi=on')
  expect(() => fma.whatIf({ era: 'xen-4.17,pcpus=4' })).toThrow('the host stays what it is')
  expect(() => fma.whatIf({ era: 'xen-4.17,mis=off' })).toThrow('no option mis')
})
