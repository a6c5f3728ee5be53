import { expect, it } from 'vitest'
import { parseProfileName } from '../../src/dtrace/probe/profile.js'

it.each([
  { name: 'tick-1', kind: 'tick', periodNs: 1_000_000_000 },
  { name: 'tick-1sec', kind: 'tick', periodNs: 1_000_000_000 },
  { name: 'tick-10ms', kind: 'tick', periodNs: 10_000_000 },
  { name: 'tick-500us', kind: 'tick', periodNs: 500_000 },
  { name: 'tick-200us', kind: 'tick', periodNs: 200_000 },
  { name: 'tick-250000nsec', kind: 'tick', periodNs: 250_000 },
  { name: 'profile-5000', kind: 'profile', periodNs: 200_000 },
  { name: 'profile-5001', kind: undefined, periodNs: undefined },
  { name: 'tick-199us', kind: undefined, periodNs: undefined },
  { name: 'tick-199999ns', kind: undefined, periodNs: undefined },
  { name: 'tick-1s1s', kind: undefined, periodNs: undefined },
  { name: 'tick-2m', kind: 'tick', periodNs: 120_000_000_000 },
  { name: 'tick-1hour', kind: 'tick', periodNs: 3_600_000_000_000 },
  { name: 'tick-1d', kind: 'tick', periodNs: 86_400_000_000_000 },
  { name: 'profile-997', kind: 'profile', periodNs: 1_003_009 },
  { name: 'profile-100hz', kind: 'profile', periodNs: 10_000_000 },
  { name: 'PROFILE-100', kind: undefined, periodNs: undefined },
  { name: 'profile-10MS', kind: 'profile', periodNs: 10_000_000 },
  { name: 'tick-0', kind: undefined, periodNs: undefined },
  { name: 'tick--1', kind: undefined, periodNs: undefined },
  { name: 'tick-1.5s', kind: undefined, periodNs: undefined },
  { name: 'tick-', kind: undefined, periodNs: undefined },
  { name: 'tick-5parsec', kind: undefined, periodNs: undefined },
  { name: 'profile-2000000000', kind: undefined, periodNs: undefined },
  { name: 'on-cpu', kind: undefined, periodNs: undefined },
])('$name fires every $periodNs ns', ({ name, kind, periodNs }) => {
  const parsed = parseProfileName(name)
  expect(parsed?.kind).toBe(kind)
  expect(parsed?.periodNs).toBe(periodNs)
})
