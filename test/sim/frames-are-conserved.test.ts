// Whatever happens to frames: each has one owner, and their number stays.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Frames } from '../../src/backend/sim/frames.js'

type Act =
  | { kind: 'populate'; domid: number; extents: number; order: number; pfn: number | undefined }
  | { kind: 'release'; domid: number; pfn: number; count: number }
  | { kind: 'destroy' | 'keep'; domid: number }
  | { kind: 'claim'; domid: number; pages: number }
  | { kind: 'retire' | 'reinstate'; mfn: number }

const MIB = 64
const domid = fc.integer({ min: 1, max: 4 })
const mfn = fc.integer({ min: -1, max: MIB * 256 + 10 })
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    kind: fc.constant('populate' as const),
    domid,
    extents: fc.integer({ min: 0, max: 9000 }),
    order: fc.constantFrom(0, 0, 3, 9),
    pfn: fc.option(fc.integer({ min: 0, max: 20000 }), { nil: undefined }),
  }),
  fc.record({
    kind: fc.constant('release' as const),
    domid,
    pfn: fc.integer({ min: 0, max: 20000 }),
    count: fc.integer({ min: 0, max: 5000 }),
  }),
  fc.record({ kind: fc.constantFrom('destroy' as const, 'keep' as const), domid }),
  fc.record({
    kind: fc.constant('claim' as const),
    domid,
    pages: fc.integer({ min: 0, max: 20000 }),
  }),
  fc.record({ kind: fc.constantFrom('retire' as const, 'reinstate' as const), mfn }),
)

function perform(frames: Frames, a: Act): void {
  switch (a.kind) {
    case 'populate': {
      const { extents, order, pfn } = a
      const before = frames.ownedBy(a.domid)
      const got = frames.populate(a.domid, {
        extents,
        order,
        ...(pfn === undefined ? {} : { pfn }),
      })
      expect(frames.ownedBy(a.domid) - before).toBe(got * 2 ** order)
      expect(got).toBeLessThanOrEqual(extents)
      break
    }
    case 'release':
      frames.release(a.domid, a.pfn, a.count)
      break
    case 'destroy':
      frames.releaseAll(a.domid)
      break
    case 'keep':
      frames.keepFor(a.domid, 8)
      break
    case 'claim':
      frames.claim(a.domid, a.pages)
      break
    case 'retire':
      frames.retire(a.mfn)
      break
    case 'reinstate':
      frames.reinstate(a.mfn)
      break
  }
}

const owned = (frames: Frames): number =>
  [1, 2, 3, 4].reduce((sum, domid) => sum + frames.ownedBy(domid), 0)

it('frames are conserved over any sequence', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      const frames = new Frames(MIB)
      for (const a of acts) {
        perform(frames, a)
        const sum = frames.free + frames.xen + frames.retired + owned(frames)
        expect(sum).toBe(frames.total)
        expect(frames.claimed).toBeLessThanOrEqual(frames.free)
      }
    }),
    { numRuns: 300 },
  )
})

it('every frame has exactly one owner, and pseudo-physical frames lead to their owner', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const frames = new Frames(MIB)
      for (const a of acts) perform(frames, a)
      const counts = new Map<string, number>()
      for (let mfn = 0; mfn <= frames.last; mfn++) {
        const owner = frames.ownerOf(mfn)
        const key = owner.kind === 'domain' ? `domain ${owner.domid}` : owner.kind
        counts.set(key, (counts.get(key) ?? 0) + 1)
      }
      expect(counts.get('free') ?? 0).toBe(frames.free)
      expect(counts.get('xen') ?? 0).toBe(frames.xen)
      expect(counts.get('retired') ?? 0).toBe(frames.retired)
      for (const domid of [1, 2, 3, 4]) {
        expect(counts.get(`domain ${domid}`) ?? 0).toBe(frames.ownedBy(domid))
        for (let pfn = 0; pfn < frames.endOf(domid); pfn += 97) {
          const behind = frames.frameOf(domid, pfn)
          if (behind !== undefined)
            expect(frames.ownerOf(behind)).toEqual({ kind: 'domain', domid })
        }
      }
    }),
    { numRuns: 25 },
  )
})

it('what is saved is what is restored', () => {
  fc.assert(
    fc.property(
      fc.array(act, { maxLength: 40 }),
      fc.array(act, { maxLength: 20 }),
      (past, next) => {
        const a = new Frames(MIB)
        for (const each of past) perform(a, each)
        const b = new Frames(MIB)
        b.restore(structuredClone(a.save()))
        for (const each of next) {
          perform(a, each)
          perform(b, each)
        }
        expect(b.save()).toEqual(a.save())
      },
    ),
    { numRuns: 100 },
  )
})

it('an owned frame retires when it is given back', () => {
  const frames = new Frames(MIB)
  frames.populate(1, { extents: 100, order: 0 })
  const mfn = frames.frameOf(1, 42) as number
  expect(frames.retire(mfn)).toEqual({ kind: 'pending', domid: 1 })
  expect(frames.retired).toBe(0)
  frames.releaseAll(1)
  expect(frames.ownerOf(mfn)).toEqual({ kind: 'retired' })
  expect(frames.reinstate(mfn)).toBe(true)
  expect(frames.ownerOf(mfn)).toEqual({ kind: 'free' })
})

it('extents of 2 MiB are aligned, and what another has claimed is not given', () => {
  const frames = new Frames(MIB)
  frames.populate(1, { extents: 3, order: 0 })
  frames.populate(2, { extents: 2, order: 9 })
  expect((frames.frameOf(2, 0) as number) % 512).toBe(0)
  expect(frames.claim(3, frames.free)).toBe(true)
  expect(frames.populate(1, { extents: 1, order: 0 })).toBe(0)
  expect(frames.populate(3, { extents: 1, order: 0 })).toBe(1)
})
