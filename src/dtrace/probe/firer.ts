// The firer of a program run: observations of every kind become firings of the enabled probes.
//
//   trace records            ->  xdt, the batch loop
//   calls and marks of dom0  ->  xpv and privcmd, row by row
//   what hardware said       ->  msr, mca and pcie, row by row
//
// Holds: rows stay in time order, whichever provider they fire.
import type { ProbeCatalog } from './catalog.js'
import type { ProbeId } from './description.js'
import { createDom0Firer } from './fire-dom0.js'
import { createMcaFirer } from './fire-mca.js'
import { createMsrFirer } from './fire-msr.js'
import { createPcieFirer } from './fire-pcie.js'
import { createTraceFirer } from './fire-trace.js'
import type { Firer, FiringNeeds } from './firing.js'
import { joinRowFirers } from './row-firers.js'

/** A firer for the enabled probes of a catalog. `profile` probes fire by time, not here: enabling
 *  one makes `contexts()` exact. */
export function createFirer(
  catalog: ProbeCatalog,
  enabled: ReadonlySet<ProbeId>,
  needs: FiringNeeds,
): Firer {
  const contexts = [...enabled].some((id) => catalog.byId(id)?.provider === 'profile')
  const makers = [createDom0Firer, createMsrFirer, createMcaFirer, createPcieFirer]
  const rows = makers.map((make) => make(enabled, needs))
  return createTraceFirer(enabled, needs, { contexts, dom0: joinRowFirers(rows) })
}
