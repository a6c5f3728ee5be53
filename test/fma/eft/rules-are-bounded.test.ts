// Rules that would make too much, or have the engine think without end, are given up and say so; the
// rest of them goes on.
import { expect, it } from 'vitest'
import { instantiate } from '../../../src/fma/eversholt/instantiate.js'
import { board, part, rulesOf, Scenario, SMALL } from './scenario.js'

const LIMIT = 'defect.sunos.eft.undiag.limit'

/** Iterators that have nothing to do with each other: as many ways as there are choices of cores. */
const EXPLOSION = `
  event fault.x.wide@core;
  event error.x.wide@core;
  event ereport.x.wide@core;
  event fault.x.plain@core;
  event ereport.x.plain@core;
  prop fault.x.wide@core[a] (0)-> ${'bcdefghijklmnopqrst'
    .split('')
    .map((letter) => `error.x.wide@core[${letter}]`)
    .join(', ')};
  prop error.x.wide@core (0)-> ereport.x.wide@core;
  prop fault.x.plain@core (0)-> ereport.x.plain@core;`

const LIMITS = { arrows: 1000, arrowsOfStatement: 1000, steps: 1e5, stepsOfStatement: 1e4 }

it('a statement that explodes is left out', () => {
  const { tooLarge, arrows } = instantiate(rulesOf(EXPLOSION), SMALL, LIMITS)
  expect(tooLarge.map(({ index }) => index)).toEqual([0])
  expect(arrows).toBe(8)
})

it('what it matters to is not diagnosed, and says why; what it does not matter to is', () => {
  const scenario = new Scenario(rulesOf(EXPLOSION), SMALL, { limits: LIMITS })
  scenario.send('ereport.x.wide', 'chip0/core0')
  const why =
    'the rules make more of ereport.x.wide@motherboard0/chip0/core0 than can be considered'
  expect(scenario.suspects()).toEqual([[`100 % ${LIMIT}@motherboard0/chip0/core0: ${why}`]])
  scenario.send('ereport.x.plain', 'chip0/core0')
  expect(scenario.suspects()).toEqual([['100 % fault.x.plain@motherboard0/chip0/core0']])
})

it('errors that cause each other are no loop', () => {
  const rules = rulesOf(`
    #pragma allow_cycles 1
    event fault.x.a@core;
    event error.x.a@core;
    event error.x.b@core;
    event ereport.x.a@core;
    prop fault.x.a@core (0)-> error.x.a@core;
    prop error.x.a@core (0)-> error.x.b@core;
    prop error.x.b@core (0)-> error.x.a@core;
    prop error.x.b@core (1)-> ereport.x.a@core;`)
  const scenario = new Scenario(rules)
  scenario.send('ereport.x.a', 'chip0/core0')
  expect(scenario.suspects()).toEqual([['100 % fault.x.a@motherboard0/chip0/core0']])
})

it('errors that require each other are given up', () => {
  const rules = rulesOf(`
    #pragma allow_cycles 1
    event fault.x.a@core;
    event error.x.a@core;
    event error.x.b@core;
    event ereport.x.a@core;
    prop fault.x.a@core (1)-> error.x.a@core;
    prop error.x.a@core (1)-> error.x.b@core;
    prop error.x.b@core (1)-> error.x.a@core;
    prop error.x.b@core (1)-> ereport.x.a@core;`)
  const scenario = new Scenario(rules)
  scenario.send('ereport.x.a', 'chip0/core0')
  const [[only = ''] = []] = scenario.suspects()
  expect(only).toContain(`100 % ${LIMIT}@motherboard0/chip0/core0: the rules make more`)
})

it('a thousand errors in a row are thought through, or given up', () => {
  const errors = Array.from({ length: 1200 }, (_, i) => `error.x.n${i}`)
  const rules = rulesOf(`
    event fault.x.a@core; event ereport.x.a@core;
    ${errors.map((name) => `event ${name}@core;`).join('\n')}
    prop fault.x.a@core (0)-> error.x.n0@core;
    ${errors
      .slice(1)
      .map((name, i) => `prop ${errors[i]}@core (0)-> ${name}@core;`)
      .join('\n')}
    prop ${errors.at(-1)}@core (0)-> ereport.x.a@core;`)
  const scenario = new Scenario(rules)
  scenario.send('ereport.x.a', 'chip0/core0')
  const [[only = ''] = []] = scenario.suspects()
  expect(only).toContain(LIMIT)
})

it('requirements that are looked at again and again end', () => {
  // Each error waits for two causes of the next, and is asked by both of the one before.
  const depth = 40
  const names = Array.from({ length: depth }, (_, i) => [`error.x.l${i}`, `error.x.r${i}`] as const)
  const rules = rulesOf(`
    event fault.x.a@core; event ereport.x.a@core { within(1s) };
    ${names
      .flat()
      .map((name) => `event ${name}@core;`)
      .join('\n')}
    prop fault.x.a@core (1)-> ${names[0]?.join('@core, ')}@core;
    ${names
      .slice(1)
      .map(
        (next, i) =>
          `prop ${names[i]?.join('@core, ')}@core (2)->(2) ${next.join('@core, ')}@core;`,
      )
      .join('\n')}
    prop ${names.at(-1)?.join('@core, ')}@core (1)-> ereport.x.a@core;`)
  const scenario = new Scenario(rules)
  scenario.send('ereport.x.a', 'chip0/core0')
  scenario.pass(10)
  expect(scenario.suspects()).toHaveLength(1)
})

it('a host of a thousand parts makes a tree of what matters', () => {
  const host = board(...Array.from({ length: 1000 }, (_, i) => part(`chip${i}`, part('core0'))))
  const rules = rulesOf(`
    event fault.x.a@chip; event ereport.x.a@chip/core;
    prop fault.x.a@chip (0)-> ereport.x.a@chip/core<>;`)
  const scenario = new Scenario(rules, host)
  scenario.send('ereport.x.a', 'chip77/core0')
  expect(scenario.suspects()).toEqual([['100 % fault.x.a@motherboard0/chip77']])
})

it('engines that trip each other without end are given up', () => {
  const rules = rulesOf(`
    event ereport.x.a@core; event ereport.x.b@core;
    engine serd.x.a@core, N=0, T=1h, trip=ereport.x.b@core;
    engine serd.x.b@core, N=0, T=1h, trip=ereport.x.a@core;
    event upset.x.a@core, engine=serd.x.a@core;
    event upset.x.b@core, engine=serd.x.b@core;
    prop upset.x.a@core (0)-> ereport.x.a@core;
    prop upset.x.b@core (0)-> ereport.x.b@core;`)
  const scenario = new Scenario(rules)
  scenario.send('ereport.x.a', 'chip0/core0')
  const [[only = ''] = []] = scenario.suspects()
  expect(only).toContain(`100 % ${LIMIT}@motherboard0/chip0/core0: the rules make more`)
})

it('a statement that takes all there is leaves enough for those that need little', () => {
  const limits = { arrows: 1000, arrowsOfStatement: 1000, steps: 1e4, stepsOfStatement: 1e4 }
  const { tooLarge, arrows } = instantiate(rulesOf(EXPLOSION), SMALL, limits)
  expect(tooLarge.map(({ index }) => index)).toEqual([0])
  expect(arrows).toBe(8)
})
