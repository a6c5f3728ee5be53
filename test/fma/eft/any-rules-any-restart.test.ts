// Whatever rules say and whatever comes: the engine does not fail, says the same again, and goes on
// after a restart as if nothing had been.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { nv } from '../../../src/fma/event/nvlist.js'
import { parseData, printData } from '../../../src/fma/fmd/data-text.js'
import type { FmdState } from '../../../src/fma/fmd/state.js'
import { board, part, rulesOf, Scenario, suspectsOf } from './scenario.js'

const HOST = board(part('chip0', part('core0'), part('core1')), part('chip1', part('core0')))
const COUNTS = ['', '(0)', '(1)', '(2)', '(A)']
const PATHS = ['chip/core', 'core', 'chip/core<>', 'chip[c]/core[k]', 'core<>'] as const
const CONSTRAINTS = [
  '',
  ' { within(2s) }',
  ' { payloadprop("bank") == 1 }',
  ' { payloadprop("bank") == 1 && setserdsuffix("_b") && setserdn(2) }',
  ' { confprop(chip/core, "a") == "" }',
  ' { $g == payloadprop("bank") }',
  ' { count(stat.x.s@core) < 2 }',
]

const arrow = fc.record({
  from: fc.nat(5),
  to: fc.nat(5),
  n: fc.constantFrom(...COUNTS),
  k: fc.constantFrom(...COUNTS),
  path: fc.constantFrom(...PATHS),
  constraint: fc.constantFrom(...CONSTRAINTS),
})
type Arrow = typeof arrow extends fc.Arbitrary<infer A> ? A : never

const CAUSES = ['fault.x.a', 'fault.x.b', 'upset.x.u', 'error.x.e', 'error.x.f', 'fault.x.c']
const EFFECTS = ['error.x.e', 'error.x.f', 'ereport.x.p', 'ereport.x.q', 'ereport.x.r', 'error.x.g']

function rulesText(arrows: readonly Arrow[]): string {
  const declared = ['chip/core', 'core'].map(
    (path) => `
    engine serd.x.s@${path}, N=1, T=1min, trip=ereport.x.r@${path};
    engine stat.x.s@${path};
    event fault.x.a@${path}, engine=serd.x.s@${path}, count=stat.x.s@${path};
    event fault.x.b@${path}, message=0, FITrate=20;
    event fault.x.c@${path};
    event upset.x.u@${path}, engine=serd.x.s@${path};
    event error.x.e@${path}; event error.x.f@${path}; event error.x.g@${path};`,
  )
  const ereports = ['chip/core', 'core'].flatMap((path) =>
    ['p', 'q', 'r'].map((name) => `event ereport.x.${name}@${path} { within(3s) };`),
  )
  const statements = arrows.map(({ from, to, n, k, path, constraint }) => {
    const at = path.replace('<>', '')
    const where = constraint.includes('chip/core') && !path.includes('[') ? 'chip/core' : path
    const cause = `${CAUSES[from]}@${where === 'core<>' ? 'core' : at}`
    const safe = constraint.includes('chip/core') && where !== 'chip/core' ? '' : constraint
    const stat = safe.includes('stat') && where !== 'core' ? '' : safe
    return `prop ${cause} ${n}->${k} ${EFFECTS[to]}@${where}${stat};`
  })
  return ['#pragma allow_cycles 1', ...ereports, ...declared, ...statements].join('\n')
}

const step = fc.oneof(
  fc.record({
    send: fc.constantFrom('ereport.x.p', 'ereport.x.q', 'ereport.x.r'),
    at: fc.constantFrom('chip0/core0', 'chip0/core1', 'chip1/core0', 'chip9/core0'),
    bank: fc.option(fc.bigInt(0n, 2n), { nil: undefined }),
  }),
  fc.record({ pass: fc.constantFrom(0.5, 2, 3, 10) }),
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** All that is diagnosed, with a restart before some steps. */
function diagnoses(text: string, steps: readonly Step[], restarts: ReadonlySet<number>): string[] {
  const scenario = new Scenario(rulesOf(text), HOST)
  const told: string[] = []
  for (const [i, one] of steps.entries()) {
    if (restarts.has(i)) scenario.restart(rulesOf(text))
    if ('pass' in one) scenario.pass(one.pass)
    else
      scenario.send(one.send, one.at, one.bank === undefined ? {} : { bank: nv.uint64(one.bank) })
    for (const solved of scenario.solved())
      told.push(`${i} ${solved.uuid} ${solved.ereports.length} ${suspectsOf(solved).join(', ')}`)
  }
  const failed = scenario.manager.moduleFacts().filter(({ status }) => status !== 'active')
  expect(failed).toEqual([])
  return told
}

it('a restart anywhere changes nothing', () => {
  fc.assert(
    fc.property(
      fc.array(arrow, { minLength: 1, maxLength: 12 }),
      fc.array(step, { minLength: 1, maxLength: 25 }),
      fc.uniqueArray(fc.nat(24), { maxLength: 4 }),
      (arrows, steps, restarts) => {
        const text = rulesText(arrows)
        const through = diagnoses(text, steps, new Set())
        expect(diagnoses(text, steps, new Set(restarts))).toEqual(through)
      },
    ),
    { numRuns: 60 },
  )
})

it('a case that was saved badly is given up, and says so', () => {
  const text = rulesText([
    { from: 0, to: 2, n: '(1)', k: '', path: 'core', constraint: '' },
    { from: 0, to: 3, n: '(1)', k: '', path: 'core', constraint: '' },
  ])
  const scenario = new Scenario(rulesOf(text), HOST)
  scenario.send('ereport.x.p', 'chip0/core0')
  const saved = printData(scenario.manager.save())
  const damaged = saved.replace(/startNs/g, '\\u0000').replace(/observations/g, 'observed')
  expect(damaged).not.toBe(saved)
  scenario.restart(rulesOf(text), parseData(damaged) as FmdState)
  scenario.pass(1)
  scenario.send('ereport.x.p', 'chip0/core1')
  expect(scenario.suspects()[0]?.[0]).toContain(
    '100 % defect.sunos.eft.undiag.checkpoint@?: what was saved of the case is damaged',
  )
})
