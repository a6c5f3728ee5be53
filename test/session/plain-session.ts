// A session on a simulated host as a notebook has it: no types, no output.
import { makeContext } from '../../src/cli/context.js'
import { currentMachine } from '../../src/cli/current-machine.js'
import { Output } from '../../src/cli/output.js'
import { type OpenSession, openSession } from '../../src/cli/session.js'
import { loadConfig } from '../../src/config/config.js'

/** Opens one whose paths start in `directory`. */
export async function plainSession(directory: string): Promise<OpenSession> {
  const config = loadConfig({ flags: { color: 'never' }, environment: {}, folder: '/nowhere' })
  const { signal } = new AbortController()
  const context = makeContext({ config, out: new Output(), signal })
  return openSession(await currentMachine(context, context.spec), {
    write: () => {},
    warn: () => {},
    columns: () => 80,
    directory,
    ...(process.env['XPV_TEST_ENGINE'] === 'vm' ? { evaluator: 'vm' as const } : {}),
  })
}
