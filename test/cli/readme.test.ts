// The first screen of the README is a real prompt session: each line is typed again, and all that
// it printed must be what stands there. XPV_UPDATE=1 writes it anew.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { typedAgain, typedIn } from './typed-session.js'

const README = join(import.meta.dirname, '..', '..', 'README.md')

it('the first screen of the README is what the prompt prints', async () => {
  const readme = readFileSync(README, 'utf8')
  const screen = /```text\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
  const typed = typedIn(screen)
  expect(typed.length).toBeGreaterThan(3)
  const [printed = ''] = await typedAgain([typed])
  if (process.env['XPV_UPDATE'] === '1') {
    writeFileSync(
      README,
      readme.replace(screen, () => printed),
    )
  } else expect(screen).toBe(printed)
})
