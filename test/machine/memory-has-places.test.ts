// Which DIMM an address is on, and back.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MemoryMap } from '../../src/machine/memory-map.js'

const shape = fc.record({
  bytes: fc.integer({ min: 64, max: 4096 }).map((mib) => mib * 2 ** 22),
  sockets: fc.constantFrom(1, 2, 4),
  channels: fc.constantFrom(1, 2, 3, 4, 6),
  dimmsPerChannel: fc.constantFrom(1, 2, 3),
  ranksPerDimm: fc.constantFrom(1, 2, 4),
  hole: fc.constantFrom({ start: 2 ** 27, end: 2 ** 28 }, { start: 2 ** 40, end: 2 ** 41 }),
})

it('every address has one place, which has the first address of its 64 bytes', () => {
  fc.assert(
    fc.property(
      shape,
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (of, share) => {
        const map = new MemoryMap(of)
        const offset = Math.floor(of.bytes * share)
        const { start, end } = of.hole
        const address = offset < start ? offset : offset + end - start
        const place = map.placeOf(address)
        expect(map.addressOf(place)).toBe(address - (address % 64))
        expect(place.socket).toBeLessThan(of.sockets)
        expect(place.channel).toBeLessThan(of.channels)
        expect(place.dimm).toBeLessThan(of.dimmsPerChannel)
        expect(place.rank).toBeLessThan(of.ranksPerDimm)
        expect(place.row).toBeLessThan(map.rows)
      },
    ),
  )
})

it('lines next to each other are on channels next to each other', () => {
  const map = new MemoryMap({
    ...{ bytes: 2 ** 33, sockets: 1, channels: 2 },
    ...{ dimmsPerChannel: 2, ranksPerDimm: 2 },
  })
  expect([0, 64, 128, 192].map((address) => map.placeOf(address).channel)).toEqual([0, 1, 0, 1])
  expect(map.dimmBytes).toBe(2 ** 31)
})

it('where devices are there is no memory', () => {
  const map = new MemoryMap({
    ...{ bytes: 2 ** 33, sockets: 1, channels: 2 },
    ...{ dimmsPerChannel: 2, ranksPerDimm: 2, hole: { start: 0xc000_0000, end: 0x1_0000_0000 } },
  })
  expect(() => map.placeOf(0xfee0_0000)).toThrow(
    "there is no memory at 0xfee00000: that is a device's",
  )
  expect(map.addressOf(map.placeOf(0x1_0000_0000))).toBe(0x1_0000_0000)
  expect(map.placeOf(0xbfff_ffc0)).not.toEqual(map.placeOf(0x1_0000_0000))
  expect(() => map.placeOf(0x2_4000_0000)).toThrow('there is no memory at 0x240000000')
})

it.each([
  [{ socket: 2 }, 'there is no socket 2'],
  [{ rank: 2 }, 'there is no rank 2'],
  [{ row: -1 }, 'there is no row -1'],
  [{ column: 0.5 }, 'there is no column 0.5'],
])('%o is refused', (place, message) => {
  const map = new MemoryMap({
    ...{ bytes: 2 ** 33, sockets: 2, channels: 2 },
    ...{ dimmsPerChannel: 2, ranksPerDimm: 2 },
  })
  expect(() => map.addressOf(place)).toThrow(message)
  expect(() => map.placeOf(2 ** 33)).toThrow('there is no memory at 0x200000000')
})
