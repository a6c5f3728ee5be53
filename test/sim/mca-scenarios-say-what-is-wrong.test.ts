// Scenarios: what they let happen, and every mistake of one, each with its place.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Fault } from '../../src/backend/sim/fault.js'
import { createSimulator, type SimMachine } from '../../src/backend/sim/sim-machine.js'
import { XpvError } from '../../src/base/error.js'
import { HW_PCIE } from '../../src/machine/observation.js'
import { printRequesterId, type RequesterId } from '../../src/machine/pci/requester-id.js'

const host = (seed = 1): SimMachine => createSimulator({ era: 'metal', seed })

function refusalOf(text: string): XpvError {
  try {
    host().checks.run(text)
  } catch (error) {
    if (error instanceof XpvError) return error
    throw error
  }
  throw new Error('it was not refused')
}

describe('mistakes', () => {
  it.each([
    ['cahe level=1', 1, 'kind is "cahe" (cache?)'],
    ['cache', 1, 'level is missing (level=1?)'],
    ['cache level=4', 7, 'level is 4 (1, 2, 3)'],
    ['cache level=1 levle=1', 15, 'levle is not known (level?)'],
    ['cache level=1 severity=corected', 15, 'severity is "corected" (corrected?)'],
    ['cache level=1 pcpu=-1', 15, 'pcpu is "-1", not a whole number from 0 on'],
    ['cache level=1 at=soon', 15, 'at is "soon", not a time (10s, 500ms, 2h)'],
    ['cache level=1 times=3', 15, 'times is said without how often (every=30s?)'],
    ['cache level=1 random', 15, 'random is said without how often (every=30s?)'],
    ['cache level=1 every=0s', 15, 'every is no time at all (10s?)'],
    ['cache level=1 level=2', 15, 'level was said already'],
    ['cache level=1 constructor', 15, 'constructor is not known'],
    ['cache level=1 __proto__=5', 15, '__proto__ is not known'],
    ['cache level=', 7, 'level= says nothing (name=value?)'],
    ['memory address=0x1ffffffffffffffff', 8, 'address is "0x1ffffffffffffffff", not a number'],
    ['raw bank=1', 1, 'status is missing'],
    ['raw bank=99 status=0x8000000000000000', 1, 'there is no bank 99 (0 to 8?)'],
    ['cache level=1 pcpu=9', 1, 'there is no pcpu 9 (there are pcpus 0 to 3?)'],
    ['memory channel=7', 1, 'there is no channel 7 (there are channels 0 to 1?)'],
    ['memory address=0xffffffffff', 1, 'there is no memory at 0xffffffffff'],
    ['pcie function=03:00.0', 1, 'error is missing'],
    ['pcie function=zz error=CmpltTO', 6, 'function is "zz", not a bus, device and function'],
    ['# only words', 1, 'no fault is in it'],
  ])('%s', (line, column, what) => {
    const { code, message } = refusalOf(line)
    expect(code).toBe('sim.scenario')
    const [first] = message.split('\n')
    const start = `line 1, column ${column}: ${what}`
    expect(first?.slice(0, start.length)).toBe(start)
  })

  it('all of them are told, in the order of the text, and nothing happens', () => {
    const machine = host()
    const text = 'cache level=9\n\ntlb levl=1 # no\nmemory rank=x row=-1\n'
    expect(() => machine.checks.run(text)).toThrow(
      expect.objectContaining({
        code: 'sim.scenario',
        message: [
          'line 1, column 7: level is 9 (1, 2, 3)',
          'line 3, column 5: levl is not known (level?)',
          'line 4, column 8: rank is "x", not a whole number from 0 on',
          'line 4, column 15: row is "-1", not a whole number from 0 on',
        ].join('\n'),
      }),
    )
    machine.run(1e9)
    expect(machine.checks.log).toEqual([])
  })

  it('one that this host cannot have keeps the others from happening', () => {
    const machine = host()
    expect(() => machine.checks.run('cache level=1\ncache level=1 pcpu=4')).toThrow(/line 2/)
    machine.run(1e9)
    expect(machine.checks.banks(0).every(({ status }) => status === 0n)).toBe(true)
  })
})

it.each([
  [{ kind: 'cache', level: 9 }, {}, 'level is 9'],
  [{ kind: 'cache', level: 1, lvel: 2 }, {}, 'lvel is not known'],
  [{ kind: 'tlb' }, { times: 5 }, 'it comes again, but after no time'],
  [{ kind: 'tlb' }, { atNs: -1 }, 'it cannot come after -1 ns'],
  [{ kind: 'tlb', pcpu: 4 }, {}, 'there is no pcpu 4'],
])('inject refuses %o, %o: %s', (fault, times, message) => {
  expect(() => host().checks.inject(fault as Fault, times)).toThrow(
    expect.objectContaining({ code: 'sim.fault', message }),
  )
})

describe('times', () => {
  const atSeconds = (machine: SimMachine) => machine.checks.log.map(({ atNs }) => atNs / 1e9)

  it('once, after so long', () => {
    const machine = host()
    expect(machine.checks.run('cache level=1 at=3s')).toBe(1)
    machine.run(60e9)
    expect(machine.checks.log).toHaveLength(1)
    expect(atSeconds(machine)[0]).toBeCloseTo(3, 3)
  })

  it('so often, at equal distances', () => {
    const machine = host()
    machine.checks.run('cache level=1 at=1s every=20s times=4')
    machine.run(200e9)
    expect(atSeconds(machine).map(Math.round)).toEqual([1, 21, 41, 61])
    expect(machine.checks.faults).toEqual([])
  })

  it('at random, so often on average, the same for the same seed', () => {
    const runs = [7, 7, 8].map((seed) => {
      const machine = host(seed)
      machine.checks.run('cache level=1 every=20s random')
      machine.run(3600e9)
      return atSeconds(machine)
    })
    expect(runs[0]).toEqual(runs[1])
    expect(runs[0]).not.toEqual(runs[2])
    // 180 on average; five standard deviations.
    expect(Math.abs((runs[0]?.length ?? 0) - 180)).toBeLessThan(67)
  })

  it('until it is mended', () => {
    const machine = host()
    const id = machine.checks.inject({ kind: 'tlb' }, { everyNs: 1e9, times: Infinity })
    machine.run(3.5e9)
    expect(machine.checks.mend(id)).toBe(true)
    const before = machine.checks.log.length
    machine.run(60e9)
    expect(machine.checks.log).toHaveLength(before)
    expect(machine.checks.mend(id)).toBe(false)
  })
})

it('a DIMM that wears out takes page after page, on one rank', () => {
  const machine = host()
  machine.checks.run('memory channel=1 dimm=1 rank=1 row=16 perPage=4 every=20s times=12')
  machine.run(300e9)
  const addresses = machine.checks.log.map(({ banks }) => Number(banks[0]?.addr))
  expect(addresses).toHaveLength(12)
  const places = addresses.map((address) => machine.checks.memory.placeOf(address))
  expect(places.map(({ row }) => row)).toEqual([16, 16, 16, 16, 17, 17, 17, 17, 18, 18, 18, 18])
  expect(new Set(places.map((p) => `${p.channel} ${p.dimm} ${p.rank}`))).toEqual(new Set(['1 1 1']))
  expect(new Set(addresses.map((a) => Math.floor(a / 4096))).size).toBe(3)
})

it('a fork has the same faults to come', () => {
  const machine = host(5)
  machine.checks.run('memory every=30s random\ncache level=2 every=45s random pcpu=3')
  machine.run(100e9)
  const other = machine.fork()
  for (const each of [machine, other]) each.run(500e9)
  expect(other.checks.log).toEqual(machine.checks.log)
  expect(other.checks.banks(3)).toEqual(machine.checks.banks(3))
})

it('faults of PCI Express happen in the same scenario, or are refused with it', () => {
  const machine = host()
  let rows = 0
  const close = machine.bus.listen(
    (code) => code === HW_PCIE,
    (batch) => {
      rows += batch.length
    },
  )
  const endpoint = printRequesterId(machine.pci.ids.at(-1) as RequesterId)
  machine.checks.run(`cache level=1\npcie function=${endpoint} error=RxErr at=1s`)
  machine.run(2e9)
  close()
  expect(rows).toBeGreaterThan(0)
  expect(refusalOf('pcie function=ff:1f.7 error=CmpltTO').message).toMatch(/^line 1, column 1: /)
})

it('what the manual shows happens', () => {
  const manual = readFileSync(join(import.meta.dirname, '../../docs/faults.md'), 'utf8')
  const shown = [...manual.matchAll(/```faults\n([^`]*)```/g)].map((m) => m[1] ?? '')
  expect(shown).not.toEqual([])
  for (const text of shown) expect(host().checks.run(text)).toBeGreaterThan(5)
})
