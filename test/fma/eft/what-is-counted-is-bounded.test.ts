// Ever-new pages leave nothing behind: engines that can fire no more go, and nobody else remembers
// their names.
import { expect, it } from 'vitest'
import { nv } from '../../../src/fma/event/nvlist.js'
import { HOUR, HostOfRules, partsOf, resourceOf, withProperties } from '../rules/host-of-rules.js'

const STRAND = 'chip=0/core=0/strand=0'
const RANK = 'chip=0/memory-controller=0/dram-channel=0/dimm=1/rank=0'

it('a page an hour for a year: the state is that of some days', () => {
  const on = new HostOfRules(withProperties(partsOf([STRAND, RANK]), () => ({})))
  const sizeAfter = (pages: number): number => {
    for (let page = 0; page < pages; page++) {
      on.wait(HOUR)
      on.tell('cpu.generic-x86.mem_ce', STRAND, {
        IA32_MCi_ADDR: nv.uint64(BigInt(next++) << 12n),
        resource: resourceOf(RANK),
      })
    }
    const [, eft] = on.manager.save().modules
    return JSON.stringify(eft, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
      .length
  }
  let next = 0x1000
  const week = sizeAfter(24 * 7)
  expect(on.manager.serdEngines('eft').length).toBeGreaterThan(0)
  expect(sizeAfter(24 * 51)).toBeLessThan(week * 2)
})
