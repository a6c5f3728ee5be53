// The catalog every machine starts with: dtrace, profile, and the tables of our own providers.
import { ProbeCatalog } from './catalog.js'
import { MCA_PROBES } from './mca-probes.js'
import { MSR_PROBES } from './msr-probes.js'
import { PCIE_PROBES } from './pcie-probes.js'
import { PRIVCMD_PROBES } from './privcmd-probes.js'
import { XDT_PROBES } from './xdt-probes.js'
import { XPV_PROBES } from './xpv-probes.js'

/** A fresh catalog of all providers. Fresh, since patterns may add profile probes to it. */
export function standardCatalog(): ProbeCatalog {
  return new ProbeCatalog([
    XPV_PROBES,
    XDT_PROBES,
    PRIVCMD_PROBES,
    MSR_PROBES,
    MCA_PROBES,
    PCIE_PROBES,
  ])
}
