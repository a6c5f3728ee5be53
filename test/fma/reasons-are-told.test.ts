// Reasons as trees: what is folded in short, that nothing is missing in full. The trees are written
// out by hand.
import { expect, it } from 'vitest'
import { spanText } from '../../src/base/span-text.js'
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

it('in short: what was disproved is counted, with the value that decided', () => {
  expect(reasonLines(TREE)).toEqual([
    'ereport.x@chip0: seen',
    '├─ fault.y@chip0: suspect',
    '│  ├─ serd.y@chip0: fired: 2 in 30s, fires on more than 1 in 3d',
    '│  │    at 0, +30 s',
    '│  └─ not seen: ereport.z@chip1',
    '└─ fault.x at 4 places (chip0, chip1, chip2 and 1 more): disproved: a condition of it does ' +
      'not hold: payloadprop("bank") is 4',
  ])
})

it('in full: every part, every value', () => {
  const lines = reasonLines(TREE, { full: true })
  expect(lines.filter((line) => line.includes('fault.x@')).length).toBe(4)
  expect(lines.filter((line) => line.includes('payloadprop("bank") = 4')).length).toBe(5)
  expect(lines).toContain('│  ├─ constraint payloadprop("bank") == 6: holds')
})

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
