// The probes whose names and arguments are known as types: those of our own providers.
import type { MCA_PROBES } from '../probe/mca-probes.js'
import type { MSR_PROBES } from '../probe/msr-probes.js'
import type { PCIE_PROBES } from '../probe/pcie-probes.js'
import type { PrivcmdProbe } from '../probe/privcmd-probes.js'
import type { XDT_PROBES } from '../probe/xdt-probes.js'
import type { XPV_PROBES } from '../probe/xpv-probes.js'

/** A row of the tables of `xpv`, `privcmd`, `xdt`, `msr`, `mca` and `pcie`. */
export type KnownProbe =
  | (typeof XPV_PROBES)[number]
  | (typeof XDT_PROBES)[number]
  | (typeof MSR_PROBES)[number]
  | (typeof MCA_PROBES)[number]
  | (typeof PCIE_PROBES)[number]
  | PrivcmdProbe
