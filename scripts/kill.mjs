// npm run kill -- [ROUNDS [SEED]]: `xpv fmd` in a storm of ereports, killed with SIGKILL at ROUNDS random
// moments (200 unless said), against a run that nobody kills: no fault lost, no case doubled.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { built, ROOT } from './prepare.mjs'

const [rounds = '200', seed = '1'] = process.argv.slice(2)
if (!(Number(rounds) > 0) || !Number.isInteger(Number(seed))) {
  console.error('usage: npm run kill -- [ROUNDS [SEED]]')
  process.exit(2)
}
built()
const outfile = join(ROOT, 'dist', 'kill', 'kill-rounds.js')
await build({
  absWorkingDir: ROOT,
  entryPoints: ['test/fma/host/kill-rounds.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  packages: 'external',
  loader: { '.esc': 'text' },
  define: { 'import.meta.dirname': JSON.stringify(join(ROOT, 'test', 'fma', 'host')) },
  logLevel: 'warning',
})
const { disturbed, undisturbed } = await import(pathToFileURL(outfile).href)
const folder = mkdtempSync(join(tmpdir(), 'xpv-kill-'))
const start = ['--no-force-async-hooks-checks', join(ROOT, 'bin', 'xpv.mjs')]
let [killed, bad] = [0, 0]
const whole = await undisturbed(start, join(folder, 'whole'))
for (let first = 0; first < Number(rounds); first += 8) {
  const kills = Math.min(8, Number(rounds) - first)
  const of = { folder: join(folder, 'killed'), kills, seed: Number(seed) + first, mostMs: 700 }
  const found = await disturbed(start, of)
  killed += found.killed
  const isSame = JSON.stringify(found.known) === JSON.stringify(whole)
  if (found.lost.length > 0 || !isSame) bad++
  if (!isSame) console.log(`seed ${of.seed}: ends otherwise than without kills`)
  for (const each of found.lost) console.log(`seed ${of.seed}: lost ${each}`)
}
rmSync(folder, { recursive: true, force: true })
console.log(
  `${rounds} rounds, ${killed} of them killed in the middle: ${bad === 0 ? 'nothing lost, nothing doubled' : `${bad} runs went wrong`}`,
)
process.exit(bad === 0 ? 0 : 1)
