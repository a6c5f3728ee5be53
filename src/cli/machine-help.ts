// What `--machine` takes, for `xpv --help`.
import { ERAS } from '../backend/sim/era.js'
import { SIM_OPTIONS } from '../backend/sim/sim-spec.js'

/** The eras and options of simulated hosts, a line each. */
export function machineHelp(): string {
  const eras = ERAS.map(({ name, title }) => row(`sim:${name}`, title))
  const options = SIM_OPTIONS.map(({ name, example, summary }) =>
    row(`,${name}=${example}`, summary),
  )
  return ['Simulated hosts, such as sim:xen-4.17,memory=16G,seed=7:', ...eras, ...options].join(
    '\n',
  )
}

function row(name: string, text: string): string {
  return `  ${name.padEnd(22)} ${text}`
}
