// Writes dist/types: the declarations that the type service reads, from the types of our own sources and
// from our tables. Says so and leaves them out where the compiler is not installed.
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { ROOT } from './prepare.mjs'

const TYPES = join(ROOT, 'dist', 'types')
const FRESH = join(ROOT, `dist.types-${process.pid}`)
/** Sources that no bundle names. */
export const TYPE_SOURCES = [
  'src/cli/prompt-globals.ts',
  'src/cli/literal-types.ts',
  'scripts/declarations.mjs',
  'tsconfig.types.json',
]

/** Makes all of them anew and puts them in place. */
export async function declarations() {
  const compiler = compilerPath()
  if (compiler === undefined) {
    process.stderr.write('xpv: typescript is not installed: the prompt will be untyped\n')
    return
  }
  const [literals] = await Promise.all([
    literalTypes(),
    promisify(execFile)(compiler, ['-p', join(ROOT, 'tsconfig.types.json'), '--outDir', FRESH]),
  ])
  for (const [name, text] of Object.entries(literals)) writeFileSync(join(FRESH, name), text)
  rewrite('machine/not-known.d.ts', takenForKnown)
  rewrite('dtrace/query/pair.d.ts', lookedUp)
  mkdirSync(dirname(TYPES), { recursive: true })
  inPlace()
}

/** Puts the new folder where the old one was. Whoever builds at the same time has made the same. */
function inPlace() {
  const old = `${FRESH}-old`
  attempt(() => renameSync(TYPES, old), ['ENOENT'])
  attempt(() => renameSync(FRESH, TYPES), ['ENOTEMPTY', 'EEXIST', 'EPERM'])
  for (const folder of [old, FRESH]) rmSync(folder, { recursive: true, force: true })
}

function attempt(work, expected) {
  try {
    work()
  } catch (error) {
    if (!expected.includes(error.code)) throw error
  }
}

/** The compiler itself: its JavaScript only starts it. */
function compilerPath() {
  const require = createRequire(import.meta.url)
  try {
    const near = createRequire(require.resolve('typescript/package.json'))
    const name = `@typescript/typescript-${process.platform}-${process.arch}/package.json`
    const program = process.platform === 'win32' ? 'tsc.exe' : 'tsc'
    return join(dirname(near.resolve(name)), 'lib', program)
  } catch {
    return undefined
  }
}

async function literalTypes() {
  const outfile = join(ROOT, `dist.literals-${process.pid}.mjs`)
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/cli/literal-types.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  })
  try {
    const { literalTypes } = await import(pathToFileURL(outfile).href)
    return literalTypes()
  } finally {
    rmSync(outfile, { force: true })
  }
}

function rewrite(name, change) {
  const path = join(FRESH, name)
  writeFileSync(path, change(readFileSync(path, 'utf8')))
}

/** What may be not known is taken for known: it refuses by itself to be computed with, and says why;
 *  no cell is refused for it before. */
function takenForKnown(text) {
  const taken = text.replace(
    /export declare class NotKnown [\s\S]*?\n\}\n/,
    'export type NotKnown = never\n',
  )
  if (taken === text) throw new Error('not-known.ts declares no class NotKnown any more')
  return taken
}

/** The end of a probe is looked up by its whole description: to search for it, hundreds of times, makes
 *  the check of one cell take half a second. */
function lookedUp(text) {
  const found = text.replace(
    /export type EndsOf<P extends ProbeRow, M extends ProbeRow> =[\s\S]*?: never;/,
    `import type { ProbeTable } from './known-probe.js';
type EndSpec<M extends ProbeRow> =
  \`\${M['provider']}:\${M['module']}:\${M['function']}:\${EndName<M['name']>}\`;
type RowAt<S> = S extends keyof ProbeTable ? ProbeTable[S] : never;
export type EndsOf<P extends ProbeRow, M extends ProbeRow> = M extends unknown ? RowAt<EndSpec<M>> : never;`,
  )
  if (found === text) throw new Error('pair.ts declares no EndsOf<P, M> any more')
  return found
}
