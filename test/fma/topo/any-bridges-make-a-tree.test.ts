import fc from 'fast-check'
import { expect, it } from 'vitest'
import { capturedTopology } from '../../../src/fma/topo/captured-topology.js'
import { functionOf, requesterOf } from '../../../src/fma/topo/resolve.js'
import { putConfig } from '../../../src/machine/pci/config-space.js'
import type { PciListing } from '../../../src/machine/pci/listing.js'
import type { RequesterId } from '../../../src/machine/pci/requester-id.js'

/** A function that says of itself what nobody checks. */
interface Claim {
  readonly id: number
  /** Of PCI Express; conventional without. */
  readonly type: number | undefined
  /** The bus it leads to, when it is a bridge. */
  readonly secondary: number | undefined
}

function listing({ id, type, secondary }: Claim): PciListing {
  const bytes = new Uint8Array(256)
  putConfig(bytes, 0, 2, 0x8086)
  putConfig(bytes, 0x0e, 1, secondary === undefined ? 0 : 1)
  putConfig(bytes, 0x0a, 2, secondary === undefined ? 0x0200 : 0x0604)
  putConfig(bytes, 0x19, 1, secondary ?? 0)
  if (type !== undefined) {
    putConfig(bytes, 0x06, 2, 0x10)
    putConfig(bytes, 0x34, 1, 0x40)
    putConfig(bytes, 0x40, 4, 0x10 | (type << 20) | (1 << 16))
  }
  return { id: id as RequesterId, bytes }
}

const topologyOf = (claims: readonly Claim[]) =>
  capturedTopology({ sysfs: { functions: claims.map(listing), processors: [], isDom0: true } })

const bus = fc.integer({ min: 0, max: 5 })
const claim: fc.Arbitrary<Claim> = fc.record({
  id: fc.tuple(bus, fc.nat(7)).map(([b, low]) => (b << 8) | low),
  type: fc.option(fc.nat(10), { nil: undefined }),
  secondary: fc.option(bus, { nil: undefined }),
})

it('whatever bridges say of themselves, every function is one node', () => {
  fc.assert(
    fc.property(fc.array(claim, { minLength: 1, maxLength: 24 }), (claims) => {
      const topology = topologyOf(claims)
      const ids = [...new Set(claims.map(({ id }) => id))]
      expect(ids.map((id) => functionOf(topology, id as RequesterId)).includes(undefined)).toBe(
        false,
      )
      const found = [...topology.nodes()].map(requesterOf).filter((id) => id !== undefined)
      expect(found.sort((a, b) => a - b)).toEqual(ids.sort((a, b) => a - b))
    }),
    { numRuns: 400 },
  )
})

const ROOT = 4
const path = (claims: readonly Claim[], id: number): string | undefined =>
  functionOf(topologyOf(claims), id as RequesterId)
    ?.path.slice(1)
    .map((pair) => `${pair.name}=${pair.id}`)
    .join('/')

it.each([
  {
    name: 'behind a bridge from PCI Express to PCI is conventional PCI',
    claims: [
      { id: 0x0010, type: ROOT, secondary: 1 },
      { id: 0x0100, type: 7, secondary: 2 },
      { id: 0x0208, type: undefined, secondary: undefined },
    ],
    at: 'hostbridge=0/pciexrc=0/pciexbus=1/pciexdev=0/pciexfn=0/pcibus=2/pcidev=1/pcifn=0',
  },
  {
    name: 'a conventional bridge on the root bus is not a root complex',
    claims: [
      { id: 0x00f0, type: undefined, secondary: 3 },
      { id: 0x0308, type: undefined, secondary: undefined },
    ],
    at: 'hostbridge=0/pcibus=0/pcidev=30/pcifn=0/pcibus=3/pcidev=1/pcifn=0',
  },
  {
    name: 'root ports of all root buses are numbered first',
    claims: [
      { id: 0x0008, type: undefined, secondary: undefined },
      { id: 0x0010, type: ROOT, secondary: 1 },
      { id: 0x0100, type: 0, secondary: undefined },
      { id: 0x4010, type: ROOT, secondary: 0x41 },
      { id: 0x4100, type: 0, secondary: undefined },
    ],
    at: 'hostbridge=1/pciexrc=1/pciexbus=65/pciexdev=0/pciexfn=0',
  },
])('$name', ({ claims, at }) => {
  expect(path(claims, claims.at(-1)?.id ?? 0)).toBe(at)
})
