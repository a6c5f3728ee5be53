// Bundles src/cli/main.ts (the command) and src/index.ts (the library) into dist/, in chunks loaded on demand.
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import { INPUTS, ROOT } from './prepare.mjs'

const DIST = join(ROOT, 'dist')
/** Built aside and put in place whole, so that two first starts at once do not meet half a bundle. */
const FRESH = join(ROOT, `dist.new-${process.pid}`)
const STALE = join(ROOT, `dist.old-${process.pid}`)

const { metafile } = await build({
  absWorkingDir: ROOT,
  entryPoints: {
    main: 'src/cli/main.ts',
    index: 'src/index.ts',
  },
  outdir: FRESH,
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  packages: 'external',
  sourcemap: true,
  logLevel: 'warning',
  metafile: true,
})
writeFileSync(join(FRESH, basename(INPUTS)), JSON.stringify(Object.keys(metafile.inputs)))
if (existsSync(DIST)) renameSync(DIST, STALE)
renameSync(FRESH, DIST)
rmSync(STALE, { recursive: true, force: true })
