// The probes whose names and arguments are known as types: those of our own providers.
import type { PCIE_PROBES } from '../probe/pcie-probes.js'
import type { PrivcmdProbe } from '../probe/privcmd-probes.js'
import type { XDT_PROBES } from '../probe/xdt-probes.js'
import type { XPV_PROBES } from '../probe/xpv-probes.js'

/** A row of the tables of `xpv`, `privcmd`, `xdt` and `pcie`. */
export type KnownProbe =
  | (typeof XPV_PROBES)[number]
  | (typeof XDT_PROBES)[number]
  | (typeof PCIE_PROBES)[number]
  | PrivcmdProbe
