// The typed objects and dom0's tools tell the same of one host.
import { expect, it } from 'vitest'
import { createSimulator } from '../../src/backend/sim/sim-machine.js'
import { DISPLAY } from '../../src/base/display.js'
import { hostObjects } from '../../src/machine/host-objects.js'
import { HostSnapshot } from '../../src/machine/host-snapshot.js'

interface Listed {
  readonly domid: number
  readonly config: { readonly b_info: { readonly max_memkb: number } }
}

/** What libxl lets a guest have beyond its configuration: LIBXL_MAXMEM_CONSTANT. */
const slackMiB = (domid: number): number => (domid === 0 ? 0 : 1)

it.each(['xen-4.17', 'xen-4.20'])('%s: what domains may have is what xl list -l says', (era) => {
  const machine = createSimulator({ era })
  machine.command(['xl', 'create', 'web1'])
  const listed: readonly Listed[] = JSON.parse(machine.command(['xl', 'list', '-l']).stdout)
  const { domains } = hostObjects(() => machine)
  const told = listed.map(({ domid, config }) => [
    domid,
    config.b_info.max_memkb / 1024 + slackMiB(domid),
  ])
  const seen = domains.map(({ domid, maxMemoryBytes }) => [domid, Number(maxMemoryBytes) / 2 ** 20])
  expect(seen).toEqual(told)
})

it('a snapshot says that it leaves out what time alone changes', () => {
  const machine = createSimulator({ era: 'xvm-mca' })
  const now = () => new HostSnapshot(machine.snapshot(), machine.access)
  const before = now()
  machine.run(1e9)
  const page = before.diff(now())[DISPLAY]()
  expect(page.parts.join('\n')).toMatch(/^1 s later: nothing is different; what time alone/)
})
