// The catalog every machine starts with: dtrace, profile, and the tables of our own providers.
import { ProbeCatalog } from './catalog.js'
import type { ProbeDescription } from './description.js'
import { MCA_PROBES } from './mca-probes.js'
import { MSR_PROBES } from './msr-probes.js'
import { parsePattern, patternMatcher } from './pattern.js'
import { PCIE_PROBES } from './pcie-probes.js'
import { PRIVCMD_PROBES } from './privcmd-probes.js'
import { XDT_PROBES } from './xdt-probes.js'
import { XPV_PROBES } from './xpv-probes.js'

const TABLES = [XPV_PROBES, XDT_PROBES, PRIVCMD_PROBES, MSR_PROBES, MCA_PROBES, PCIE_PROBES]

/** A fresh catalog of all providers, without the probes that patterns in `lacks` name. Fresh, since
 *  patterns may add profile probes to it. */
export function standardCatalog(lacks: readonly string[] = []): ProbeCatalog {
  if (lacks.length === 0) return new ProbeCatalog(TABLES)
  const matchers = lacks.map((spec) => {
    const pattern = parsePattern(spec)
    return pattern === 'overspecified' ? () => false : patternMatcher(pattern)
  })
  const has = (probe: ProbeDescription): boolean => !matchers.some((matches) => matches(probe))
  return new ProbeCatalog(TABLES.map((probes) => probes.filter(has)))
}
