// UserFile: what its user chose for good, one JSON object in the user's folder of settings.
//
//   ~/.config/xpv/config.json     { "color": "never", "editor": "vi" }
//
// Holds: a file is replaced as a whole, so that nobody meets half of it; what it says besides is
// kept. It lies where the package conf would have it. Source: XDG Base Directory Specification.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { XpvError } from '../base/error.js'

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Where it is: below `$XDG_CONFIG_HOME`, by default `~/.config`. */
export function userFile(env: Environment): string {
  const config = env['XDG_CONFIG_HOME'] ?? ''
  const base = isAbsolute(config) ? config : join(env['HOME'] || homedir(), '.config')
  return join(base, 'xpv', 'config.json')
}

/** What a file of settings says; nothing when it is not there. Throws `XpvError` `config.file` for
 *  one that cannot be read or is no JSON object. */
export function readSettingsFile(path: string): Readonly<Record<string, unknown>> {
  if (!existsSync(path)) return {}
  try {
    const json: unknown = JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''))
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { ...json }
  } catch (error) {
    throw new XpvError('config.file', `cannot read ${path}: ${reason(error)}`, `ls -l ${path}`)
  }
  throw new XpvError('config.file', `${path} is not a JSON object`, '{ "color": "never" }')
}

/** Changes one setting of a file, or takes it out (`undefined`). Throws `XpvError`
 *  `config.file`. */
export function changeSettingsFile(path: string, name: string, value: string | undefined): void {
  const { [name]: _, ...others } = readSettingsFile(path)
  const next = value === undefined ? others : { ...others, [name]: value }
  const fresh = `${path}.${process.pid}`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(fresh, `${JSON.stringify(next, undefined, '\t')}\n`, { mode: 0o600 })
    renameSync(fresh, path)
  } catch (error) {
    rmSync(fresh, { force: true })
    const where = dirname(path)
    throw new XpvError('config.file', `cannot write ${path}: ${reason(error)}`, `ls -ld ${where}`)
  }
}

function reason(error: unknown): string {
  if (error instanceof SyntaxError) return `it is not JSON (${error.message})`
  if (error instanceof Error && 'code' in error) return String(error.code)
  return String(error)
}
