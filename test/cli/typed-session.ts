// A session at the prompt as documents show it: lines that are typed, and all that a terminal shows.
import { makeContext } from '../../src/cli/context.js'
import { currentMachine } from '../../src/cli/current-machine.js'
import { Output } from '../../src/cli/output.js'
import { openSession } from '../../src/cli/session.js'
import { loadConfig } from '../../src/config/config.js'

export const PROMPT = 'xpv> '

/** The lines of a block that are typed. */
export function typedIn(block: string): readonly string[] {
  const lines = block.split('\n').filter((line) => line.startsWith(PROMPT))
  return lines.map((line) => line.slice(PROMPT.length))
}

/** What a terminal shows of each block of lines, without colours, in one session that goes on through
 *  all of them. */
export async function typedAgain(
  blocks: readonly (readonly string[])[],
  machine?: string,
): Promise<readonly string[]> {
  let screen = ''
  const write = (text: string): void => {
    screen += text
  }
  const flags = { color: 'never', types: 'off', ...(machine === undefined ? {} : { machine }) }
  const config = loadConfig({ flags, environment: {}, folder: '/nowhere' })
  const { signal } = new AbortController()
  const context = makeContext({ config, out: new Output(), signal })
  const open = openSession(await currentMachine(context, context.spec), {
    write,
    warn: write,
    columns: () => 80,
  })
  const starts: number[] = []
  try {
    for (const lines of blocks) {
      starts.push(screen.length)
      for (const line of lines) {
        screen += `${PROMPT}${line}\n`
        const result = await open.session.evaluate(line, { final: true })
        if (result.kind === 'error') screen += `${result.error.text}\n`
        if (result.kind === 'ok' && result.shown) screen += `${result.shown['text/plain']}\n`
      }
    }
  } finally {
    open.close()
  }
  return starts.map((start, i) => screen.slice(start, starts[i + 1]))
}
