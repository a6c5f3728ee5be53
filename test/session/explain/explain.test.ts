// What something means: each question has its page, in 80 columns; what nobody knows says what is
// near. `npm run test:update` rewrites the pages.
import { expect, it } from 'vitest'
import { createSimulator } from '../../../src/backend/sim/sim-machine.js'
import { XpvError } from '../../../src/base/error.js'
import { queriesOn } from '../../../src/index.js'
import { explain } from '../../../src/session/explain/explain.js'
import { renderValue } from '../../../src/session/render.js'

const { on } = queriesOn(() => createSimulator())
const shown = (what: unknown, as?: string): string =>
  `${renderValue(explain(what, as), 80)?.['text/plain']}\n`

it.each<[page: string, what: unknown, as?: string]>([
  ['status-without-a-bank', '0x9c0000400001009f'],
  ['status-of-bank-4', 0xb200_0000_0000_0f0fn, 'IA32_MC4_STATUS'],
  ['capability', 0x1000c02n, 'IA32_MCG_CAP'],
  ['register', 'MCG_CAP'],
  ['hypercall-of-two-eras', 27, 'hypercall'],
  ['hypercall-by-name', '__HYPERVISOR_sched_op'],
  ['sub-operation', 'XEN_DOMCTL_createdomain'],
  ['error', -3, 'error'],
  ['error-in-a-register', '0xffffffffffffffea'],
  ['number-with-readings', '0x17'],
  ['number-without', '0x123456789'],
  ['ereport-of-a-bank', 'ereport.cpu.generic-x86.l1dcache'],
  ['ereport-of-a-link', 'ereport.io.pciex.tl.cto'],
  ['aer-by-its-name', 'CmpltTO'],
  ['fault', 'fault.cpu.generic-x86.l1dcache'],
  ['message', 'GMCA-8000-LF'],
  ['fmri-of-hardware', 'hc://:serial=1/motherboard=0/chip=0/core=1/strand=0'],
  ['fmri-of-a-module', 'fmd:///module/cpumem-retire'],
  ['probe', 'xpv:::populate-physmap-start'],
  ['probes', 'xpv:::dom-create-*'],
  ['program', 'xdt:sched::wake /pcpu == 1/ { @[domid] = quantize(args[0]); }'],
  ['query', on('xdt:sched::wake').by('domid').count()],
  ['word-of-d', 'quantize'],
  ['option-of-d', 'aggsize'],
  ['pci-register', 0x4000, 'UESta'],
  ['pci-identity', 0x10d38086, 'pci'],
  ['trace-record', 0x2800e, 'trace'],
  ['trace-record-with-words', '0x2800e 3 1 12345'],
  ['trace-record-of-no-layout', '0x2800e 3'],
])('%s', async (page, what, as) => expect(shown(what, as)).toMatchFileSnapshot(`${page}.txt`))

it.each([
  ['hypercall 48', 'hypercall 48 mca'],
  ['hypercall 48 (0x30): mca', 'hypercall 48 mca'],
  ['hypercall domctl', 'hypercall 36 domctl'],
  ['domctl 1', 'domctl 1 createdomain'],
  ['error -3', 'ESRCH (3)'],
  ['ESRCH (3)', 'ESRCH (3)'],
  ['msr 0x179', 'IA32_MCG_CAP (0x179)'],
])('%s is understood as it is printed', (what, subject) => {
  const page = explain(what)
  expect(page.subject).toBe(subject)
  expect(explain(page.subject).subject).toBe(subject)
})

it.each<[what: unknown, as: string | undefined, message: RegExp, hint?: string]>([
  ['hypercall 999', undefined, /no hypercall/],
  ['domctl 999', undefined, /nothing is known/],
  ['hyper 48', undefined, /nothing is known/],
  ['IA32_MCG_CPA', undefined, /nothing is known/, 'IA32_MCG_CAP?'],
  ['ereport.cpu.generic-x86.l1dcahce', undefined, /nobody/, 'ereport.cpu.generic-x86.l1dcache?'],
  ['GMCA-8000-LG', undefined, /checksum/],
  ['xpv:::dom-creat-start', undefined, /no probe/, 'xpv:::dom-create-start?'],
  ['hcc:///a=0', undefined, /no scheme/, 'hc'],
  [999, 'hypercall', /no hypercall/],
  [2 ** 60, undefined, /lost digits/],
  [{}, undefined, /nothing to explain/],
  [1, 'IA32_MC4_STATSU', /no register/, 'IA32_MC4_STATUS'],
])('%s as %s is refused', (what, as, message, hint) => {
  let thrown: unknown
  try {
    explain(what, as)
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(XpvError)
  expect((thrown as XpvError).message).toMatch(message)
  if (hint !== undefined) expect((thrown as XpvError).hint).toBe(hint)
})

it('mistakes in a D program are all told', () => {
  expect(() => explain('xdt:sched::wake { @ = quantise(1); x = ; }')).toThrow(
    /syntax error.*quantise/,
  )
})
