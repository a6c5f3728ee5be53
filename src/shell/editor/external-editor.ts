// An editor of one's own for one cell: $VISUAL, $EDITOR, else vi.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The text as that editor leaves it; undefined when it could not be run or said that it failed.
 *  The file is its owner's only, and gone afterwards. */
export function editOutside(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'xpv-cell-'))
  const file = join(folder, 'cell.ts')
  try {
    writeFileSync(file, text, { mode: 0o600 })
    const command = env['VISUAL'] || env['EDITOR'] || 'vi'
    const { status } = spawnSync('/bin/sh', ['-c', `${command} "$1"`, 'sh', file], {
      stdio: 'inherit',
    })
    return status === 0 ? readFileSync(file, 'utf8').replace(/\n$/, '') : undefined
  } finally {
    rmSync(folder, { recursive: true })
  }
}
