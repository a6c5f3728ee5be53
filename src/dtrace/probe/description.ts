// Probe descriptions: the four names and an id, and the typed arguments a probe carries.
//
//   6314  xpv  privcmd  privcmd_HYPERVISOR_domctl  dom-create-start
//   id    provider : module : function : name
import type { Brand } from '../../base/brand.js'

/** The number in dtrace(8)'s ID column; unique within a catalog. */
export type ProbeId = Brand<number, 'ProbeId'>

/** One argument: `args[n]` has `type` (a D type name), `argn` is the same as int64. `string`
 *  arguments are carried as codes of the batch's dictionary. */
export interface ProbeArg {
  readonly name: string
  readonly type: string
  readonly doc?: string
  /** Tables print it in hexadecimal. */
  readonly isHex?: boolean
}

/** One probe. An empty function means the provider has none (`xdt:pv::hypercall`). */
export interface ProbeDescription {
  readonly id: ProbeId
  readonly provider: string
  readonly module: string
  readonly function: string
  readonly name: string
  readonly args: readonly ProbeArg[]
  readonly doc?: string
}

/** The four names with colons, as dtrace(8) prints them in messages. */
export function probeSpec(
  p: Pick<ProbeDescription, 'provider' | 'module' | 'function' | 'name'>,
): string {
  return `${p.provider}:${p.module}:${p.function}:${p.name}`
}
