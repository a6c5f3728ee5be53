import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { mcaCode, mcaLeafClass } from '../../src/machine/mca-code.js'
import {
  correctedCount,
  mcgCapability,
  mciSeverity,
  mciTracking,
  withCorrectedCount,
  withTracking,
} from '../../src/machine/mci-status.js'

it('all 65,536 codes have the class and the name that illumos gives them', () => {
  const hash = createHash('sha256')
  for (let code = 0; code < 65_536; code++) {
    const { leafClass, compoundName } = mcaCode(code)
    hash.update(`${code.toString(16).padStart(4, '0')} ${leafClass} ${compoundName ?? '-'}\n`)
  }
  expect(hash.digest('hex')).toBe(
    'cd1bb6ee4350c060f4804841d150eba4b11c14c8bfee616aadc5bd266485a459',
  )
})

it.each([
  [0x0135, 'l1dcache', 'DCACHEL1_DRD_ERR'],
  [0x1135, 'l1dcache', 'DCACHEL1_DRD_ERR'],
  [0x010a, 'l2cache', 'GCACHEL2_ERR_ERR'],
  [0x0014, 'l0dtlb', 'DTLBLO_ERR'],
  [0x009f, 'mc', 'MC_CH_RD_ERR'],
  [0x0800, 'bus_interconnect_memory', 'BUSLO_SRC_ERR_M_NOTIMEOUT_ERR'],
  [0x0e0b, 'bus_interconnect_io', 'BUSLG__ERR_IO_NOTIMEOUT_ERR'],
  [0x0400, 'internal_timer', undefined],
  [0x0000, 'unknown', undefined],
])('code %x is %s, %s', (code, leafClass, compoundName) => {
  expect(mcaCode(code)).toMatchObject({ leafClass, compoundName })
})

it('only caches, TLBs and buses tell uncorrected errors apart by their class', () => {
  expect(mcaLeafClass(0x0135, true)).toBe('l1dcache_uc')
  expect(mcaLeafClass(0x009f, true)).toBe('mc')
  expect(mcaLeafClass(0x0800, true)).toBe('bus_interconnect_memory_uc')
  expect(mcaLeafClass(0x0135, false)).toBe('l1dcache')
})

// SDM table 15-6; the first is the example of an explicit write-back of the last-level cache.
it.each([
  [0xbd2000008000017an, true, 'srao'],
  [0x9c0000400001009fn, true, 'corrected'],
  [0xbd80000000000134n, true, 'srar'],
  [0xfd80000000000134n, true, 'fatal'],
  [0xbe00000000000400n, true, 'fatal'],
  [0xb000000000000136n, true, 'ucna'],
  [0xb000000000000136n, false, 'uncorrected'],
] as const)('%s with recovery %s is %s', (status, ser, severity) => {
  expect(mciSeverity(status, ser)).toBe(severity)
})

it('count and tracking are bits of their own', () => {
  const status64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
  fc.assert(
    fc.property(status64, fc.nat(0x9000), (status, count) => {
      const counted = withCorrectedCount(status, count)
      expect(correctedCount(counted)).toBe(Math.min(count, 0x7fff))
      expect(withCorrectedCount(counted, correctedCount(status))).toBe(status)
      const tracked = withTracking(status, 'yellow')
      expect(mciTracking(tracked)).toBe('yellow')
      expect(withTracking(tracked, mciTracking(status))).toBe(status)
    }),
  )
})

it('a captured IA32_MCG_CAP says what the hardware has', () => {
  expect(mcgCapability(0x100010an)).toEqual({
    banks: 10,
    cmci: false,
    tes: false,
    ser: true,
    lmce: false,
  })
})
