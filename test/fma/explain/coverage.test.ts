// Coverage: what a host could ever be diagnosed to have, and why not.
import { describe, expect, it } from 'vitest'
import { createSimulator } from '../../../src/backend/sim/sim-machine.js'
import {
  arrivalFacts,
  type CoverageQuestion,
  coverageTable,
  type FaultCoverage,
  faultCoverage,
} from '../../../src/fma/explain/coverage.js'
import { coveragePage } from '../../../src/fma/explain/coverage-page.js'
import { ownRules } from '../../../src/fma/rules/own-rules.js'
import { hostTopology } from '../../../src/fma/topo/host-topology.js'
import { Topology, type TopoPart } from '../../../src/fma/topo/topology.js'
import { known, unknown } from '../../../src/machine/obs.js'
import type { PciListing } from '../../../src/machine/pci/listing.js'
import { requesterId } from '../../../src/machine/pci/requester-id.js'

/** What is asked of a simulated host. */
function questionOf(era: string): CoverageQuestion {
  const { access } = createSimulator({ era })
  return { ...arrivalFacts(access), rules: ownRules(), topology: hostTopology(access) }
}

const byFault = (found: readonly FaultCoverage[]) =>
  new Map(found.map((one) => [one.fault.replace('fault.', ''), one]))

const L1D = 'cpu.generic-x86.l1dcache'
const PAGE = 'memory.generic-x86.page_ce'
const LINK = 'io.pciex.bus-linkerr'

describe('the same hardware', () => {
  it.each([
    { era: 'metal', processors: 'always', links: 'always' },
    { era: 'xvm-3.1', processors: 'never', links: 'partly' },
    { era: 'xvm-mca', processors: 'always', links: 'partly' },
    { era: 'xen-4.17', processors: 'never', links: 'always' },
    { era: 'xen-4.20', processors: 'always', links: 'always' },
  ] as const)('under $era', ({ era, processors, links }) => {
    const question = questionOf(era)
    const found = byFault(faultCoverage(question))
    const [cache, page, link] = [L1D, PAGE, LINK].map((fault) => found.get(fault))
    expect([cache?.verdict, page?.verdict, link?.verdict]).toEqual([processors, processors, links])
    const reasons = (kind: string) =>
      question.gaps.filter((gap) => gap.kind === kind).map(({ reason }) => reason)
    expect(cache?.why).toEqual(reasons('machine-check'))
    expect(page?.why).toEqual(reasons('machine-check'))
    expect(link?.why).toEqual(reasons('pci'))
    expect(cache?.ofParts).toBe(4)
    expect(cache?.shownBy).toEqual(processors === 'never' ? [] : [L1D, `${L1D}_uc`])
  })

  it('never has what only drivers report', () => {
    const found = byFault(faultCoverage(questionOf('metal')))
    for (const fault of ['io.pciex.fw_corrupt', 'io.pciex.device-interr-unaf']) {
      expect(found.get(fault)).toMatchObject({
        verdict: 'never',
        parts: 0,
        why: ['only drivers report it, and none of this host does'],
      })
    }
  })
})

const part = (name: string, id: number, children: readonly TopoPart[] = []): TopoPart => ({
  name,
  id,
  children,
})

/** A root port and an endpoint, of which the configuration spaces are these. */
function express(pci: CoverageQuestion['pci']): CoverageQuestion {
  const text = (name: string, value: string) => ({
    groups: [
      {
        ...{ name: 'pci', version: 1, nameStability: 'Private', dataStability: 'Private' },
        properties: [{ name, type: 'string' as const, value }],
      },
    ],
  })
  const endpoint = { ...part('pciexfn', 0), ...text('extended-capabilities', 'pciexdev') }
  const bus = part('pciexbus', 1, [part('pciexdev', 0, [endpoint])])
  const port = { ...part('pciexrc', 0, [bus]), ...text('BDF', '0x8') }
  const topology = new Topology([part('motherboard', 0, [part('hostbridge', 0, [port])])])
  return { rules: ownRules(), topology, gaps: [], pci, banks: known(0, 'sim') }
}

/** A configuration space without capabilities. */
const plain = (bus: number, device: number): PciListing => ({
  id: requesterId(bus, device, 0),
  bytes: new Uint8Array(256).fill(1, 0, 4),
})

describe('a host', () => {
  it('of whose functions none has Advanced Error Reporting shows less of a link', () => {
    const link = ['fault.io.pciex.bus-linkerr']
    const all = faultCoverage({ ...express(unknown('not read')), faults: link })[0]
    expect(all?.shownBy).toContain('io.pciex.dl.dllp')
    const some = faultCoverage({
      ...express(known([plain(0, 1), plain(1, 0)], 'sim')),
      faults: link,
    })
    expect(some[0]?.verdict).toBe('always')
    expect(some[0]?.shownBy.filter((leaf) => /pciex\.(dl|tl|pl)/.test(leaf))).toEqual([])
    expect(some[0]?.shownBy).toContain('io.pciex.fatal')
  })

  it('says which part it has not, and which faults no rule knows', () => {
    const faults = ['fault.io.pci.bus-linkerr', 'fault.disk.broken', `fault.${L1D}`]
    const found = faultCoverage({ ...express(unknown('not read')), faults })
    expect(found.map(({ fault, verdict, why }) => [fault, verdict, why])).toEqual([
      [`fault.${L1D}`, 'never', ['the host has no chip/core/strand']],
      ['fault.disk.broken', 'never', ['no rule diagnoses it']],
      ['fault.io.pci.bus-linkerr', 'never', ['the host has no pcibus']],
    ])
  })

  it('without machine-check banks is never told of its processors', () => {
    const { topology } = questionOf('metal')
    const question = { ...express(unknown('not read')), topology, faults: [`fault.${L1D}`] }
    expect(faultCoverage(question)[0]).toMatchObject({
      verdict: 'never',
      ofParts: 4,
      why: ['the processors have no machine-check bank'],
    })
  })
})

it('a table says it to people', () => {
  const faults = [`fault.${L1D}`, 'fault.io.pciex.device-interr', 'fault.io.pciex.fw_mismatch']
  const { columns, rows } = coverageTable(faultCoverage({ ...questionOf('metal'), faults }))
  expect(columns.map(({ name }) => name)).toEqual(['fault', 'when', 'parts', 'why not'])
  expect(rows[0]).toEqual([L1D, 'always', '4', ''])
  expect(rows[2]?.slice(1, 3)).toEqual(['never', '0 of 7'])
})

it('rules without a fault say so', () => {
  expect(coveragePage([]).parts).toEqual(['these rules have no faults'])
})
