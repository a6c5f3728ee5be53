// A session on a simulated host whose cells have types, for tests.
import { cellTypes } from '../../../src/cli/cell-types.js'
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
  const current = await currentMachine(context, context.spec)
  const types = cellTypes({
    directory: directory ?? process.cwd(),
    patience: { typingMs: 20_000, checkMs: 20_000, waitsForWarm: true },
    machine: () => current.machine,
    warn: () => {},
  })
  return openSession(current, {
    write: () => {},
    warn: () => {},
    columns: () => 80,
    types,
    ...(directory === undefined ? {} : { directory }),
  })
}
