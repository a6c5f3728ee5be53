import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editDistance } from '../../src/base/nearest.js'
import { parsePattern } from '../../src/dtrace/probe/pattern.js'
import { standardCatalog } from '../../src/dtrace/probe/standard-catalog.js'
import { suggestProbe } from '../../src/dtrace/probe/suggest.js'

const CATALOG = standardCatalog()

it.each([
  ['xpv:::dom-creat-start', 'xpv:::dom-create-start'],
  ['xdt:sched::wkae', 'xdt:sched::wake'],
  ['xtd:::wake', 'xdt:::wake'],
  ['xdt:shed::off-cpu', 'xdt:sched::off-cpu'],
  ['xdt:sched:foo:wake', 'xdt:sched::wake'],
  ['hypercal', 'hypercall'],
  ['BEGINN', 'BEGIN'],
  ['xvp:::*-start', 'xpv:::*-start'],
  ['privcmd:domctl', 'privcmd:domctl::'],
  ['privcmd:domctl:', 'privcmd:domctl::'],
  ['xdt:sched', 'xdt:sched::'],
])('%s: did you mean %s?', (written, meant) => expect(suggestProbe(CATALOG, written)).toBe(meant))

it.each([
  ['xdt:::wake', 'it matches'],
  ['something-else-entirely', 'nothing is near'],
  ['99999', 'an id is not a slip'],
  ['a:b:c:d:e', 'too many parts'],
])('%s: no suggestion, since %s', (written) =>
  expect(suggestProbe(CATALOG, written)).toBeUndefined(),
)

it('suggests only what matches a probe', () => {
  const names = CATALOG.probes.map((p) => p.name)
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.nat(), fc.string({ maxLength: 1 }), (name, at, c) => {
      const place = at % (name.length + 1)
      const near = suggestProbe(CATALOG, `${name.slice(0, place)}${c}${name.slice(place + 1)}`)
      if (near === undefined) return
      const pattern = parsePattern(near)
      expect(pattern !== 'overspecified' && CATALOG.match(pattern).length > 0).toBe(true)
    }),
    { numRuns: 60 },
  )
})

describe('edit distance', () => {
  it.each([
    ['', '', 0],
    ['wake', 'wake', 0],
    ['wake', 'wkae', 1],
    ['wake', 'wakes', 1],
    ['wake', 'wke', 1],
    ['kitten', 'sitting', 3],
    ['abc', '', 3],
  ])('%s, %s: %i', (a, b, slips) => expect(editDistance(a, b)).toBe(slips))
})
