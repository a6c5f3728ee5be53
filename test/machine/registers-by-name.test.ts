// A pcpu's registers by the names people use for them.
import { expect, it } from 'vitest'
import { createSimulator } from '../../src/backend/sim/sim-machine.js'
import { hostObjects } from '../../src/machine/host-objects.js'
import { decodeMsr } from '../../src/machine/msr/msr-value.js'

const machine = createSimulator({ era: 'xen-4.20' })
const { msr } = hostObjects(() => machine).pcpus.at(1)
const by = msr as unknown as Readonly<Record<string, { readonly name: string } | undefined>>

it.each([
  { name: 'IA32_MCG_CAP', is: 'IA32_MCG_CAP' },
  { name: 'MCG_CAP', is: 'IA32_MCG_CAP' },
  { name: 'IA32_TSC', is: 'IA32_TIME_STAMP_COUNTER' },
])('msr.$name is $is', ({ name, is }) => expect(by[name]?.name).toBe(is))

it('what is spelled like a register and is none is refused, with the nearest', () => {
  expect(() => by['IA32_MCG_CAPP']).toThrow(/no register is called IA32_MCG_CAPP/)
})

it('any other name is no member, as of every object', () => {
  expect(by['then']).toBe(undefined)
  expect(msr.pcpu).toBe(1)
})

it.each([
  { count: 1n, says: '1 error' },
  { count: 2n, says: '2 errors' },
  { count: 0n, says: '0 errors' },
])('a unit goes with its number: $says', ({ count, says }) => {
  const { fields } = decodeMsr('IA32_MC0_STATUS', (1n << 63n) | (count << 38n))
  expect(fields.find(({ field }) => field.name === 'COUNT')?.text).toBe(says)
})
