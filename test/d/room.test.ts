// Programs that are right, and for which DTrace has no room: too many keys, too much scratch
// memory.
//
// Source: libdtrace dt_cg.c (dt_cg_arglist, dt_cg_subr_alloca_impl), DIF_DTR_NREGS.
import { expect, it } from 'vitest'
import { compile } from '../../src/dtrace/d/compile.js'
import { printCompileError } from '../../src/dtrace/d/print-error.js'
import { standardCatalog } from '../../src/dtrace/probe/standard-catalog.js'

const outcome = (text: string, options: Record<string, string> = {}): string => {
  const source = { part: 'script', text, file: 'f.d' } as const
  const result = compile([source], {
    catalog: standardCatalog(),
    options: new Map(Object.entries(options)),
  })
  return result.kind === 'ok' ? 'ok' : printCompileError(result, { errtags: true })
}

const keys = (count: number): string => Array.from({ length: count }, (_, i) => i).join(', ')
const NO_TUPLE =
  'dtrace: failed to compile script f.d: Insufficient tuple registers to generate code'

it.each([
  ['illumos', 8, 9],
  ['linux', 9, 10],
])('on %s an array has at most %d keys', (dialect, most, more) => {
  expect(outcome(`BEGIN { a[${keys(most)}] = 1; }`, { dialect })).toBe('ok')
  expect(outcome(`BEGIN { a[${keys(more)}] = 1; }`, { dialect })).toBe(NO_TUPLE)
  expect(outcome(`BEGIN { a[${keys(more)}] = 1; }`, { dialect, tregs: '12' })).toBe('ok')
})

it("an aggregation's keys are counted on linux only", () => {
  const text = `BEGIN { @[${keys(11)}] = count(); }`
  expect(outcome(text)).toBe('ok')
  expect(outcome(text, { dialect: 'linux' })).toBe(NO_TUPLE)
})

it.each([
  ['alloca(100)', '64', 'alloca(100) size larger than scratchsize 64'],
  ['copyin(0, 65)', '64', 'alloca(65) size larger than scratchsize 64'],
  ['alloca(-1)', '1k', 'alloca(18446744073709551615) size larger than scratchsize 1024'],
])('on linux %s is too much for scratchsize %s', (call, scratchsize, message) => {
  const text = `BEGIN { ${call}; }`
  const wanted = `dtrace: failed to compile script f.d: [D_ALLOCA_SIZE] line 1: ${message}`
  expect(outcome(text, { dialect: 'linux', scratchsize })).toBe(wanted)
  expect(outcome(text, { scratchsize })).toBe('ok')
  expect(outcome('BEGIN { alloca(64); }', { dialect: 'linux', scratchsize })).toBe('ok')
})
