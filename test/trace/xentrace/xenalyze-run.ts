// Runs the installed xenalyze on bytes: the oracle live, where there is one.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const XENALYZE = '/usr/bin/xenalyze'

/** Debian: xen-utils-4.17. */
export const hasXenalyze = existsSync(XENALYZE)

/** What `xenalyze` with these options prints of a file, warnings included. */
export function xenalyze(file: Uint8Array, ...options: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'xpv-oracle-'))
  try {
    const path = join(folder, 'trace.xt')
    writeFileSync(path, file)
    const run = spawnSync(XENALYZE, [...options, path], { encoding: 'utf8', maxBuffer: 2 ** 28 })
    return run.stdout + run.stderr
  } finally {
    rmSync(folder, { recursive: true })
  }
}
