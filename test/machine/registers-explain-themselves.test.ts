import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DISPLAY } from '../../src/base/display.js'
import { MSRS, msrAt, msrNamed } from '../../src/machine/msr/msr-table.js'
import { decodeMsr, encodeMsr } from '../../src/machine/msr/msr-value.js'

it('no two registers share a number or a name', () => {
  expect(new Set(MSRS.map((m) => m.address)).size).toBe(MSRS.length)
  expect(new Set(MSRS.map((m) => m.name)).size).toBe(MSRS.length)
})

it('fields lie inside 64 bits, do not overlap, and have names of their own', () => {
  for (const { name, fields } of MSRS) {
    const taken = new Set<number>()
    for (const { high, low } of fields) {
      expect(high, name).toBeLessThan(64)
      expect(low, name).toBeLessThanOrEqual(high)
      for (let bit = low; bit <= high; bit++) {
        expect(taken.has(bit), `${name} bit ${bit}`).toBe(false)
        taken.add(bit)
      }
    }
    expect(new Set(fields.map((f) => f.name)).size, name).toBe(fields.length)
    expect(fields.length, name).toBeGreaterThan(0)
  }
})

it('what is decoded can be encoded again', () => {
  const value64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
  fc.assert(
    fc.property(fc.constantFrom(...MSRS), value64, value64, (msr, value, other) => {
      const decoded = decodeMsr(msr.address, value)
      const fields = decoded.fields.map((f) => {
        const raw = f.field.signed === true ? BigInt.asIntN(64, f.raw) : f.raw
        return [f.field.name, raw] as const
      })
      const again = encodeMsr(msr.name, Object.fromEntries(fields), other)
      expect(decodeMsr(msr.name, again).fields).toEqual(decoded.fields)
      expect(encodeMsr(msr.name, Object.fromEntries(fields), value)).toBe(value)
    }),
  )
})

it.each([
  ['IA32_MC4_STATUS', 0x411],
  ['mc4_status', 0x411],
  ['MCG_CAP', 0x179],
  ['0x179', 0x179],
  ['377', 0x179],
  [0xc0000080, 0xc0000080],
  [0x1a2n, 0x1a2],
  ['TSC', 0x10],
  ['PKG_ENERGY_STATUS', 0x611],
])('%s is register %i', (reference, address) => {
  expect(msrNamed(reference).address).toBe(address)
})

it.each([
  ['IA32_MCG_CPA', 'IA32_MCG_CAP'],
  ['MC4_STATS', 'IA32_MC4_STATUS'],
])('%s: did you mean %s', (reference, hint) => {
  expect(() => msrNamed(reference)).toThrow(expect.objectContaining({ code: 'msr.unknown', hint }))
})

it('a number without a register says so', () => {
  expect(() => msrNamed(0x7777)).toThrow(/0x7777/)
  expect(msrAt(0x7777)).toBeUndefined()
})

it('a field that is not there, or too small for what is put in, is refused', () => {
  expect(() => encodeMsr('MCG_CAP', { Cuont: 3 })).toThrow(
    expect.objectContaining({ code: 'msr.field', hint: 'Count' }),
  )
  expect(() => encodeMsr('MCG_CAP', { Count: 256 })).toThrow(/does not fit/)
})

it('what dom0 of Xen 4.17 reads as IA32_MCG_CAP shows itself', () => {
  expect(decodeMsr('IA32_MCG_CAP', 0x1000c02n)[DISPLAY]()['text/plain']).toMatchInlineSnapshot(`
    "IA32_MCG_CAP (0x179) = 0x0000000001000c02: what machine-check hardware there is, one a thread
        7:0  Count        2 banks  how many banks
          8  MCG_CTL_P    no       IA32_MCG_CTL is there
          9  MCG_EXT_P    no       registers of the moment of the error are there
         10  MCG_CMCI_P   yes      corrected errors are counted and can interrupt
         11  MCG_TES_P    yes      banks say whether corrected errors are getting many
      23:16  MCG_EXT_CNT  0        how many registers of that moment
         24  MCG_SER_P    yes      software can recover from some uncorrected errors
         25  MCG_EMC_P    no       firmware can be told of machine checks
         26  MCG_ELOG_P   no       firmware can add a log of its own
         27  MCG_LMCE_P   no       one logical processor alone can be told"
  `)
})

it('the status of a bank says how bad it is and what happened', () => {
  const { notes } = decodeMsr('IA32_MC6_STATUS', 0x9c0000400001009fn)
  expect(notes).toEqual(['corrected: the hardware repaired it', 'code 0x009f: mc, MC_CH_RD_ERR'])
  expect(decodeMsr('IA32_MC6_STATUS', 0n).notes).toEqual(['the bank is empty'])
})

it.each([
  ['PERF_STATUS', 0x2000_0000_1a00n, 'RATIO', '2600 MHz'],
  ['PERF_STATUS', 0x2000_0000_1a00n, 'VOLTAGE', '1 V'],
  ['TSC_ADJUST', 0xffff_ffff_ffff_ffffn, 'ADJUST', '-1 cycles'],
  ['IA32_PAT', 0x0007040600070406n, 'PA0', 'write-back'],
  ['APIC_BASE', 0xfee00900n, 'BASE', '0xfee00000'],
  ['APIC_BASE', 0xfee00900n, 'BSP', 'yes'],
])('%s %s: %s is %s', (name, value, field, text) => {
  const found = decodeMsr(name, value).fields.find((f) => f.field.name === field)
  expect(found?.text).toBe(text)
})
