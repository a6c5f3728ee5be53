// A whole shell around a small session, as the composition root would make one; run by the
// terminal's test.
import { jobCommands } from '../../src/session/commands/jobs.js'
import { Session } from '../../src/session/session.js'
import { Traces } from '../../src/session/traces.js'
import { runShell } from '../../src/shell/shell.js'

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const traces = new Traces()
const session = new Session({
  globals: { sleep },
  commands: [
    ...jobCommands(traces, true),
    {
      name: 'dtrace',
      summary: 'echoes its words',
      usage: 'WORDS',
      examples: [],
      run: async (argv, io) => {
        io.write(`matched ${JSON.stringify(argv)}\n`)
        return 0
      },
    },
  ],
  write: (text) => void process.stdout.write(text),
  probeSpecs: () => ['xpv:privcmd:f:dom-create-start'],
})
const status = await runShell({
  session: async () => {
    await sleep(Number(process.env['XPV_TEST_OPENING_MS'] ?? 0))
    return session
  },
  banner: 'xpv: a machine for tests; help lists the commands',
  input: process.stdin,
  output: process.stdout,
  errors: process.stderr,
  env: process.env,
  traces: () => traces,
})
session.close()
process.exit(status)
