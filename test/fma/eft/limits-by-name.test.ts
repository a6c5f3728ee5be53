// Limits that people set of SERD engines: by the name in the rules, by the name with its suffix, and
// which names there are.
import { expect, it } from 'vitest'
import { isSerdEngine, serdEngineNames } from '../../../src/fma/eversholt/engine-names.js'
import { ownRules } from '../../../src/fma/rules/own-rules.js'
import { rulesOf, Scenario } from './scenario.js'

const RULES = `
event ereport.x.bad@chip/core;
engine serd.x.worn@chip/core, N=3, T=1h;
event fault.x.worn@chip/core, engine=serd.x.worn@chip/core;
prop fault.x.worn@chip/core { setserdsuffix("_hot") } (0)-> ereport.x.bad@chip/core;
`

const limit = (name: string, n: number) => new Map([[name, { n, tNs: 3_600_000_000_000n }]])

/** How many ereports it takes. */
function takes(name: string, n: number): number {
  const serdOverrides = limit(name, n)
  const scenario = new Scenario(rulesOf(RULES), undefined, { serdOverrides })
  for (let sent = 1; sent < 20; sent++) {
    scenario.send('ereport.x.bad', 'chip0/core0')
    if (scenario.suspects().length > 0) return sent
  }
  return 0
}

it.each([
  { name: 'serd.x.worn', n: 1, after: 2 },
  { name: 'serd.x.worn', n: 6, after: 7 },
  { name: 'serd.x.worn_hot', n: 1, after: 2 },
  { name: 'serd.x.worn_cold', n: 1, after: 4 },
])('more than $n of $name is after $after', ({ name, n, after }) => {
  expect(takes(name, n)).toBe(after)
})

it('the limit of one suffix is of that one alone', () => {
  const serdOverrides = new Map([...limit('serd.x.worn', 6), ...limit('serd.x.worn_hot', 1)])
  const scenario = new Scenario(rulesOf(RULES), undefined, { serdOverrides })
  scenario.send('ereport.x.bad', 'chip0/core0')
  scenario.send('ereport.x.bad', 'chip0/core0')
  expect(scenario.suspects()).toEqual([['100 % fault.x.worn@motherboard0/chip0/core0']])
})

it('names are those of engines, with suffixes that are written out, or computed', () => {
  expect(serdEngineNames(rulesOf(RULES))).toEqual(['serd.x.worn', 'serd.x.worn_hot'])
  const known = ['page_ce', 'page_ce271456', 'dimm_ce'].map((n) => `serd.memory.generic-x86.${n}`)
  const unknown = ['serd.memory.generic-x86.page_cee', 'serd.x', 'memory.generic-x86.page_ce']
  for (const name of [...known, 'serd.io.device.nonfatal_btlp'])
    expect([name, isSerdEngine(ownRules(), name)]).toEqual([name, true])
  for (const name of unknown) expect([name, isSerdEngine(ownRules(), name)]).toEqual([name, false])
})
