// Whatever rules are written, whatever is reported and however files are damaged: mistakes with a
// code and a place, a diagnosis, or an end that says why. Never a stack trace, never for long.
//
// XPV_FUZZ sets how many cases, XPV_SEED the first one's seed; `npm run fuzz -- fma` runs many.
import { expect, it } from 'vitest'
import { watchdog } from '../../d/watchdog.js'
import { mistakeOf } from './fma-fuzz.js'

const COUNT = Number(process.env['XPV_FUZZ'] ?? 30)
const FIRST = Number(process.env['XPV_SEED'] ?? 1)

it(`${COUNT} cases from seed ${FIRST} end well`, async () => {
  const watched = watchdog()
  const mistakes: string[] = []
  for (let seed = FIRST; seed < FIRST + COUNT && mistakes.length < 10; seed++) {
    watched.at(seed)
    const mistake = await mistakeOf(seed)
    if (mistake !== undefined) mistakes.push(mistake)
  }
  await watched.close()
  expect(mistakes.join('\n\n')).toBe('')
  expect(COUNT).toBeGreaterThan(0)
}, 3_600_000)
