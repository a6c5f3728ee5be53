// Work side by side: as many at a time as there are lanes, results in the order of the things.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inLanes } from '../../src/cli/lanes.js'

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

it('never more at a time than lanes, all done, in order', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 2 }), { maxLength: 8 }),
      fc.integer({ min: 1, max: 4 }),
      async (things, lanes) => {
        let now = 0
        let most = 0
        const found = inLanes(things, lanes, async (ms) => {
          now += 1
          most = Math.max(most, now)
          await later(ms)
          now -= 1
          return ms
        })
        expect(await Promise.all(found)).toEqual(things)
        expect(most).toBe(Math.min(lanes, things.length))
      },
    ),
    { numRuns: 30 },
  ))

it('one that fails frees its lane, and is told to whoever awaits it', async () => {
  const found = inLanes([1, 2, 3], 1, async (n) => {
    if (n < 3) throw new Error(`not ${n}`)
    return n
  })
  expect(await found[2]).toBe(3)
  await expect(found[0]).rejects.toThrow('not 1')
})
