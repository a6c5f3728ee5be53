// npm run bench: all measurements, or those named. Ratios in one run; nothing here is a test.
import { benchAgg } from './agg.js'
import { benchFma } from './fma.js'
import { benchPrompt } from './prompt.js'
import { benchReplay } from './replay.js'
import { benchSerd } from './serd.js'
import { benchSim } from './sim.js'
import { benchStart } from './start.js'

const ALL: Readonly<Record<string, () => Promise<void>>> = {
  agg: benchAgg,
  fma: benchFma,
  prompt: benchPrompt,
  replay: benchReplay,
  serd: benchSerd,
  sim: benchSim,
  start: benchStart,
}

const named = process.argv.slice(2)
const unknown = named.filter((name) => !(name in ALL))
if (unknown.length > 0) {
  process.stderr.write(`no bench ${unknown.join(', ')}: ${Object.keys(ALL).join(', ')}\n`)
  process.exitCode = 2
} else {
  for (const name of named.length > 0 ? named : Object.keys(ALL)) await ALL[name]?.()
}
