// HardwareProbe: what probes of the hardware providers (msr, mca, pcie) have in common: no module,
// no function, and one list of arguments for all probes of a provider.
//
//   'mca', arguments, rows of [15001, 'latched', MCA_LATCHED, doc]  ->  descriptions, in that order
import type { ProbeDescription, ProbeId } from './description.js'

/** A probe of hardware. `what` is the first word of the observation that fires it. */
export interface HardwareProbe<
  Provider extends string = string,
  Args extends ProbeDescription['args'] = ProbeDescription['args'],
  Name extends string = string,
> extends ProbeDescription {
  readonly provider: Provider
  readonly module: ''
  readonly function: ''
  readonly name: Name
  readonly args: Args
  readonly doc: string
  readonly what: number
}

type Row = readonly [id: number, name: string, what: number, doc: string]

type Probes<
  Provider extends string,
  Args extends ProbeDescription['args'],
  Rows extends readonly Row[],
> = { readonly [K in keyof Rows]: HardwareProbe<Provider, Args, Rows[K][1]> }

/** The probes of a provider, a row each. Ids are fixed for ever, and ascend. */
export function hardwareProbes<
  const Provider extends string,
  const Args extends ProbeDescription['args'],
  const Rows extends readonly Row[],
>(provider: Provider, args: Args, rows: Rows): Probes<Provider, Args, Rows> {
  return rows.map(([id, name, what, doc]): HardwareProbe<Provider, Args> => {
    return { id: id as ProbeId, provider, module: '', function: '', name, args, doc, what }
    // A mapped tuple cannot be built element by element: the shape above is what the type says.
  }) as never as Probes<Provider, Args, Rows>
}
