// Reasons as trees: what is folded in short, that nothing is missing in full. The trees are written
// out by hand.
import { expect, it } from 'vitest'
import { spanText } from '../../src/base/span-text.js'
import { momentText } from '../../src/fma/explain/moment-text.js'
import { pathText } from '../../src/fma/explain/place-text.js'
import { reasonLines } from '../../src/fma/explain/reason-lines.js'
import type { Reason } from '../../src/fma/fmd/reason.js'

const part = (kind: Reason['kind'], what: string, verdict: Reason['verdict']): Reason => ({
  ...{ kind, what, verdict },
  children: [],
})

const CONDITION: Reason = {
  ...part('constraint', 'payloadprop("bank") == 6', 'fails'),
  values: [['payloadprop("bank")', '4']],
}
const gone = (place: string): Reason => ({
  ...part('fault', `fault.x@${place}`, 'disproved'),
  because: 'a condition of it does not hold',
  children: [CONDITION],
})
const TREE: Reason = {
  ...part('ereport', 'ereport.x@motherboard0/chip0', 'seen'),
  children: [
    {
      ...part('fault', 'fault.y@motherboard0/chip0', 'suspect'),
      children: [
        { ...CONDITION, verdict: 'holds' },
        {
          ...part('serd', 'serd.y@motherboard0/chip0', 'fired'),
          because: '2 in 30s, fires on more than 1 in 3d',
          values: [
            ['ereport.x', '1000000000'],
            ['ereport.x', '31000000000'],
          ],
        },
        part('ereport', 'ereport.z@motherboard0/chip1', 'not-seen'),
      ],
    },
    ...['chip0', 'chip1', 'chip2', 'chip3'].map(gone),
  ],
}

it('in short: what was dropped is one line, with the value that decided', () => {
  expect(reasonLines(TREE)).toEqual([
    'ereport.x@chip0: seen',
    '├─ fault.y: suspect',
    '│  ├─ serd.y: fired: 2 in 30s, fires on more than 1 in 3d',
    '│  │    at 0, +30 s',
    '│  └─ not seen: ereport.z@chip1',
    '└─ dropped: fault.x at 4 places: payloadprop("bank") == 6 does not hold ' +
      '(payloadprop("bank") is 4)',
  ])
})

it('in full: every part, every value, and which condition decided', () => {
  const lines = reasonLines(TREE, { full: true })
  expect(lines.filter((line) => line.includes('fault.x@')).length).toBe(4)
  const decided =
    'condition fails: payloadprop("bank") == 6 (payloadprop("bank") is 4)  <- this decided'
  expect(lines.filter((line) => line.endsWith(decided)).length).toBe(4)
  expect(lines).toContain(
    '│  ├─ condition holds: payloadprop("bank") == 6 (payloadprop("bank") is 4)',
  )
})

const named = (place: string, verdict: Reason['verdict']): Reason => {
  const what = 'payloadprop_contains("resource", asru(chip/dimm))'
  return { ...part('constraint', what, verdict), values: [['asru(chip/dimm)', place]] }
}
const asked = (place: string): Reason => ({
  ...part('constraint', 'a && b', 'fails'),
  children: [{ ...part('constraint', 'a', 'holds'), values: [] }, named(place, 'fails')],
})

it('parts that are simply not the one that is named are one line, whatever their class', () => {
  const other = (name: string, place: string): Reason => ({
    ...part('fault', `${name}@${place}`, 'disproved'),
    children: [asked(place)],
  })
  const children = ['chip0/dimm0', 'chip0/dimm1'].flatMap((place) => [
    other('fault.x', place),
    other('error.x', place),
  ])
  const tree = { ...part('ereport', 'ereport.x@chip0', 'seen'), children }
  expect(reasonLines(tree)).toEqual([
    'ereport.x@chip0: seen',
    '└─ dropped: fault.x, error.x at 2 places: the ereport names another part: ' +
      'payloadprop_contains("resource", asru(…)) is 0',
  ])
  expect(reasonLines(tree, { full: true }).slice(1, 5)).toEqual([
    '├─ fault.x@chip0/dimm0: disproved',
    '│  └─ 2 conditions asked',
    '│     ├─ holds: a',
    '│     └─ fails: payloadprop_contains("resource", asru(chip/dimm)) ' +
      '(asru(…) is chip0/dimm0)  <- this decided',
  ])
})

it.each([
  [115_250_000_000n, 'after 1 min 55.25 s'],
  [0n, 'after 0 s'],
  [7_200_000_000_000n, 'after 2 h'],
  [1_197_273_610_000_000_000n, '2007-12-10 08:00:10.000'],
])('the time %d is said as %s', (ns, text) => expect(momentText(ns)).toBe(text))

it.each([
  [119_999_999_662n, '120 s'],
  [59_999_998_800n, '60 s'],
  [70_000_000_000n, '70 s'],
  [5_400_000_000_000n, '90 min'],
  [999_999_999n, '1 s'],
  [2_666_000_000n, '2.666 s'],
  [1_500_000n, '1.5 ms'],
  [259_200_000_000_000n, '72 h'],
  [12n, '12 ns'],
])('%d ns is %s', (ns, text) => expect(spanText(ns)).toBe(text))

it.each([
  ['hostbridge0/pciexrc0', 'hostbridge0/pciexrc0'],
  ['hostbridge0/pciexrc0/pciexbus1/pciexdev0/pciexfn0', 'pciexbus1/pciexdev0/pciexfn0'],
  [
    'motherboard0/hostbridge0/pciexrc0/pciexbus1/pciexdev0/pciexfn0/pciexbus2/pciexdev1/pciexfn0',
    'pciexbus2/pciexdev1/pciexfn0',
  ],
])('%s is said as %s', (path, text) => expect(pathText(path)).toBe(text))
