// Whatever is written: a program, or mistakes with a code and a place. Never a stack trace, never
// more than two seconds. What compiles runs for a moment and is printed in all ways.
//
// XPV_FUZZ sets how many sources, XPV_SEED the first one's seed; `npm run fuzz -- sources` runs
// many.
import { expect, it } from 'vitest'
import { compile } from '../../src/dtrace/d/compile.js'
import { standardCatalog } from '../../src/dtrace/probe/standard-catalog.js'
import { LANGUAGE_SAMPLES } from './language-samples.js'
import { mistakeIn, mistakeOf } from './source-fuzz.js'
import { randomSource } from './source-maker.js'
import { watchdog } from './watchdog.js'

const COUNT = Number(process.env['XPV_FUZZ'] ?? 1500)
const FIRST = Number(process.env['XPV_SEED'] ?? 1)

it(`${COUNT} sources from seed ${FIRST} compile, or are told why not`, async () => {
  const watched = watchdog()
  const mistakes: string[] = []
  let compiled = 0
  for (let seed = FIRST; seed < FIRST + COUNT && mistakes.length < 10; seed++) {
    watched.at(seed)
    const mistake = mistakeOf(seed)
    if (mistake !== undefined) mistakes.push(mistake)
    else compiled++
  }
  await watched.close()
  expect(mistakes.join('\n\n')).toBe('')
  expect(compiled).toBeGreaterThan(0)
}, 3_600_000)

it.each(LANGUAGE_SAMPLES)('%s is well', (text) => {
  for (let seed = 1; seed <= 12; seed++) expect(mistakeIn(text, seed)).toBeUndefined()
})

it('a good part of the sources compiles, so that running is tried too', () => {
  const outcomes = Array.from({ length: 300 }, (_, i) => {
    const text = randomSource(FIRST + i)
    return compile([{ part: 'script', text }], { catalog: standardCatalog() }).kind
  })
  expect(outcomes.filter((kind) => kind === 'ok').length).toBeGreaterThan(60)
  expect(outcomes.filter((kind) => kind === 'errors').length).toBeGreaterThan(60)
})
