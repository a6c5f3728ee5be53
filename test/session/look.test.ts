// `x?`: names of the session win over those of tables; two marks tell the definition too.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSimulator } from '../../src/backend/sim/sim-machine.js'
import { hostObjects } from '../../src/machine/host-objects.js'
import { askedIn } from '../../src/session/asked.js'
import { Session } from '../../src/session/session.js'

let session: Session
beforeAll(() => {
  const machine = createSimulator()
  session = new Session({
    globals: { ...hostObjects(() => machine) },
    commands: [{ name: 'xm', summary: 'a tool', usage: '', examples: [], run: async () => 0 }],
    write: () => {},
  })
})
afterAll(() => session.close())

async function shown(line: string): Promise<string> {
  const result = await session.evaluate(line)
  if (result.kind === 'error') return `! ${result.error.text}`
  return (result.kind === 'ok' && result.shown?.['text/plain']) || ''
}

it.each<[line: string, tells: RegExp]>([
  ['pcpus[1].idleNs?', /unit {4}nanoseconds\n {2}now {5}\d+ \(.*\)\n {2}source {2}the simulated/],
  ['pcpus[1].msr.IA32_MCG_CAP?', /8 {2}MCG_CTL_P/],
  ['IA32_MCG_CAP?', /^IA32_MCG_CAP \(0x179\)/],
  ['0x9c0000400001009f?', /MC_CH_RD_ERR/],
  ['xpv:::dom-create-start?', /args\[0\]/],
  ['ereport.cpu.generic-x86.l1dcache?', /sign of:\n {2}fault/],
  ['hc:///motherboard=0/chip=1?', /chip 1: a processor socket/],
  ['xdt:sched::wake { @ = count(); }?', /^1 clause on 1 probe/],
  ['Math.max?', /^Math\.max\(.*\): a function/],
  ['pcpus?', /^pcpus - .*\nmembers:/],
  ['domains?', /^domains - .*\nmembers:/],
  ['pcpus[0].banks?', /^pcpus\[0\]\.banks: /],
  ['nobodyKnowsThis?', /^! explain\.unknown/],
  ['pcpus[99].idleNs?', /^! /],
])('%s', async (line, tells) => expect(await shown(line)).toMatch(tells))

it('a name that a cell declared hides one of the tables', async () => {
  await session.evaluate('const domctl = (a: number) => a + 1')
  expect(await shown('domctl?')).toBe('domctl(a): a function')
  expect(await shown('domctl??')).toMatch(/declared in:\n {2}const domctl = \(a: number\)/)
})

it('a text of a variable is looked up, a number is explained', async () => {
  await session.evaluate("const code = 'GMCA-8000-LF', status = 0x9c0000400001009fn")
  expect(await shown('code?')).toMatch(/dictionary GMCA/)
  expect(await shown('status?')).toMatch(/IA32_MCi_STATUS/)
})

it.each(['a ? b : c', 'a ?', 'a ?? b', 'x = y?', 'f(1)\n?.a', '`a`?', '"why?"', '?', '??', '???'])(
  '%s asks nothing',
  (source) => expect(askedIn(source)).toBeUndefined(),
)
