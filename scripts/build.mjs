// Bundles src/cli/main.ts (the command) and src/index.ts (the library) into dist/, in chunks loaded on demand.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { ROOT } from './prepare.mjs'

const DIST = join(ROOT, 'dist')
rmSync(DIST, { recursive: true, force: true })
await build({
  absWorkingDir: ROOT,
  entryPoints: {
    main: 'src/cli/main.ts',
    index: 'src/index.ts',
  },
  outdir: DIST,
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  packages: 'external',
  sourcemap: true,
  logLevel: 'warning',
})
