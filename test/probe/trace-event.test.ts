import { expect, it } from 'vitest'
import { traceEvents } from '../../src/machine/trace-event.js'
import { decodedRecord, eventOf } from './decoded-record.js'
import { recordOf } from './trace-record.js'

const decoded = (hex: string): [string | undefined, Record<string, number | bigint>] => {
  const { code, words } = recordOf(hex)
  const values = decodedRecord(code, words)
  return [eventOf(code)?.name, Object.fromEntries(values.map(({ name, value }) => [name, value]))]
}

// Bytes and meanings from records that xenalyze 4.17.7 accepts; where it decodes wrongly, from
// Xen's source.
it.each([
  {
    hex: '11120290 0aca9a3b 00000000 00000300',
    name: 'runstate_change',
    values: { vcpu: 0, domid: 3, old_state: 2, new_state: 1 },
  },
  {
    hex: '01110290 14ca9a3b 00000000 00000300',
    name: 'runstate_change',
    values: { vcpu: 0, domid: 3, old_state: 1, new_state: 0 },
  },
  {
    hex: '0e8002b0 00ca9a3b 00000000 ff7f0000 00000000 88130000',
    name: 'switch_infprev',
    values: { domid: 32767, vcpu: 0, ran_ns: 5000 },
  },
  {
    hex: '0f8002c0 18ca9a3b 00000000 00000000 00000000 00000000 80c3c901',
    name: 'switch_infnext',
    values: { domid: 0, vcpu: 0, waited_ns: 0, slice_ns: 30_000_000 },
  },
  {
    hex: '0a8002c0 30ca9a3b 00000000 ff7f0000 00000000 00000000 00000000',
    name: 'switch',
    values: { prev_domid: 32767, prev_vcpu: 0, next_domid: 0, next_vcpu: 0 },
  },
  {
    hex: '048002a0 05ca9a3b 00000000 03000000 00000000',
    name: 'wake',
    values: { domid: 3, vcpu: 0 },
  },
  {
    hex: '078002b0 e4ef9a3b 00000000 04000000 00000000 03000000',
    name: 'shutdown',
    values: { domid: 4, vcpu: 0, reason: 3 },
  },
  { hex: '01100490 2ccb9a3b 00000000 05000000', name: 'domain_create', values: { domid: 5 } },
  { hex: '0d102090 f0ca9a3b 00000000 24000000', name: 'hypercall_v2', values: { op: 36 } },
  {
    hex: '0d1020a0 e0cb9a3b 00000000 1d001000 01000000',
    name: 'hypercall_v2',
    values: { op: 29, a0: 1 },
  },
  {
    hex: '0d1020b0 d0cc9a3b 00000000 14001001 05000000 03000000',
    name: 'hypercall_v2',
    values: { op: 20, a0: 5, a2: 3 },
  },
  {
    hex: '0e2020a0 d4cd9a3b 00000000 1a004000 04000000',
    name: 'hypercall_subcall',
    values: { op: 26, a1: 4 },
  },
  {
    hex: '041120d0 b0ce9a3b 00000000 00000081 ffffffff 78563412 007f0000 06000000',
    name: 'page_fault',
    values: { rip: 0xffffffff81000000n, address: 0x7f0012345678n, error_code: 6 },
  },
  {
    hex: '031120b0 14cf9a3b 00000000 10000081 ffffffff 0d801000',
    name: 'trap',
    values: { rip: 0xffffffff81000010n, trap: 13, has_error: 1, error_code: 0x10 },
  },
  {
    hex: '0b1120e0 78cf9a3b 00000000 67604523 01000080 00100000 8088ffff 20000081 ffffffff',
    name: 'ptwr_emulation',
    values: { pte: 0x8000000123456067n, address: 0xffff888000001000n, rip: 0xffffffff81000020n },
  },
  { hex: '01f01090 dccf9a3b 00000000 05000000', name: 'page_grant_map', values: { domid: 5 } },
  {
    hex: '04f01060 00010000 00000000 00020000 00000000 00000000 05000900',
    name: 'set_p2m_entry',
    values: { gfn: 0x100n, mfn: 0x200n, p2m_type: 0, domid: 5, order: 9 },
  },
  {
    hex: '021108b0 90cb9a3b 00000000 0c000000 efcdab81 ffffffff',
    name: 'vmexit',
    values: { exit_code: 12, rip: 0xffffffff81abcdefn, nested: 0 },
  },
  {
    hex: '0c200830 01040000 90000100 4000008c',
    name: 'msr_read',
    values: { msr: 0x401, value: 0x8c00004000010090n },
  },
  {
    hex: '01210830 02000000 78563412 0088ffff',
    name: 'pf_xen',
    values: { error_code: 2, address: 0xffff880012345678n },
  },
  {
    hex: '21200860 0003e0fe 00000000 ffffffff ffffffff 82010000 04000000',
    name: 'npf',
    values: { gpa: 0xfee00300n, mfn: 0xffffffffffffffffn, qualification: 0x182, p2m_type: 4 },
  },
  {
    hex: '082080b0 1cef9a3b 00000000 18000000 00ca9a3b 20cd9a3b',
    name: 'irq_handled',
    values: { irq: 24, tsc_in: 1_000_000_000, tsc_out: 1_000_000_800 },
  },
  {
    hex: `062080f0 80ef9a3b 00000000 18005100 01000000${' 00000000'.repeat(5)}`,
    name: 'irq_assign_vector',
    values: { irq: 24, vector: 0x51, mask0: 1, mask1: 0, mask2: 0, mask3: 0, mask4: 0, mask5: 0 },
  },
  {
    hex: '01f001c0 28ed9a3b 00000000 07000000 03000000 b8d59a3b 00000000',
    name: 'lost_records',
    values: { count: 7, domid: 3, vcpu: 0, first_tsc: 1_000_003_000n },
  },
])('$name decodes as $values', ({ hex, name, values }) => {
  expect(decoded(hex)).toEqual([name, values])
})

it('signed fields are signed', () => {
  const values = decodedRecord(0x22203, [0x0001_0002, 0xff67_697f, 5, 0xffff_fffe])
  expect(values.map(({ name, value }) => [name, value])).toEqual([
    ['vcpu', 2],
    ['domid', 1],
    ['credit', -10_000_001],
    ['budget', 5],
    ['delta', -2],
  ])
})

it('words that no layout names are shown, and fields past the end are left out', () => {
  const names = (code: number, extra: number): readonly string[] =>
    decodedRecord(code, [0, 0, 7, 8, 9].slice(0, extra)).map((v) => v.name)
  expect(names(0x28004, 3)).toEqual(['domid', 'vcpu', 'word2'])
  expect(names(0x28004, 1)).toEqual(['domid'])
  expect(names(0x201104, 3)).toEqual(['rip'])
  expect(names(0x800_f001, 2)).toEqual(['word0', 'word1'])
})

it('a hypercall whose argument bits promise more than the record holds keeps what is there', () => {
  const values = decodedRecord(0x20100d, [0x0050_0001, 11])
  expect(values.map(({ name, value }) => [name, value])).toEqual([
    ['op', 1],
    ['a0', 11],
  ])
})

it('each code has one meaning, in a main class of its own', () => {
  const codes = traceEvents().map((e) => e.code)
  expect(new Set(codes).size).toBe(codes.length)
  for (const code of codes) {
    const main = code >>> 16
    expect(main & (main - 1), code.toString(16)).toBe(0)
    expect(code, code.toString(16)).toBeLessThan(0x1000_0000)
  }
})

it.each([
  { code: 0x20f101, id: 0x201001, why: 'the hypercall record before Xen 4.3' },
  { code: 0x2f00a, id: 0x2800a, why: 'the switch record before Xen 3.4' },
  { code: 0x81502, id: 0x81002, why: '64-bit and nested' },
  { code: 0x40f206, id: 0x40f006, why: '4-level shadow' },
  { code: 0x21321, id: 0x21001, why: 'offline to blocked' },
])('$why', ({ code, id }) => expect(eventOf(code)?.id).toBe(id))
