// How far the probes of each provider may be relied upon: its own name, the names of modules,
// functions and probes, and the arguments.
//
// Source: for dtrace and profile libdtrace and the kernel (dtrace.c, profile.c: dtrace_pattr_t).
// Ours are named after Xen's public interfaces, which change from release to release; modules and
// functions are what Xen calls them within.
import type { Stability } from './stability.js'

/** The five attributes of a provider. */
export interface ProviderStability {
  readonly provider: Stability
  readonly module: Stability
  readonly function: Stability
  readonly name: Stability
  readonly args: Stability
}

const attributes = (level: number, group: number): Stability => ({
  name: level,
  data: level,
  class: group,
})

const STABLE = attributes(6, 5)
const EVOLVING = attributes(5, 5)
const UNSTABLE = attributes(4, 5)
const PRIVATE = attributes(1, 0)

const KNOWN: Readonly<Record<string, ProviderStability>> = {
  dtrace: { provider: STABLE, module: PRIVATE, function: PRIVATE, name: STABLE, args: STABLE },
  profile: {
    provider: EVOLVING,
    module: attributes(4, 0),
    function: PRIVATE,
    name: EVOLVING,
    args: EVOLVING,
  },
}

const OURS: ProviderStability = {
  provider: EVOLVING,
  module: UNSTABLE,
  function: UNSTABLE,
  name: EVOLVING,
  args: EVOLVING,
}

/** The attributes of a provider by its name. */
export function providerStability(provider: string): ProviderStability {
  return KNOWN[provider] ?? OURS
}
