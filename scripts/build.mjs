// Bundles src/cli/main.ts (the command) and src/index.ts (the library) into dist/, in chunks loaded on demand,
// and writes what the type service reads of their types.
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import { declarations, TYPE_SOURCES } from './declarations.mjs'
import { INPUTS, ROOT } from './prepare.mjs'

const DIST = join(ROOT, 'dist')
/** Built aside and put in place chunk by chunk, what names them last: nobody meets half a bundle. */
const FRESH = join(ROOT, `dist.new-${process.pid}`)
/** What names chunks that are there. */
const LAST = [basename(INPUTS), 'index.js', 'cell-host.js', 'main.js']
/** Chunks of an earlier bundle stay so long: whoever runs may still ask for one. */
const KEPT_MS = 3_600_000
/** Packages that cannot be bundled (they ask for Node's modules by require) or need not be. Finding one
 *  takes some 4 ms when it is asked for. */
const LEFT_ALONE = ['amaro', 'commander', 'sql.js', 'yaml', 'typescript', 'zeromq']

/** string-width makes its tables when it is loaded, the list of all emoji among them: 25 ms. Here they are
 *  made when it meets the first character that is not ASCII; the emoji, when one that is part of some. */
const widthsLater = {
  name: 'widths-later',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[/\\]string-width[/\\]index\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      const later = text
        .replace('= new Intl.Segmenter();', '= later(() => new Intl.Segmenter());')
        .replace(/^(const \w+Regex) = (\/.*\/[gv]u?);$/gm, '$1 = later(() => $2);')
        .replace('if (rgiEmojiRegex', 'if (/\\p{Emoji}/u.test(segment) && rgiEmojiRegex')
      const made = later.match(/= later\(/g)?.length
      if (made !== 5 || !later.includes('if (/'))
        throw new Error(`${path} is written otherwise now`)
      return { contents: `${later}\n${LATER}`, loader: 'js' }
    }),
}
/** What stands for a regular expression or a segmenter until one of them is needed. */
const LATER = `
function later(make) {
  let made;
  const now = () => (made ??= make());
  return {
    test: (text) => now().test(text),
    segment: (text) => now().segment(text),
    [Symbol.search]: (text) => now()[Symbol.search](text),
    [Symbol.match]: (text) => now()[Symbol.match](text),
  };
}`

const typed = declarations()
const { metafile } = await build({
  absWorkingDir: ROOT,
  entryPoints: {
    main: 'src/cli/main.ts',
    index: 'src/index.ts',
    names: 'scripts/names.ts',
    'jupyter-sockets': 'src/jupyter/socket-worker.ts',
    'cell-host': 'src/cli/cell-host.ts',
  },
  inject: ['scripts/first-chunk.ts'],
  outdir: FRESH,
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  external: LEFT_ALONE,
  loader: { '.esc': 'text' },
  plugins: [widthsLater],
  sourcemap: true,
  logLevel: 'warning',
  metafile: true,
})
writeFileSync(
  join(FRESH, basename(INPUTS)),
  JSON.stringify([...Object.keys(metafile.inputs), ...TYPE_SOURCES]),
)
await writeNames()
mkdirSync(DIST, { recursive: true })
const names = readdirSync(FRESH)
for (const name of [...names.filter((name) => !LAST.includes(name)), ...LAST]) {
  if (statSync(join(FRESH, name)).isDirectory())
    rmSync(join(DIST, name), { recursive: true, force: true })
  renameSync(join(FRESH, name), join(DIST, name))
}
rmSync(FRESH, { recursive: true })
/** Code of the old chunks, compiled: src/cli/compiled.ts. */
rmSync(join(DIST, 'compiled'), { recursive: true, force: true })
await typed
for (const name of readdirSync(DIST).filter((name) => !names.includes(name))) {
  const left = statSync(join(DIST, name), { throwIfNoEntry: false })
  if (left?.isFile() && Date.now() - left.mtimeMs > KEPT_MS)
    rmSync(join(DIST, name), { force: true })
}

/** What Tab offers at once: src/cli/name-files.ts. */
async function writeNames() {
  const { nameIndexes } = await import(join(FRESH, 'names.js'))
  mkdirSync(join(FRESH, 'names'))
  for (const [era, index] of await nameIndexes())
    writeFileSync(join(FRESH, 'names', `${era}.json`), JSON.stringify(index))
}
