// What one bank holds after errors came, in any order. Oracle: the overwrite rules, severities and
// counts of the SDM's tables 15-1, 15-2, 15-6 and 15-8, as the facts have them.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BankError, clearBank, logError, newBank } from '../../src/backend/sim/mca/bank.js'
import { correctedCount, mcgCapability, mciTracking } from '../../src/machine/mci-status.js'
import { decodeMsr, encodeMsr } from '../../src/machine/msr/msr-value.js'

const BARE = mcgCapability(0x100n)
const COUNTS = mcgCapability(0xc00n)
const RECOVERS = mcgCapability(0x100_0c00n)
const UC = 1n << 61n
const PCC = 1n << 57n
const S = 1n << 56n
const AR = 1n << 55n
const CMCI_EN = 1n << 30n

const error = (status: bigint, more: Partial<BankError> = {}): BankError => ({
  status,
  enable: 0,
  tracked: false,
  ...more,
})
/** Names of the flags of a status that are set. */
const flags = (status: bigint): string =>
  decodeMsr('MC0_STATUS', status)
    .fields.filter(({ field, raw }) => field.high === field.low && raw === 1n)
    .map(({ field }) => field.name)
    .join(' ')

describe('one error', () => {
  it.each([
    { name: 'corrected', status: 0x135n, flags: 'VAL EN', exception: false },
    { name: 'uncorrected', status: UC | 0x135n, flags: 'VAL UC EN', exception: true },
    { name: 'fatal', status: UC | PCC | 0x135n, flags: 'VAL UC EN PCC', exception: true },
  ])('$name', ({ status, flags: expected, exception }) => {
    const bank = newBank()
    expect(logError(bank, error(status), BARE)).toEqual({ lost: false, cmci: false, exception })
    expect(flags(bank.status)).toBe(expected)
    expect(bank.status & 0xffffn).toBe(0x135n)
  })

  it('tells where and more only when it was told', () => {
    const bank = newBank()
    logError(bank, error(0x9fn, { address: 0x12345000n, misc: 0x8cn }), BARE)
    expect([flags(bank.status), bank.addr, bank.misc]).toEqual([
      'VAL EN MISCV ADDRV',
      0x12345000n,
      0x8cn,
    ])
  })

  it('of a kind that CTL masks is logged without EN, and raises no exception', () => {
    const bank = newBank()
    bank.ctl = ~1n & (2n ** 64n - 1n)
    expect(logError(bank, error(UC | PCC), BARE).exception).toBe(false)
    expect(flags(bank.status)).toBe('VAL UC PCC')
    clearBank(bank)
    expect(logError(bank, error(UC | PCC, { enable: 1 }), BARE).exception).toBe(true)
  })

  it.each([
    { name: 'no action required', status: UC, exception: false },
    { name: 'action optional', status: UC | S, exception: true },
    { name: 'action required', status: UC | S | AR, exception: true },
  ])('that needs $name raises an exception: $exception', ({ status, exception }) => {
    expect(logError(newBank(), error(status), RECOVERS).exception).toBe(exception)
  })
})

describe('a second error', () => {
  const first = { corrected: 0x135n, uncorrected: UC | 0x136n, fatal: UC | PCC | 0x137n }
  type Kind = keyof typeof first

  it.each<{ a: Kind; b: Kind; cap: typeof BARE; code: bigint; over: boolean }>([
    { a: 'corrected', b: 'corrected', cap: BARE, code: 0x135n, over: true },
    { a: 'corrected', b: 'corrected', cap: COUNTS, code: 0x135n, over: false },
    { a: 'corrected', b: 'uncorrected', cap: BARE, code: 0x136n, over: true },
    { a: 'corrected', b: 'uncorrected', cap: COUNTS, code: 0x136n, over: true },
    { a: 'uncorrected', b: 'corrected', cap: BARE, code: 0x136n, over: true },
    { a: 'uncorrected', b: 'corrected', cap: COUNTS, code: 0x136n, over: true },
    { a: 'uncorrected', b: 'uncorrected', cap: BARE, code: 0x136n, over: true },
    { a: 'uncorrected', b: 'fatal', cap: BARE, code: 0x137n, over: true },
    { a: 'fatal', b: 'uncorrected', cap: BARE, code: 0x137n, over: true },
    { a: 'fatal', b: 'fatal', cap: BARE, code: 0x137n, over: true },
  ])('$a, then $b, counting $cap.cmci', ({ a, b, cap, code, over }) => {
    const bank = newBank()
    logError(bank, error(first[a]), cap)
    const { lost } = logError(bank, error(b === a ? first[b] | 0x1000n : first[b]), cap)
    expect(bank.status & 0xffffn).toBe(code)
    expect(flags(bank.status).includes('OVER')).toBe(over)
    expect(lost).toBe(over)
  })
})

describe('where the hardware counts', () => {
  it('the count goes up to 32767 and stays there', () => {
    const bank = newBank()
    for (let n = 1; n <= 3; n++) {
      logError(bank, error(0x135n), COUNTS)
      expect(correctedCount(bank.status)).toBe(n)
    }
    bank.status = encodeMsr('MC0_STATUS', { COUNT: 32_766 }, bank.status)
    for (let n = 0; n < 4; n++) logError(bank, error(0x135n), COUNTS)
    expect(correctedCount(bank.status)).toBe(32_767)
  })

  it.each([1, 2, 5])('it interrupts once, at the threshold of %i', (threshold) => {
    const bank = { ...newBank(), ctl2: CMCI_EN | BigInt(threshold) }
    const cmcis = Array.from({ length: 8 }, () => logError(bank, error(0x135n), COUNTS).cmci)
    expect(cmcis.map((cmci, n) => (cmci ? n + 1 : 0)).filter((n) => n > 0)).toEqual([threshold])
  })

  it('nor does it interrupt where it was not told to', () => {
    const bank = { ...newBank(), ctl2: 1n }
    expect(logError(bank, error(0x135n), COUNTS).cmci).toBe(false)
  })

  it('tracked structures are green, and yellow once there were many', () => {
    const bank = newBank()
    const seen = Array.from({ length: 70 }, () => {
      logError(bank, error(0x135n, { tracked: true }), COUNTS)
      return mciTracking(bank.status)
    })
    expect(seen[0]).toBe('green')
    expect(seen.at(-1)).toBe('yellow')
    expect(seen.lastIndexOf('green')).toBe(seen.indexOf('yellow') - 1)
  })
})

const anyError = fc.record({
  status: fc.constantFrom(0n, UC, UC | PCC, UC | S, UC | S | AR).map((bits) => bits | 0x135n),
  enable: fc.constantFrom(0, 1),
  tracked: fc.boolean(),
  address: fc.constantFrom(0x1000n, 0x2000n),
})
const anyCap = fc.constantFrom(BARE, COUNTS, RECOVERS)

it('whatever comes, the worst that was enabled stays, and nothing is lost without OVER', () => {
  fc.assert(
    fc.property(fc.array(anyError, { minLength: 1, maxLength: 12 }), anyCap, (errors, cap) => {
      const bank = newBank()
      bank.ctl = 1n
      const lost = errors.map((e) => logError(bank, e, cap).lost)
      const hadOver = flags(bank.status).includes('OVER')
      expect(hadOver).toBe(lost.includes(true))
      expect(flags(bank.status)).toContain('VAL')
      const worst = errors.some((e) => (e.status & PCC) !== 0n)
        ? PCC
        : errors.some((e) => (e.status & UC) !== 0n)
          ? UC
          : 0n
      expect(bank.status & worst).toBe(worst)
      const corrected = errors.filter((e) => (e.status & UC) === 0n).length
      if (cap.cmci) expect(correctedCount(bank.status)).toBe(corrected)
    }),
  )
})

it('what software has read and emptied is empty; its controls stay', () => {
  const bank = { ...newBank(), ctl2: CMCI_EN | 2n }
  logError(bank, error(UC | PCC, { address: 1n, misc: 2n }), COUNTS)
  clearBank(bank)
  expect(bank).toEqual({ ...newBank(), ctl2: CMCI_EN | 2n })
})
