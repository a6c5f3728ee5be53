// Files of this repository, wherever this runs: from its folder, or bundled.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

function rootAbove(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : rootAbove(dirname(folder))
}

const ROOT = rootAbove(import.meta.dirname)

/** The bytes of one, by its path from the root. */
export function bytesOf(path: string): Uint8Array {
  return new Uint8Array(readFileSync(join(ROOT, path)))
}

/** Its text. */
export function textOf(path: string): string {
  return new TextDecoder().decode(bytesOf(path))
}
