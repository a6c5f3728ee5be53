// Settings: where each value comes from, in one order.
//
//   command line  >  environment (XPV_*)  >  .env in the working folder  >  default
//
// Holds: .env never overrides the environment, and nothing is written back into it.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { XpvError } from '../base/error.js'

/** All settings, as text where a later room knows better what it means. */
export interface Config {
  /** XPV_MACHINE: what `--machine` would take. */
  readonly machine: string | undefined
  /** XPV_HZ: cycles a second of traces that do not say it, such as 2.6G. */
  readonly hz: string | undefined
  /** XPV_COLOR. */
  readonly color: 'auto' | 'always' | 'never'
  /** Whether cells are checked before they run: not where XPV_NO_TYPES is anything but 0. */
  readonly types: boolean
}

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Reads the settings. Throws `XpvError` `config.*` naming the variable that makes no sense. */
export function loadConfig(environment: Environment, folder: string): Config {
  const values = { ...readDotEnv(folder), ...environment }
  const color = nonEmpty(values['XPV_COLOR']) ?? 'auto'
  if (color !== 'auto' && color !== 'always' && color !== 'never') {
    throw new XpvError('config.color', `XPV_COLOR is ${color}`, 'XPV_COLOR=auto, always or never')
  }
  const types = ['', '0'].includes(values['XPV_NO_TYPES'] ?? '')
  return { machine: nonEmpty(values['XPV_MACHINE']), hz: nonEmpty(values['XPV_HZ']), color, types }
}

function readDotEnv(folder: string): Environment {
  const file = join(folder, '.env')
  if (!existsSync(file)) return {}
  try {
    return parseEnv(readFileSync(file, 'utf8'))
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new XpvError('config.env', `cannot read ${file}: ${why}`, `ls -ld ${file}`)
  }
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}
