// npm test: everything that CI runs. Types, lint, then the tests; the last line says how many passed.
//   npm test [-- FILTER]      npm run test:update rewrites golden files
import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { built, ROOT } from './prepare.mjs'

built()
const words = process.argv.slice(2)
const update = words.includes('--update')
const filters = words.filter((word) => word !== '--update')
const modules = join(ROOT, 'node_modules')

/** A check that is one command: passes or fails as a whole. */
function check(name, script, args) {
  process.stdout.write(`${name} ...\n`)
  const command = [join(modules, script), ...args]
  const run = spawnSync(process.execPath, command, { cwd: ROOT, encoding: 'utf8' })
  const ok = run.status === 0
  process.stdout.write(ok ? `${name} ok\n` : `${run.stdout}${run.stderr}\n${name} FAILED\n`)
  return ok
}

/** Runs vitest with its own output and counts from its JSON report. */
async function vitest() {
  const report = join(modules, '.xpv-test-report.json')
  const args = [
    join(modules, 'vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...filters,
  ]
  const env = update ? { ...process.env, XPV_UPDATE: '1' } : process.env
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit', env })
  const status = await new Promise((resolve) => child.on('close', resolve))
  const { readFileSync, rmSync } = await import('node:fs')
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(
      readFileSync(report, 'utf8'),
    )
    rmSync(report)
    const broken = status !== 0 && numFailedTests === 0 ? 1 : 0
    return { passed: numPassedTests, failed: numFailedTests + broken, skipped: numPendingTests }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

const whole = filters.length === 0
const checks = whole
  ? [
      check('types', join('typescript', 'bin', 'tsc'), ['--noEmit']),
      check('lint', join('@biomejs', 'biome', 'bin', 'biome'), ['check', '.']),
    ]
  : []
const counts = await vitest()
const passed = counts.passed + checks.filter((ok) => ok).length
const failed = counts.failed + checks.filter((ok) => !ok).length
const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
process.stdout.write(`\n${passed} passed, ${failed} failed${skipped}\n`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1
