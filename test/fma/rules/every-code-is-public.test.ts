// Every ereport of PCI that the rules know, alone: what it comes to has a public message, or leads
// nowhere by intent. Nothing is left unexplained, and no set of suspects is without a code.
import { expect, it } from 'vitest'
import { ownRules } from '../../../src/fma/rules/own-rules.js'
import { BRIDGE, CARD, DISK, DOWN, fabric, PCI_BRIDGE, SWITCH_RC, UP } from './fabric.js'

/** Leads nowhere by itself. */
const SILENT =
  /tl\.uc|a-nonfatal|pciex\.correctable@pcibus|tl\.ur@pcibus|service\.(unaffected|restored)@pcibus/
/** Of the side of a root port that has no transactions. */
const ROOT_SIDE = /^io\.pci\.(ma|rta|sta|dpe|mdpe)@pciexrc$/
/** Counted: one alone is silent. */
const COUNTED =
  /pl\.re|dl\.(btlp|bdllp|rto|rnr)|m?ce-msg|pciex\.correctable|service\.(unaffected|restored)/

/** Where an ereport of a class comes from: a bridge for what only bridges have. */
function placesOf(leaf: string, path: string): readonly string[] {
  const last = path.split('/').at(-1)
  const isSecondary = /bdg\.|\.sec-|\.dto/.test(leaf)
  if (last === 'pciexrc') return [SWITCH_RC]
  if (last === 'pcifn') return isSecondary ? [PCI_BRIDGE] : [CARD]
  if (!isSecondary) return [DISK]
  if (/bdg\.|dto|sec-(rta|ma)/.test(leaf)) return [BRIDGE]
  return /sec-(dpe|mdpe|sta|rserr)/.test(leaf) ? [BRIDGE, DOWN] : [UP]
}

const KNOWN = [...ownRules().declarations.values()]
  .filter(({ type, name }) => type === 'ereport' && name.startsWith('ereport.io.'))
  .map(({ key }) => key.slice('ereport.'.length))
  .filter((key) => key.split('/').length <= 3)

it('the rules know the ereports of PCI', () => {
  expect(KNOWN.length).toBeGreaterThan(130)
})

const on = fabric()

it.each(KNOWN)('%s', (key) => {
  const [leaf = '', path = ''] = key.split('@')
  for (const place of placesOf(leaf, path)) {
    on.tell(leaf, place)
    const codes = on.codes()
    on.repairAll()
    if (SILENT.test(key) || ROOT_SIDE.test(key) || COUNTED.test(leaf)) expect(codes).toEqual([])
    else expect(codes.join()).toMatch(/^PCI(EX)?-8000-..$/)
  }
})
