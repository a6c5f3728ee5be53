// The first screen of the README is a real prompt session: each line is typed again, and all that
// it printed must be what stands there. XPV_UPDATE=1 writes it anew.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeContext } from '../../src/cli/context.js'
import { currentMachine } from '../../src/cli/current-machine.js'
import { Output } from '../../src/cli/output.js'
import { openSession } from '../../src/cli/session.js'
import { loadConfig } from '../../src/config/config.js'

const README = join(import.meta.dirname, '..', '..', 'README.md')
const PROMPT = 'xpv> '

it('the first screen of the README is what the prompt prints', async () => {
  const readme = readFileSync(README, 'utf8')
  const screen = /```text\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
  const typed = screen
    .split('\n')
    .filter((line) => line.startsWith(PROMPT))
    .map((line) => line.slice(PROMPT.length))
  expect(typed.length).toBeGreaterThan(3)
  const printed = await session(typed)
  if (process.env['XPV_UPDATE'] === '1') writeFileSync(README, readme.replace(screen, printed))
  else expect(screen).toBe(printed)
})

/** What a terminal shows of a session with these lines, without colours. */
async function session(lines: readonly string[]): Promise<string> {
  let screen = ''
  const write = (text: string): void => {
    screen += text
  }
  const flags = { color: 'never', types: 'off' }
  const config = loadConfig({ flags, environment: {}, folder: '/nowhere' })
  const { signal } = new AbortController()
  const context = makeContext({ config, out: new Output(), signal })
  const open = openSession(await currentMachine(context, context.spec), {
    write,
    warn: write,
    columns: () => 80,
  })
  try {
    for (const line of lines) {
      screen += `${PROMPT}${line}\n`
      const result = await open.session.evaluate(line, { final: true })
      if (result.kind === 'error') screen += `${result.error.text}\n`
      if (result.kind === 'ok' && result.shown) screen += `${result.shown['text/plain']}\n`
    }
  } finally {
    open.close()
  }
  return screen
}
