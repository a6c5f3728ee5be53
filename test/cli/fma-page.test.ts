// docs/fma.md shows a session at the prompt, block by block: each line is typed again, and all that
// it printed must be what stands there. XPV_UPDATE=1 writes it anew.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { PROMPT, typedAgain, typedIn } from './typed-session.js'

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'fma.md')

it('what docs/fma.md shows of the prompt is what the prompt prints', async () => {
  const page = readFileSync(PAGE, 'utf8')
  const blocks = [...page.matchAll(/```text\n([\s\S]*?)```/g)].map(([, block = '']) => block)
  const shown = blocks.filter((block) => block.startsWith(PROMPT))
  expect(shown.length).toBeGreaterThan(3)
  const printed = await typedAgain(shown.map(typedIn), 'sim:metal')
  const now = shown.reduce((text, block, i) => text.replace(block, () => printed[i] ?? ''), page)
  if (process.env['XPV_UPDATE'] === '1') writeFileSync(PAGE, now)
  else expect(printed).toEqual(shown)
})
