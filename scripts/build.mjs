// Bundles src/cli/main.ts (the command) and src/index.ts (the library) into dist/, in chunks loaded on demand.
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import { INPUTS, ROOT } from './prepare.mjs'

const DIST = join(ROOT, 'dist')
/** Built aside and put in place whole, so that two first starts at once do not meet half a bundle. */
const FRESH = join(ROOT, `dist.new-${process.pid}`)
const STALE = join(ROOT, `dist.old-${process.pid}`)
/** Packages that cannot be bundled (they ask for Node's modules by require) or need not be. Finding one
 *  takes some 4 ms when it is asked for. */
const LEFT_ALONE = ['amaro', 'commander', 'yaml', 'typescript']

const { metafile } = await build({
  absWorkingDir: ROOT,
  entryPoints: {
    main: 'src/cli/main.ts',
    index: 'src/index.ts',
  },
  inject: ['scripts/first-chunk.ts'],
  outdir: FRESH,
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  external: LEFT_ALONE,
  sourcemap: true,
  logLevel: 'warning',
  metafile: true,
})
writeFileSync(join(FRESH, basename(INPUTS)), JSON.stringify(Object.keys(metafile.inputs)))
if (existsSync(DIST)) renameSync(DIST, STALE)
renameSync(FRESH, DIST)
rmSync(STALE, { recursive: true, force: true })
