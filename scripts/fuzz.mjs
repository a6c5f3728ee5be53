// npm run fuzz -- engines [COUNT [SEED]]: COUNT random programs (100000 unless said), from seed SEED on,
// through generated code and interpreter, on as many cores as XPV_CORES says (2 unless said).
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build } from 'esbuild'
import { ROOT } from './prepare.mjs'

const [what, count = '100000', first = '1'] = process.argv.slice(2)
if (what !== 'engines' || !(Number(count) > 0) || !Number.isInteger(Number(first))) {
  console.error('usage: npm run fuzz -- engines [COUNT [SEED]]')
  process.exit(2)
}
const outfile = join(ROOT, 'dist', 'fuzz', 'engines.js')
await build({
  absWorkingDir: ROOT,
  entryPoints: ['test/run/fuzz-engines.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
})
const cores = Math.max(1, Number(process.env['XPV_CORES'] ?? 2))
const share = Math.ceil(Number(count) / cores)
const statuses = await Promise.all(
  Array.from({ length: cores }, (_, core) => {
    const args = [outfile, `${Number(first) + core * share}`, `${share}`]
    const child = spawn(process.execPath, args, { stdio: 'inherit' })
    return new Promise((resolve) => child.on('close', resolve))
  }),
)
const failed = statuses.some((status) => status !== 0)
console.log(
  failed ? 'engines differ' : `engines agree on ${share * cores} programs from seed ${first}`,
)
process.exitCode = failed ? 1 : 0
