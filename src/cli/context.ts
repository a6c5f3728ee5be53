// What every subcommand is handed: settings, output, and the machine, opened when first asked for.
import type { Config } from '../config/config.js'
import type { Machine } from '../machine/machine.js'
import { type Color, type GlobalOptions, parseHz, parseSeed } from './global-options.js'
import type { Output } from './output.js'

/** One run of the command line. */
export interface Context {
  readonly json: boolean
  readonly color: Color
  /** Whether cells are checked before they run. */
  readonly types: boolean
  /** `--machine` or XPV_MACHINE; undefined for the default machine. */
  readonly spec: string | undefined
  readonly out: Output
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  /** `--hz` or XPV_HZ. */
  readonly hz: number | undefined
  /** What opens machines, loaded when first wanted: a prompt does not wait for it. */
  connector(): Promise<Connect>
}

/** Opens a machine, undefined is the default one; the clock rate of the command line goes before
 *  `hz`. */
export type Connect = (spec: string | undefined, hz?: number) => Machine

/** Puts the command line before the settings. Throws `XpvError` `cli.usage` for a wrong clock
 *  rate. */
export function makeContext(
  options: GlobalOptions,
  config: Config,
  out: Output,
  signal: AbortSignal,
): Context {
  const hzText = options.hz ?? config.hz
  const hz = hzText === undefined ? undefined : parseHz(hzText)
  const seed = options.seed === undefined ? undefined : parseSeed(options.seed)
  return {
    json: options.json,
    color: options.color ?? config.color,
    types: options.types && config.types,
    spec: options.machine ?? config.machine,
    out,
    signal,
    hz,
    connector: async () => {
      const { connect } = await import('./connect.js')
      return (spec, other) => connect(spec, { hz: hz ?? other, seed })
    },
  }
}
