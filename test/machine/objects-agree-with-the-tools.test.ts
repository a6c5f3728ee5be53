// The typed objects and dom0's tools tell the same of one host.
import { expect, it } from 'vitest'
import { createSimulator } from '../../src/backend/sim/sim-machine.js'
import { hostObjects } from '../../src/machine/host-objects.js'

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
