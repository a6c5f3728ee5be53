// What the hypervisor prints when it boots and when a pcpu goes, line by line against the console
// of a recorded one (Xen 4.20): numbers may differ, words and their order not.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createSimulator } from '../../src/backend/sim/sim-machine.js'

const RECORDED = readFileSync(join(import.meta.dirname, 'captures/xen-4.20-boot.txt'), 'utf8')

/** Lines without what differs between hosts and builds. */
const shapes = (text: string): string[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) =>
      line
        .replace('-pre', '')
        .replace(/ \(Debian.*| {2,}$/, '')
        .replace(/0x[0-9a-f]+|[0-9a-f]*\d[0-9a-f.]*/g, '#'),
    )

const ringOf = (era: string): string =>
  createSimulator({ era, sockets: 1, coresPerSocket: 4 }).hypervisor.ring.text()

it.each(['xen-4.17', 'xen-4.20'])('%s boots with lines of the recording, in its order', (era) => {
  const recorded = shapes(RECORDED)
  let at = 0
  for (const line of shapes(ringOf(era))) {
    const found = recorded.indexOf(line, at)
    expect(found, line).toBeGreaterThanOrEqual(at)
    // There are more devices here than there were.
    if (!line.includes('PCI add device')) at = found + 1
  }
  expect(at).toBeGreaterThan(20)
})

it('an older one says what there was to say', () => {
  expect(ringOf('xvm-3.1')).toContain('Using scheduler: SMP Credit Scheduler (credit)')
  expect(ringOf('xvm-3.1')).not.toContain('runqueue')
  expect(ringOf('metal')).toBe('')
})

it('a pcpu that goes and comes is told of as in the recording', () => {
  const machine = createSimulator({ era: 'xen-4.20', sockets: 1, coresPerSocket: 4 })
  machine.hypervisor.ring.clear()
  machine.command(['xen-hptool', 'cpu-offline', '3'])
  machine.command(['xen-hptool', 'cpu-online', '3'])
  expect(machine.hypervisor.ring.text()).toBe(
    '(XEN) Removing cpu 3 from runqueue 0\n(XEN) Adding cpu 3 to runqueue 0\n',
  )
})
