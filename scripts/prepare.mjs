// Makes a checkout runnable: installs the pinned packages and bundles the sources, each only when needed.
// Says what it does while it takes time; says nothing when there is nothing to do.
import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout's root folder. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

const LOCK = join(ROOT, 'package-lock.json')
const INSTALLED = join(ROOT, 'node_modules', '.package-lock.json')
const BUNDLE = join(ROOT, 'dist', 'main.js')
/** What the bundle was made of, as the build leaves it: paths from ROOT. */
export const INPUTS = join(ROOT, 'dist', 'inputs.json')

const GONE = { throwIfNoEntry: false }

/** Installs the packages of package-lock.json unless they are there, or are another folder's by a link: npm
 *  would empty that one. Exits 1 with npm's words on failure. */
export function installed() {
  if (lstatSync(dirname(INSTALLED), GONE)?.isSymbolicLink()) return
  if (existsSync(INSTALLED) && (mtime(INSTALLED) >= mtime(LOCK) || samePackages())) return
  step('installing packages (npm ci)', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
}

/** Bundles src/ to dist/ unless the bundle is newer than all it was made of. A source that is new is
 *  named by one that changed, so no folder has to be searched. Whoever has built it and starts many (the
 *  tests) says XPV_AS_BUILT=1. */
export function built() {
  if (process.env.XPV_AS_BUILT === '1' && existsSync(BUNDLE)) return
  installed()
  if (existsSync(INPUTS) && !isStale(mtime(BUNDLE))) return
  step('building', process.execPath, [join(ROOT, 'scripts', 'build.mjs')])
}

/** Hundreds of files are asked before every prompt: paths are put together the quick way. */
function isStale(bundledMs) {
  const made = JSON.parse(readFileSync(INPUTS, 'utf8'))
  return ['package.json', 'scripts/build.mjs', ...made].some(
    (path) => mtime(`${ROOT}/${path}`) >= bundledMs,
  )
}

/** The lock file as installed may lack what other platforms need: compare versions of what both name. */
function samePackages() {
  const wanted = packagesOf(LOCK)
  const present = packagesOf(INSTALLED)
  return (
    Object.keys(present).every((name) => wanted[name]?.version === present[name].version) &&
    Object.keys(wanted).every(
      (name) => name === '' || wanted[name].optional || present[name] !== undefined,
    )
  )
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages
}

/** When a file was changed; one that is gone counts as changed just now. */
function mtime(path) {
  return statSync(path, GONE)?.mtimeMs ?? Number.POSITIVE_INFINITY
}

function step(what, command, args) {
  // Loaded here, not on the way to every prompt.
  const { spawnSync } = createRequire(import.meta.url)('node:child_process')
  const started = Date.now()
  process.stderr.write(`xpv: ${what} ...\n`)
  const run = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8', shell: false })
  if (run.status !== 0) {
    process.stderr.write(`${run.stdout ?? ''}${run.stderr ?? ''}`)
    process.stderr.write(`xpv: ${what} failed (${run.error?.message ?? `exit ${run.status}`})\n`)
    process.exit(1)
  }
  process.stderr.write(`xpv: ${what} done in ${((Date.now() - started) / 1000).toFixed(1)} s\n`)
}
