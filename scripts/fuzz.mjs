// npm run fuzz -- engines [COUNT [SEED]]: COUNT random programs (100000 unless said), from seed SEED on,
// through generated code and interpreter. npm run fuzz -- sources ...: the same number of mutated D
// sources through compiler, engines and printers. npm run fuzz -- machine ...: the same number of random
// stories, told to the simulated machine, held against its laws. npm run fuzz -- fma ...: the same number of
// rules over hosts, and of damaged telemetry, logs and events, through fault management. On as many cores as XPV_CORES says (2 unless said).
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build } from 'esbuild'
import { ROOT } from './prepare.mjs'

const KINDS = {
  engines: { entry: 'test/run/fuzz-engines.ts', good: 'engines agree on', bad: 'engines differ' },
  sources: { entry: 'test/d/fuzz-source.ts', good: 'all is well with', bad: 'sources end badly' },
  machine: {
    entry: 'test/sim/fuzz-machine.ts',
    good: 'laws are kept by',
    bad: 'laws are broken',
    noun: 'stories',
  },
  fma: {
    entry: 'test/fma/laws/fuzz-fma.ts',
    good: 'all is well with',
    bad: 'cases end badly',
    noun: 'cases',
  },
}

const [what = '', count = '100000', first = '1'] = process.argv.slice(2)
const kind = KINDS[what]
if (kind === undefined || !(Number(count) > 0) || !Number.isInteger(Number(first))) {
  console.error('usage: npm run fuzz -- engines|sources|machine|fma [COUNT [SEED]]')
  process.exit(2)
}
const outfile = join(ROOT, 'dist', 'fuzz', `${what}.js`)
await build({
  absWorkingDir: ROOT,
  entryPoints: [kind.entry],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  packages: 'external',
  loader: { '.esc': 'text' },
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
  failed ? kind.bad : `${kind.good} ${share * cores} ${kind.noun ?? what} from seed ${first}`,
)
process.exitCode = failed ? 1 : 0
