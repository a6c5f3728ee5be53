// A session on a simulated host whose cells have types, for tests.
import { makeContext } from '../../../src/cli/context.js'
import { currentMachine } from '../../../src/cli/current-machine.js'
import { Output } from '../../../src/cli/output.js'
import { type OpenSession, openSession } from '../../../src/cli/session.js'
import { loadConfig } from '../../../src/config/config.js'

/** Opens one whose user waits long enough for every answer. */
export async function typedSession(directory?: string): Promise<OpenSession> {
  const config = loadConfig({ flags: { color: 'never' }, environment: {}, folder: '/nowhere' })
  const { signal } = new AbortController()
  const context = makeContext({ config, out: new Output(), signal })
  return openSession(await currentMachine(context, context.spec), {
    write: () => {},
    warn: () => {},
    columns: () => 80,
    types: { typingMs: 20_000, checkMs: 20_000 },
    ...(directory === undefined ? {} : { directory }),
  })
}
