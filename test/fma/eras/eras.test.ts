// The same host, the same seed, the same faults, under five eras, with message-signalled interrupts
// and without: what is seen, what is diagnosed, what is done and what nobody can know. Five golden
// transcripts, each with both. `npm run test:update` rewrites them; read the diff.
import { expect, it } from 'vitest'
import { DISPLAY } from '../../../src/base/display.js'
import type { Page } from '../../../src/base/page.js'
import { caseLines } from '../../../src/fma/explain/case-lines.js'
import { explainCase } from '../../../src/fma/explain/explain-case.js'
import { requestText } from '../../../src/fma/explain/request-text.js'
import { unseenLines } from '../../../src/fma/explain/unseen.js'
import type { FaultManagement } from '../../../src/fma/host/fault-management.js'
import { renderValue } from '../../../src/session/render.js'
import { managed, seconds } from '../host/managed.js'

/** A cache of pcpu 1, a page that nobody has, and two devices: one whose link corrupts packets, one
 *  that gets no answer. */
const STORY = `
cache level=1 pcpu=1 every=10s times=5
memory address=0x40000000 at=2s every=10s times=5
pcie at=3s error=BadTLP function=03:00.0 every=20s times=8
pcie at=200s error=CmpltTO function=04:00.0`

const SECONDS = 300

it.each(['metal', 'xvm-3.1', 'xvm-mca', 'xen-4.17', 'xen-4.20'])('%s', async (era) => {
  const [most, least] = [transcript(era, true), transcript(era, false)]
  const told = `${most}\n${least}`
  await expect(told).toMatchFileSnapshot(`${era}.txt`)
})

function transcript(era: string, msi: boolean): string {
  const { machine, management } = managed({ era, msi, processor: 'westmere', seed: 7 })
  machine.checks.plan(STORY)
  seconds(machine, SECONDS)
  const pcpus = machine.access.pcpus().items.map(({ pcpu, isOnline, isFaulted }) => {
    const isIn = isOnline.kind === 'known' && isOnline.value
    return `${pcpu} ${isIn ? 'on-line' : isFaulted ? 'faulted' : 'off-line'}`
  })
  const parts = [
    `==== ${era}, ${msi ? 'with' : 'without'} message-signalled interrupts`,
    `error log: ${countsOf(management)}`,
    'diagnoses:',
    ...management.manager.cases().map((each) => caseLines(each)),
    'acts:',
    ...actLines(management),
    `pcpus: ${pcpus.join(', ')}`,
    `page 0x40000: ${machine.hypervisor.frames.ownerOf(0x40000).kind}`,
    'not seen:',
    ...unseenLines(management),
    ...explanations(management),
  ]
  return `${parts.join('\n')}\n`
}

/** How many ereports of each class. */
function countsOf(management: FaultManagement): string {
  const counts = new Map<string, number>()
  for (const { event: list } of management.log('error')) {
    const member = list.get('class')
    const name = member?.kind === 'string' ? member.value : '?'
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].map(([name, count]) => `${name} x ${count}`).join(', ') || 'empty'
}

function actLines({ acts }: FaultManagement): readonly string[] {
  return acts
    .filter(({ what }) => what.kind !== 'tell')
    .map(({ module, what, outcome }) => {
      const became =
        outcome?.kind === 'refused' ? `${outcome.error}: ${outcome.why}` : outcome?.kind
      return `${module}: ${requestText(what)}: ${became}`
    })
}

function explanations(management: FaultManagement): readonly string[] {
  return management.manager.cases().map((each) => {
    const shown: Page = explainCase(management, each)
    return `---- ${renderValue({ [DISPLAY]: () => shown }, 80)?.['text/plain']}`
  })
}
