// The simplest rule: a fault that an ereport is the sign of, once there were enough.
import { expect, it } from 'vitest'
import { rulesIn, Scenario } from './scenario.js'

const STRAND = 'chip0/core1/strand0'
const FAULT = '100 % fault.x.strand@motherboard0/chip0/core1/strand0'

it('three close silently, the fourth within the hour is a fault', () => {
  const scenario = new Scenario(rulesIn('one-cause.esc'))
  for (let i = 0; i < 3; i++) {
    scenario.send('ereport.x.bad', STRAND)
    scenario.pass(1200)
  }
  expect(scenario.manager.cases()).toEqual([])
  scenario.send('ereport.x.bad', STRAND)
  expect(scenario.suspects()).toEqual([[FAULT]])
})

it.each([
  { seconds: 1200, fires: true, name: 'an hour from the first to the fourth' },
  { seconds: 1200.001, fires: false, name: 'three milliseconds more than an hour' },
])('$name: fires is $fires', ({ seconds, fires }) => {
  const scenario = new Scenario(rulesIn('one-cause.esc'))
  for (let i = 0; i < 4; i++) {
    if (i > 0) scenario.pass(seconds)
    scenario.send('ereport.x.bad', STRAND)
  }
  expect(scenario.suspects()).toEqual(fires ? [[FAULT]] : [])
})

it('strands are counted each by itself', () => {
  const scenario = new Scenario(rulesIn('one-cause.esc'))
  for (let i = 0; i < 6; i++) scenario.send('ereport.x.bad', `chip0/core1/strand${i % 2}`)
  expect(scenario.suspects()).toEqual([])
  scenario.send('ereport.x.bad', STRAND)
  expect(scenario.suspects()).toEqual([[FAULT]])
})
