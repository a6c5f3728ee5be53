// Our own version, as package.json states it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from './package-root.js'

/** The version of this xpv, such as 0.1.0. */
export function version(): string {
  const json: unknown = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'))
  const named = typeof json === 'object' && json !== null && 'version' in json
  return named ? String(json.version) : 'unknown'
}
