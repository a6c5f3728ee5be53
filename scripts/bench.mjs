// npm run bench [-- NAME ...]: bundles bench/ and runs it. Prints ratios; what is measured is in bench/.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { build } from 'esbuild'
import { built, ROOT } from './prepare.mjs'

built()
await build({
  absWorkingDir: ROOT,
  entryPoints: ['bench/main.ts'],
  outfile: 'dist/bench/main.js',
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  packages: 'external',
  loader: { '.esc': 'text' },
  logLevel: 'warning',
})
const run = spawnSync(
  process.execPath,
  [join(ROOT, 'dist', 'bench', 'main.js'), ...process.argv.slice(2)],
  { cwd: ROOT, stdio: 'inherit' },
)
process.exitCode = run.status ?? 1
