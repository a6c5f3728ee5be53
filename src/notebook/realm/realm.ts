// The realm of a notebook: what JavaScript reads off the computer it runs on is the same on any.
//
//   Date.now, new Date, performance.now, process.hrtime   the machine's time
//   Math.random, crypto.randomUUID, getRandomValues       a generator, begun with the seed
//   toLocaleString, Intl, localeCompare, the time zone    en-US, UTC
//   process.exit                                          refused: a run that is cut off proves
//                                                         nothing
//
// Holds: `close` puts everything back. On a live machine time and chance are real, the rest is as
// above. What cells import from node:crypto and node:perf_hooks is as it is.
import { XpvError } from '../../base/error.js'
import { SteadyChance } from './chance.js'
import { SteadyClock } from './clock.js'
import { patchLocale } from './locale.js'
import { Patches } from './patches.js'

/** Where time and chance of a realm come from. */
export interface RealmSource {
  /** Milliseconds since 1970 on the machine, with fractions. */
  nowMs(): number
  readonly seed: number
}

/** Makes the process's realm that of a notebook, until the function it yields is called. `source`
 *  is undefined on a live machine. */
export function enterRealm(source: RealmSource | undefined): () => void {
  const patches = new Patches()
  patchLocale(patches)
  patches.set(process, 'exit', () => {
    throw new XpvError('nb.exit', 'a cell of a notebook cannot end the process', 'throw an error')
  })
  if (source !== undefined) {
    new SteadyClock(() => source.nowMs()).patch(patches)
    new SteadyChance(source.seed).patch(patches)
  }
  return () => patches.undo()
}
