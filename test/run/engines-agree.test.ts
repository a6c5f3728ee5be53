// Generated code and the interpreter give the same records, faults, drops and aggregations on
// random programs. XPV_FUZZ sets how many programs; XPV_SEED the first seed. `npm run fuzz --
// engines` does many more.
import { expect, it } from 'vitest'
import { outcomeOf } from './compare-engines.js'

const COUNT = Number(process.env['XPV_FUZZ'] ?? 300)
const FIRST = Number(process.env['XPV_SEED'] ?? 1)
/** Milliseconds that one program may take, on a machine that is busy. */
const PATIENCE = 100

it(
  `engines agree on ${COUNT} random programs from seed ${FIRST}`,
  () => {
    for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
      const generated = outcomeOf(seed, 'generated')
      const interpreted = outcomeOf(seed, 'interpreter')
      if (generated !== interpreted) {
        expect(generated, `XPV_SEED=${seed} XPV_FUZZ=1`).toBe(interpreted)
      }
    }
    expect(COUNT).toBeGreaterThan(0)
  },
  30_000 + COUNT * PATIENCE,
)
