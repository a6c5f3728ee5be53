import { expect, it } from 'vitest'
import { isOn } from '../../src/base/switch-value.js'
import { sortOrder } from '../../src/dtrace/aggregate/sort.js'
import { isSet } from '../../src/dtrace/print/options.js'

const VALUES: readonly (readonly [string, boolean])[] = [
  ['', true],
  ['y', true],
  ['yes', true],
  ['ON', true],
  ['set', true],
  ['1', true],
  ['n', false],
  ['NO', false],
  ['OFF', false],
  ['false', false],
  ['disabled', false],
  ['disable', false],
  ['unset', false],
  ['0', false],
]

it.each(VALUES)('an option given as "%s" is on: %s', (value, on) => {
  expect(isOn(value)).toBe(on)
  expect(isSet(new Map([['flowindent', value]]), 'flowindent')).toBe(on)
  expect(sortOrder(new Map([['aggsortrev', value]])).reverse).toBe(on)
})

it('an option that was not given is off', () => {
  expect(isOn(undefined)).toBe(false)
})
