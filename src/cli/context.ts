// What every subcommand is handed: settings, output, and the machine, opened when first asked for.
import type { Config } from '../config/config.js'
import type { Machine } from '../machine/machine.js'
import type { Output } from './output.js'

/** One run of the command line. */
export interface Context {
  readonly json: boolean
  /** The machine that was asked for; undefined for the default machine. */
  readonly spec: string | undefined
  /** Whether cells are checked before they run. */
  readonly types: boolean
  readonly config: Config
  readonly out: Output
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  /** The clock rate that was said. */
  readonly hz: number | undefined
  /** The seed that was said. */
  readonly seed: number | undefined
  /** What `--allow` grants the notebook that runs. */
  readonly allow?: readonly string[]
  /** Columns of output, as chosen or as the terminal has them now; 80 without one. */
  columns(): number
  /** What opens machines, loaded when first wanted: a prompt does not wait for it. */
  connector(): Promise<Connect>
}

/** Opens a machine, undefined is the default one; the clock rate of the settings goes before
 *  `hz`. */
export type Connect = (spec: string | undefined, hz?: number) => Machine

/** What a context is made of. */
export interface ContextParts {
  readonly config: Config
  readonly json?: boolean
  readonly out: Output
  readonly signal: AbortSignal
}

/** Puts a context together. */
export function makeContext({ config, json = false, out, signal }: ContextParts): Context {
  const { machine, hz, seed, types, width } = config
  return {
    ...{ json, config, out, signal, hz, seed, types },
    spec: machine,
    columns: () => (width === 'auto' ? process.stdout.columns || 80 : width),
    connector: async () => {
      const { connect } = await import('./connect.js')
      return (spec, other) => connect(spec, { hz: hz ?? other, seed })
    },
  }
}
