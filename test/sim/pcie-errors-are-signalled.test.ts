// Error signalling by the specification: masks, severity, who may send, what a root port keeps,
// with and without message-signalled interrupts.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PcieFault } from '../../src/backend/sim/pci/fault.js'
import { AER_ERRORS } from '../../src/machine/pci/aer-error.js'
import { id, pciHost } from './pci-host.js'

const AT_ONCE = { atNs: 0, everyNs: 0, times: 1, random: false }
const NIC = '03:00.0'
const SSD = '04:00.0'
const HBA = '05:00.0'
/** Above the switch. */
const ROOT = id('00:02.0')
const OTHER_ROOT = id('00:04.0')

// Offsets: AER at 0x100 of every function, Express at 0x6c of ports, 0xe0 of the network card.
const UE_STATUS = { offset: 0x104, size: 4 } as const
const UE_MASK = { offset: 0x108, size: 4 } as const
const UE_SEVERITY = { offset: 0x10c, size: 4 } as const
const CE_STATUS = { offset: 0x110, size: 4 } as const
const CE_MASK = { offset: 0x114, size: 4 } as const
const CONTROL = { offset: 0x118, size: 4 } as const
const ROOT_COMMAND = { offset: 0x12c, size: 4 } as const
const ROOT_STATUS = { offset: 0x130, size: 4 } as const
const NIC_DEVCTL = { offset: 0xe8, size: 2 } as const
const NIC_DEVSTA = { offset: 0xea, size: 2 } as const
const COMMAND = { offset: 0x04, size: 2 } as const
const STATUS = { offset: 0x06, size: 2 } as const
const SECONDARY = { offset: 0x1e, size: 2 } as const
const BRIDGE_CONTROL = { offset: 0x3e, size: 2 } as const

type Place = { readonly offset: number; readonly size: 1 | 2 | 4 }

function host(era?: string) {
  const made = pciHost(era)
  made.pci.boot()
  const read = (at: string | number, { offset, size }: Place): number =>
    made.pci.read(typeof at === 'string' ? id(at) : id(text(at)), offset, size)
  const write = (at: string | number, place: Place, value: number): void =>
    made.pci.write(typeof at === 'string' ? id(at) : id(text(at)), place, value)
  const kinds = (): string[] => made.said().map((said) => said.kind)
  return { ...made, read, write, kinds }
}

const text = (n: number): string =>
  `${(n >> 8).toString(16)}:${((n >> 3) & 31).toString(16)}.${n & 7}`

/** A memory read of four bytes by 03:00.0, and a write. */
const READ = [0x0000_0001, 0x0300_0a0f, 0xfc00_0000, 0] as const
const WRITE = [0x4000_0001, 0x0300_000f, 0xfc00_0000, 0x1234_5678] as const
const HEADER = [0x0000_0001, 0x0300_0a0f, 0xfc00_0000, 0]

describe('where it is found', () => {
  it('a completion timeout: status, pointer, header, device status, signalled system error', () => {
    const { pci, read } = host()
    pci.inject({ kind: 'pcie', function: NIC, error: 'CmpltTO', header: HEADER })
    expect(read(NIC, UE_STATUS)).toBe(1 << 14)
    expect(read(NIC, CONTROL) & 0x1f).toBe(14)
    expect([0, 1, 2, 3].map((n) => read(NIC, { offset: 0x11c + 4 * n, size: 4 }))).toEqual(HEADER)
    expect(read(NIC, NIC_DEVSTA)).toBe(0b10)
    expect(read(NIC, STATUS) & 0x4000).toBe(0x4000)
  })

  it('the first error keeps pointer and header until somebody clears it', () => {
    const { pci, read, write } = host('xvm-3.1')
    pci.inject({ kind: 'pcie', function: NIC, error: 'CmpltTO', header: HEADER })
    pci.inject({ kind: 'pcie', function: NIC, error: 'MalfTLP', header: [1, 2, 3, 4] })
    expect(read(NIC, UE_STATUS)).toBe((1 << 14) | (1 << 18))
    expect(read(NIC, CONTROL) & 0x1f).toBe(14)
    expect(read(NIC, { offset: 0x120, size: 4 })).toBe(HEADER[1])
    write(NIC, UE_STATUS, 1 << 14)
    pci.inject({ kind: 'pcie', function: NIC, error: 'RxOF', header: [5, 6, 7, 8] })
    expect(read(NIC, CONTROL) & 0x1f).toBe(17)
    expect(read(NIC, { offset: 0x120, size: 4 })).toBe(6)
  })

  it('a masked error is latched, and neither logged nor told', () => {
    const { pci, read, write, kinds } = host()
    write(NIC, UE_MASK, 1 << 14)
    pci.inject({ kind: 'pcie', function: NIC, error: 'CmpltTO', header: HEADER })
    expect(read(NIC, UE_STATUS)).toBe(1 << 14)
    expect(read(NIC, CONTROL) & 0x1f).toBe(0)
    expect(read(NIC, { offset: 0x11c, size: 4 })).toBe(0)
    expect(read(NIC, NIC_DEVSTA)).toBe(0b10)
    expect(kinds()).toEqual(['latched'])
  })

  it('severity is what the register says', () => {
    const { pci, read, write, said } = host('xvm-3.1')
    write(NIC, UE_SEVERITY, 1 << 14)
    pci.inject({ kind: 'pcie', function: NIC, error: 'CmpltTO' })
    pci.inject({ kind: 'pcie', function: NIC, error: 'MalfTLP' })
    expect(read(NIC, NIC_DEVSTA)).toBe(0b110)
    const severities = said().filter((s) => s.kind === 'message')
    expect(severities.map((s) => s.severity)).toEqual([2, 1])
  })

  it('an advisory error is a correctable one, if that is not masked', () => {
    const { pci, read, write, said } = host('xen-4.20')
    pci.inject({ kind: 'pcie', function: NIC, error: 'TLP', advisory: true })
    expect(said().map((s) => s.kind)).toEqual(['latched'])
    expect([read(NIC, CE_STATUS), read(NIC, UE_STATUS)]).toEqual([1 << 13, 0])
    write(NIC, CE_MASK, 0)
    pci.inject({ kind: 'pcie', function: NIC, error: 'TLP', advisory: true, header: HEADER })
    expect(read(NIC, UE_STATUS)).toBe(1 << 12)
    expect(read(NIC, CONTROL) & 0x1f).toBe(12)
    expect(said().find((s) => s.kind === 'message')?.severity).toBe(0)
    expect(read(NIC, NIC_DEVSTA)).toBe(1)
  })

  it.each([
    { error: 'UnxCmplt', header: undefined, advisory: undefined, sent: 0 },
    { error: 'UnsupReq', header: READ, advisory: undefined, sent: 0 },
    { error: 'UnsupReq', header: WRITE, advisory: undefined, sent: 1 },
    { error: 'UnsupReq', header: undefined, advisory: undefined, sent: 1 },
    { error: 'CmpltAbrt', header: READ, advisory: undefined, sent: 0 },
    { error: 'CmpltAbrt', header: READ, advisory: false, sent: 1 },
    { error: 'CmpltTO', header: READ, advisory: undefined, sent: 1 },
    { error: 'MalfTLP', header: READ, advisory: true, sent: 2 },
  ])('who is advised: $error of $header, $advisory', ({ error, header, advisory, sent }) => {
    const { pci, said } = host('xvm-3.1')
    const more = { ...(header && { header }), ...(advisory !== undefined && { advisory }) }
    pci.inject({ kind: 'pcie', function: NIC, error, ...more })
    expect(said().find((s) => s.kind === 'message')?.severity).toBe(sent)
  })

  it('a checksum is wrong only where it is checked', () => {
    const { pci, read, write, said } = host('xen-4.20')
    const fault = { kind: 'pcie', function: NIC, error: 'ECRC' } as const
    expect(() => pci.inject(fault)).toThrow(expect.objectContaining({ code: 'pcie.not-checked' }))
    write(NIC, CONTROL, 0x100)
    pci.inject(fault)
    expect(read(NIC, UE_STATUS)).toBe(1 << 19)
    pci.inject(fault, { atNs: 1e6 })
    write(NIC, CONTROL, 0)
    said()
    pci.poll({ clear: true })
    pci.inject({ ...fault, error: 'CmpltTO' })
    expect(read(NIC, UE_STATUS)).toBe(1 << 14)
  })

  it.each([
    ['TLP', NIC, STATUS, 0x8000],
    ['CmpltAbrt', NIC, STATUS, 0x0800],
  ])('%s is also told in the terms of conventional PCI', (error, at, place, bit) => {
    const { pci, read } = host('xvm-3.1')
    pci.inject({ kind: 'pcie', function: at, error })
    expect(read(at, place) & bit).toBe(bit)
  })

  it('who asked in vain has received a master abort', () => {
    const { pci, read } = host('xvm-3.1')
    // A memory read by 03:00.0, refused by 05:00.0.
    pci.inject({ kind: 'pcie', function: HBA, error: 'UnsupReq', header: HEADER })
    expect(read(NIC, STATUS) & 0x2000).toBe(0x2000)
  })
})

describe('on its way', () => {
  it('a message passes both ports of the switch and ends at the root port', () => {
    const { pci, read, said } = host('xvm-3.1')
    pci.inject({ kind: 'pcie', function: NIC, error: 'CmpltTO' })
    expect(said().map((s) => [s.kind, s.at])).toEqual([
      ['latched', id(NIC)],
      ['message', id(NIC)],
      ['root-latched', ROOT],
    ])
    for (const bridge of ['02:00.0', '01:00.0', '00:02.0']) {
      expect(read(bridge, SECONDARY) & 0x4000, bridge).toBe(0x4000)
    }
    expect(read('02:01.0', SECONDARY)).toBe(0)
    expect(read(OTHER_ROOT, ROOT_STATUS)).toBe(0)
  })

  it('a bridge that does not forward holds it back', () => {
    const { pci, write, kinds, read } = host()
    write('02:00.0', BRIDGE_CONTROL, 0)
    pci.inject({ kind: 'pcie', function: NIC, error: 'CmpltTO' })
    pci.inject({ kind: 'pcie', function: NIC, error: 'BadTLP' })
    expect(kinds()).toEqual(['latched', 'message', 'latched', 'message'])
    expect(read(ROOT, ROOT_STATUS)).toBe(0)
  })

  it('DevCtl and SERR decide who may send', () => {
    const { pci, write, kinds } = host('xvm-3.1')
    write(NIC, NIC_DEVCTL, 0)
    pci.inject({ kind: 'pcie', function: NIC, error: 'BadTLP' })
    expect(kinds()).toEqual(['latched'])
    pci.inject({ kind: 'pcie', function: NIC, error: 'CmpltTO' })
    expect(kinds()).toContain('root-latched')
    write(NIC, COMMAND, 0x007)
    pci.inject({ kind: 'pcie', function: NIC, error: 'RxOF' })
    expect(kinds()).toEqual(['latched'])
    write(NIC, NIC_DEVCTL, 0b0100)
    pci.inject({ kind: 'pcie', function: NIC, error: 'RxOF' })
    pci.inject({ kind: 'pcie', function: NIC, error: 'CmpltTO' })
    expect(kinds()).toEqual(['latched', 'message', 'root-latched', 'source-lost', 'latched'])
  })

  it('an unsupported request needs leave of its own', () => {
    const { pci, write, kinds } = host()
    write(NIC, COMMAND, 0x007)
    write(NIC, NIC_DEVCTL, 0b0111)
    pci.inject({ kind: 'pcie', function: NIC, error: 'UnsupReq' })
    expect(kinds()).toEqual(['latched'])
    write(NIC, NIC_DEVCTL, 0b1111)
    pci.inject({ kind: 'pcie', function: NIC, error: 'UnsupReq' })
    expect(kinds()).toContain('message')
  })
})

describe('at the root port', () => {
  it('the first source is kept, the second is lost', () => {
    const { pci, read, said } = host('xvm-3.1')
    pci.inject({ kind: 'pcie', function: NIC, error: 'CmpltTO' })
    pci.inject({ kind: 'pcie', function: SSD, error: 'MalfTLP' })
    pci.inject({ kind: 'pcie', function: SSD, error: 'BadTLP' })
    // UERcvd, MultUERcvd, NonFatalMsg, FatalMsg; CERcvd; the first was not fatal.
    expect(read(ROOT, ROOT_STATUS)).toBe(0b110_1101)
    expect(read(ROOT, { offset: 0x134, size: 4 })).toBe((id(NIC) << 16) | id(SSD))
    const lost = said().filter((s) => s.kind === 'source-lost')
    expect(lost.map((s) => s.source)).toEqual([id(SSD)])
  })

  it('with messages: one interrupt, then dom0 clears and the next one is heard', () => {
    const { pci, kernel, read, said } = host('xen-4.20')
    pci.inject({ kind: 'pcie', function: NIC, error: 'CmpltTO' })
    pci.inject({ kind: 'pcie', function: SSD, error: 'CmpltTO' })
    expect(said().filter((s) => s.kind === 'interrupt')).toHaveLength(1)
    kernel.runUntil(1e6)
    expect(read(ROOT, ROOT_STATUS)).toBe(0)
    expect(read(NIC, UE_STATUS)).toBe(0)
    // Its source was lost: dom0 looked everywhere.
    expect(read(SSD, UE_STATUS)).toBe(0)
    pci.inject({ kind: 'pcie', function: HBA, error: 'CmpltTO' })
    pci.inject({ kind: 'pcie', function: NIC, error: 'CmpltTO' })
    const interrupts = said().filter((s) => s.kind === 'interrupt')
    expect(interrupts.map((s) => [s.at, s.source])).toEqual([
      [OTHER_ROOT, id(HBA)],
      [ROOT, id(NIC)],
    ])
  })

  it('without: latched, silent, found by a poll', () => {
    const { pci, kernel, read, kinds, said } = host('xvm-3.1')
    expect(read(ROOT, ROOT_COMMAND)).toBe(0)
    pci.inject({ kind: 'pcie', function: NIC, error: 'CmpltTO', header: HEADER })
    pci.inject({ kind: 'pcie', function: SSD, error: 'BadTLP' })
    kernel.runUntil(9e9)
    expect(kinds()).not.toContain('interrupt')
    const found = pci.poll({ clear: true })
    expect(found.map((f) => f.at)).toEqual([ROOT, id(NIC), id(SSD)])
    expect(found[0]?.root).toMatchObject({
      uncorrectableSource: id(NIC),
      correctableSource: id(SSD),
    })
    expect(found[1]).toMatchObject({ firstError: 14, header: HEADER })
    expect(said().map((s) => [s.kind, s.at, s.status, s.register])).toEqual([
      ['polled', ROOT, 0b10_0101, 0x30],
      ['polled', id(NIC), 1 << 14, 0x04],
      ['polled', id(SSD), 1 << 6, 0x10],
    ])
    expect(pci.poll()).toEqual([])
  })

  it('dom0 can poll by itself', () => {
    const { pci, kernel, said } = host('xvm-3.1')
    pci.pollEvery(15e9)
    pci.inject(
      { kind: 'pcie', function: NIC, error: 'BadTLP' },
      { atNs: 1e9, times: 40, everyNs: 1e9 },
    )
    kernel.runUntil(61e9)
    const all = said()
    expect(all.filter((s) => s.kind === 'latched')).toHaveLength(40)
    // Forty errors, three polls: what is found says only that there was one or more.
    const polls = all.filter((s) => s.kind === 'polled' && s.at === id(NIC))
    expect(polls.map((s) => s.ns / 1e9)).toEqual([15, 30, 45])
  })

  it('INTx is only pending: nobody listens on the pin', () => {
    const { pci, write, read, kinds } = host('xvm-3.1')
    write(ROOT, ROOT_COMMAND, 7)
    pci.inject({ kind: 'pcie', function: NIC, error: 'CmpltTO' })
    expect(kinds()).not.toContain('interrupt')
    expect(read(ROOT, STATUS) & 8).toBe(8)
  })
})

it('a reset of the bus below clears all but what is sticky', () => {
  const { pci, read, write } = host('xvm-3.1')
  pci.inject({ kind: 'pcie', function: NIC, error: 'DLP', header: HEADER })
  expect(read(NIC, { offset: 0x10, size: 4 })).not.toBe(0)
  write('02:00.0', BRIDGE_CONTROL, 0x42)
  write('02:00.0', BRIDGE_CONTROL, 0x02)
  expect(read(NIC, COMMAND)).toBe(0)
  expect(read(NIC, NIC_DEVSTA)).toBe(0)
  expect(read(NIC, { offset: 0x10, size: 4 })).toBe(0)
  expect(read(NIC, UE_STATUS)).toBe(1 << 4)
  expect(read(NIC, CONTROL) & 0x1f).toBe(4)
})

it('what is saved is restored, faults to come included', () => {
  const one = host()
  one.pci.inject({ kind: 'pcie', function: NIC, error: 'CmpltTO' })
  one.pci.inject(
    { kind: 'pcie', function: SSD, error: 'BadTLP' },
    { atNs: 5e6, times: 3, everyNs: 1e6 },
  )
  one.kernel.runUntil(5.5e6)
  const other = host()
  other.kernel.restore(structuredClone(one.kernel.save()))
  other.pci.restore(structuredClone(one.pci.save()))
  one.said()
  other.said()
  one.kernel.runUntil(1e9)
  other.kernel.runUntil(1e9)
  const said = one.said()
  expect(said.length).toBeGreaterThan(4)
  expect(other.said()).toEqual(said)
  expect(other.pci.save()).toEqual(one.pci.save())
})

it.each([
  [{ kind: 'pcie', function: '09:00.0', error: 'CmpltTO' }, 'pcie.no-function'],
  [{ kind: 'pcie', function: 'nonsense', error: 'CmpltTO' }, 'pcie.no-function'],
  [{ kind: 'pcie', function: '00:00.0', error: 'CmpltTO' }, 'pcie.not-express'],
  [{ kind: 'pcie', function: NIC, error: 'CmpltTimeout' }, 'pcie.no-error'],
  [{ kind: 'pcie', function: NIC, error: 'SDES' }, 'pcie.wrong-function'],
  [{ kind: 'pcie', function: NIC, error: 'CmpltTO', header: [1, 2] }, 'pcie.bad-header'],
  [{ kind: 'pcie', function: NIC, error: 'CmpltTO', header: [1, 2, 3, -4] }, 'pcie.bad-header'],
  [{ kind: 'pcie', function: NIC, error: 'BadTLP', header: HEADER }, 'pcie.no-header'],
  [{ kind: 'pcie', function: NIC, error: 'BadTLP', when: 5 }, 'pcie.unknown-key'],
])('%j is refused with %s and a hint, and nothing of its scenario happens', (fault, code) => {
  const { pci, said } = host()
  const good = { kind: 'pcie', function: NIC, error: 'CmpltTO' } as const
  let thrown: unknown
  try {
    pci.play([good, fault as PcieFault].map((fault) => ({ fault, ...AT_ONCE })))
  } catch (error) {
    thrown = error
  }
  expect(thrown).toMatchObject({ code })
  expect((thrown as { hint?: string }).hint).toBeTruthy()
  expect(said()).toEqual([])
})

it.each([{ atNs: -1 }, { times: 0, everyNs: 1 }, { times: 2, everyNs: 0 }, { atNs: Number.NaN }])(
  'times %j are refused',
  (times) => {
    const { pci } = host()
    const fault = { kind: 'pcie', function: NIC, error: 'BadTLP' } as const
    expect(() => pci.inject(fault, times)).toThrow(
      expect.objectContaining({ code: 'pcie.bad-number' }),
    )
  },
)

it('at random: as often as the rate says, the same for the same seed, until it is mended', () => {
  const times = (): number[] => {
    const { pci, kernel, said } = host('xvm-3.1')
    const fault = { kind: 'pcie', function: NIC, error: 'BadTLP' } as const
    const id = pci.inject(fault, { everyNs: 1e9, times: Number.POSITIVE_INFINITY, random: true })
    kernel.runUntil(400e9)
    expect(pci.mend(id)).toBe(true)
    kernel.runUntil(500e9)
    return said().flatMap((s) => (s.kind === 'latched' ? [s.ns] : []))
  }
  const all = times()
  expect(all.length).toBeGreaterThan(320)
  expect(all.length).toBeLessThan(480)
  expect(all.at(-1)).toBeLessThan(400e9)
  const gaps = all.slice(1).map((ns, i) => ns - (all[i] ?? 0))
  // Of exponential gaps 1 - 1/e are shorter than the mean.
  expect(gaps.filter((gap) => gap < 1e9).length / gaps.length).toBeCloseTo(1 - 1 / Math.E, 1)
  expect(times()).toEqual(all)
})

const FUNCTIONS = ['00:02.0', '00:04.0', '00:06.0', '01:00.0', '02:01.0', NIC, '03:00.1', SSD, HBA]
const ERRORS = AER_ERRORS.filter((e) => e.name !== 'SDES' && e.name !== 'ECRC').map((e) => e.name)

const fault = fc.record({
  kind: fc.constant('pcie' as const),
  function: fc.constantFrom(...FUNCTIONS),
  error: fc.constantFrom(...ERRORS),
})
const step = fc.oneof(
  { weight: 5, arbitrary: fault.map((f) => ({ kind: 'fault' as const, fault: f })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'poll' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'time' as const }) },
)

it('laws of any history of errors', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('xvm-3.1', 'xen-4.20'),
      fc.array(step, { maxLength: 40 }),
      (era, steps) => {
        const { pci, kernel, said, read } = host(era)
        for (const s of steps) {
          if (s.kind === 'fault') pci.inject(s.fault)
          else if (s.kind === 'poll') pci.poll({ clear: true })
          else kernel.runUntil(kernel.now + 1e6)
        }
        const all = said()
        const count = (kind: string): number => all.filter((s) => s.kind === kind).length
        expect(count('latched')).toBe(steps.filter((s) => s.kind === 'fault').length)
        expect(count('message')).toBeLessThanOrEqual(count('latched'))
        expect(count('root-latched')).toBe(count('message'))
        expect(count('source-lost') + count('interrupt')).toBeLessThanOrEqual(count('root-latched'))
        if (era === 'xvm-3.1') expect(count('interrupt')).toBe(0)
        // The pointer of a function with errors that may be told points at one of them.
        for (const at of FUNCTIONS) {
          const open = read(at, UE_STATUS) & ~read(at, UE_MASK)
          const first = read(at, CONTROL) & 0x1f
          if (open !== 0) expect((read(at, UE_STATUS) >>> first) & 1, at).toBe(1)
        }
        pci.poll({ clear: true })
        expect(pci.poll()).toEqual([])
      },
    ),
    { numRuns: 200 },
  )
})
