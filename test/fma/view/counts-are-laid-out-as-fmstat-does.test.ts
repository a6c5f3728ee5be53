import { expect, it } from 'vitest'
import { makeEna } from '../../../src/fma/event/ena.js'
import type { Ereport } from '../../../src/fma/event/ereport.js'
import { parseFmri } from '../../../src/fma/event/fmri.js'
import {
  printModuleStatistics,
  printSerdEngines,
  printStatistics,
  type Statistic,
} from '../../../src/fma/view/statistics.js'
import { exactTime, shortSize } from '../../../src/fma/view/units.js'
import { DIAGNOSED_NS, L1_EREPORT } from './diagnoses.js'

const count = (name: string, value: bigint, kind: Statistic['kind'] = 'count'): Statistic => ({
  ...{ name, value, kind },
  description: `what ${name} says`,
})

const eft = (recv: bigint, snaptime: bigint): readonly Statistic[] => [
  count('fmd.prdequeued', recv),
  count('fmd.accepted', recv - 1n),
  count('fmd.dispatched', 2n),
  count('fmd.dequeued', 2n),
  count('fmd.loadtime', 0n, 'time'),
  count('fmd.snaptime', snaptime, 'time'),
  count('fmd.dtime', 3_000_000n, 'time'),
  count('fmd.wlentime', 250_000_000n, 'time'),
  count('fmd.caseopen', 1n),
  count('fmd.casesolved', 12_345n),
  count('fmd.memtotal', 1_468_006n, 'size'),
  count('fmd.buftotal', 43n, 'size'),
]

it('a line for each module, by name', () => {
  const modules = [
    { name: 'syslog-msgs', statistics: [] },
    { name: 'eft', statistics: eft(5n, 500_000_000n) },
  ]
  expect(printModuleStatistics(modules)).toBe(`\
module             ev_recv ev_acpt wait  svc_t  %w  %b  open solve  memsz  bufsz
eft                      5       4  0.5    1.5   0   1     1 12345   1.4M    43b
syslog-msgs              0       0  0.0    0.0   0   0     0     0      0      0
`)
})

it('a later look tells what came since', () => {
  const before = [{ name: 'eft', statistics: eft(5n, 500_000_000n) }]
  const now = [{ name: 'eft', statistics: eft(9n, 1_500_000_000n) }]
  expect(printModuleStatistics(now, before).split('\n')[1]).toBe(
    'eft                      4       4  0.0    0.0   0   0     1 12345   1.4M    43b',
  )
})

it('what a module counts, with -a what fmd counts for it, with -z what is not 0', () => {
  const statistics = [count('fmd.accepted', 2n), count('b', 0n), count('a', 7n)]
  const [all, nonzero] = [true, true]
  const head = '                NAME VALUE            DESCRIPTION\n'
  const a = '                   a 7                what a says\n'
  const b = '                   b 0                what b says\n'
  const accepted = '        fmd.accepted 2                what fmd.accepted says\n'
  expect(printStatistics(statistics, { all: false, nonzero: false })).toBe(head + a + b)
  expect(printStatistics(statistics, { all, nonzero: false })).toBe(head + a + b + accepted)
  expect(printStatistics(statistics, { all, nonzero })).toBe(head + a + accepted)
  const kinds = [
    count('a', 10_000_000_000n, 'time'),
    count('b', 10_485_760n, 'size'),
    count('c', 0n, 'truth'),
  ]
  expect(printStatistics(kinds, { all, nonzero })).toBe(
    `${head}                   a 10s              what a says
                   b 10M              what b says
                   c false            what c says
`,
  )
})

it('SERD engines tell when they fire and what they hold', () => {
  const ereport = (timeNs: bigint): Ereport => ({
    ...{ class: L1_EREPORT, timeNs, payload: new Map() },
    ena: makeEna({ format: 1, generation: 0, id: 8, timeNs }),
    detector: parseFmri('hc:///motherboard=0/chip=0/core=1/strand=0'),
  })
  const tNs = 259_200_000_000_000n
  const engines = [
    { name: 'serd.x', n: 3, tNs, ereports: [], fired: false },
    {
      ...{ name: 'serd.cpu.generic-x86.l1dcache@motherboard0/chip0/core1/strand0', n: 3, tNs },
      ...{ ereports: [DIAGNOSED_NS - 90_000_000_000n, DIAGNOSED_NS].map(ereport), fired: true },
    },
  ]
  expect(printSerdEngines(engines, DIAGNOSED_NS)).toBe(`\
NAME                                  >N     T CNT                    DELTA STAT
serd.cpu.generic-x86.l1dcache@motherboard0/chip0/core1/strand0  >3    3d   2                      90s fire
serd.x                                >3    3d   0                       0d pend
`)
})

it.each([
  [259_200_000_000_000n, '3d'],
  [129_600_000_000_000n, '36h'],
  [90_000_000_000n, '90s'],
  [60_000_000_000n, '1m'],
  [1_500_000_000n, '1500ms'],
  [1_000_001n, '1000001ns'],
  [2_000n, '2us'],
  [0n, '0d'],
])('%d ns are %s', (ns, text) => expect(exactTime(ns)).toBe(text))

// The remainder of the last division decides: below ten of a unit there is a decimal.
it.each([
  [0n, '0'],
  [43n, '43b'],
  [1023n, '1023b'],
  [1024n, '1.0K'],
  [1280n, '1.2K'],
  [1536n, '1.5K'],
  [1792n, '1.8K'],
  [10_239n, '10.0K'],
  [10_240n, '10K'],
  [1_468_006n, '1.4M'],
  [1n << 60n, '1.0E'],
])('%d bytes are %s', (bytes, text) => expect(shortSize(bytes)).toBe(text))
