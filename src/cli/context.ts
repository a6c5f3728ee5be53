// What every subcommand is handed: settings, output, and the machine, opened when first asked for.
import type { Config } from '../config/config.js'
import type { SettingName } from '../config/setting.js'
import type { Machine } from '../machine/machine.js'
import type { Output } from './output.js'

/** Where text goes: standard output and error, or a cell's. */
export type TextOutput = Pick<Output, 'write' | 'warn' | 'flush'>

/** One run of the command line. */
export interface Context {
  readonly json: boolean
  /** The machine that was asked for; undefined for the default machine. */
  readonly spec: string | undefined
  /** Whether cells are checked before they run. */
  readonly types: boolean
  readonly config: Config
  /** The settings that the command line itself says: they go before what a notebook says, which
   *  goes before all other places. */
  readonly flags: Flags
  readonly out: TextOutput
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

/** Opens a machine, undefined is the default one; clock rate and seed of the settings go before
 *  `hz` and `seed`. */
export type Connect = (spec: string | undefined, hz?: number, seed?: number) => Machine

/** Settings as they were typed. */
type Flags = Readonly<Partial<Record<SettingName, string>>>

/** What a context is made of. */
export interface ContextParts {
  readonly config: Config
  readonly flags?: Flags
  readonly json?: boolean
  readonly out: TextOutput
  readonly signal: AbortSignal
}

/** Puts a context together. */
export function makeContext({
  config,
  flags = {},
  json = false,
  out,
  signal,
}: ContextParts): Context {
  const { machine, hz, seed, types, width } = config
  return {
    ...{ json, config, flags, out, signal, hz, seed, types },
    spec: machine,
    columns: () => (width === 'auto' ? process.stdout.columns || 80 : width),
    connector: async () => {
      const { connect } = await import('./connect.js')
      return (spec, other, chance) => connect(spec, { hz: hz ?? other, seed: seed ?? chance })
    },
  }
}
