// Before the first test: the command is built, for the tests that start it.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** Builds unless that is done. Throws when it fails. */
export function setup(): void {
  const prepare = join(import.meta.dirname, '..', 'scripts', 'prepare.mjs')
  const code = `import(${JSON.stringify(prepare)}).then((scripts) => scripts.built())`
  const run = spawnSync(process.execPath, ['-e', code], { stdio: 'inherit' })
  if (run.status !== 0) throw new Error('the command cannot be built')
}
