// The catalog every machine starts with: dtrace, profile, and the tables of our own providers.
import { ProbeCatalog } from './catalog.js'
import { XDT_PROBES } from './xdt-probes.js'

/** A fresh catalog of all providers. Fresh, since patterns may add profile probes to it. */
export function standardCatalog(): ProbeCatalog {
  return new ProbeCatalog([XDT_PROBES])
}
