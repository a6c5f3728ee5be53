// Whatever is done to a simulated machine, it stays one: vcpus on pcpus, frames, channels, ids and
// times add up, every call has its end, nothing is left of what is gone; told again, or from a copy
// in the middle, a story is the same. XPV_FUZZ sets how many stories; XPV_SEED the first seed. `npm
// run fuzz -- machine` tells many more.
import { expect, it } from 'vitest'
import { storyOf } from './laws/acts.js'
import { tellThrice } from './laws/telling.js'

const COUNT = Number(process.env['XPV_FUZZ'] ?? 36)
const FIRST = Number(process.env['XPV_SEED'] ?? 1)
/** Milliseconds that one story may take, on a machine that is busy. */
const PATIENCE = 2_000

it(
  `${COUNT} stories keep the laws, from seed ${FIRST}`,
  () => {
    for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
      expect(tellThrice(storyOf(seed)), `XPV_SEED=${seed} XPV_FUZZ=1`).toBeUndefined()
    }
    expect(COUNT).toBeGreaterThan(0)
  },
  30_000 + COUNT * PATIENCE,
)
