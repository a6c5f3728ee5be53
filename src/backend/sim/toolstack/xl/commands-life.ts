// Commands that begin and end the life of domains: create, destroy, pause, unpause, shutdown,
// reboot, console.
//
// Source: tools/xl/xl_vmcontrol.c, xl_console.c.
import { type Commands, onDomain } from './command.js'
import { createDomain, unpauseDomain } from './create.js'
import { readConfig } from './create-config.js'
import { destroyDomain } from './destroy.js'
import { LIBXL_FAIL, LIBXL_TIMED_OUT } from './errors.js'
import type { Steps } from './libxc.js'
import type { Libxl } from './libxl.js'

/** How long xl waits for a guest to take note of a request; how long a guest takes. */
const PATIENCE_NS = 60_000_000_000
const NOTE_NS = 3_000_000
const FOREVER_NS = 2 ** 50

/** These commands. */
export const LIFE_COMMANDS: Commands = {
  create: {
    options: {
      letters: 'AFVcdef:inpqh',
      long: { defconfig: 'f', dryrun: 'n', quiet: 'q', 'ignore-global-affinity-masks': 'i' },
    },
    least: 0,
    *run(xl, { flags, words }) {
      const read = yield* readConfig(xl, { flags, words })
      if (read.kind === 'refused') return read.status
      const isMonitored = !flags.has('e') && !flags.has('F')
      const domid = yield* createDomain(xl, read.spec, { isPaused: flags.has('p'), isMonitored })
      return domid < 0 ? -domid : 0
    },
  },
  destroy: {
    options: { letters: 'fh' },
    least: 1,
    run: onDomain(function* (xl, domid, { flags }) {
      if (domid === 0 && !flags.has('f')) {
        xl.output.error('Not destroying domain 0; use -f to force.\n')
        const when = 'a disaggregated hardware domain and toolstack'
        xl.output.error(`This can only be done when using ${when}.\n\n`)
        return 1
      }
      const rc = yield* destroyDomain(xl, domid)
      if (rc !== 0) xl.output.error(`destroy failed (rc=${rc})\n`)
      return rc === 0 ? 0 : 1
    }),
  },
  pause: {
    options: { letters: 'h' },
    least: 1,
    run: onDomain(function* (xl, domid) {
      const { result } = yield* xl.xc.domctl('pausedomain', domid)
      if (result < 0) xl.error('pausing', 'Pausing domain', { domid, errno: result })
      return 0
    }),
  },
  unpause: {
    options: { letters: 'h' },
    least: 1,
    run: onDomain(function* (xl, domid) {
      yield* unpauseDomain(xl, domid)
      return 0
    }),
  },
  shutdown: requesting('poweroff', 'Shutting down', 'shutdown'),
  reboot: requesting('reboot', 'Rebooting', 'reboot'),
  console: {
    options: { letters: 'n:t:e:h' },
    least: 1,
    run: onDomain(function* (xl, domid) {
      yield* xl.look(domid)
      xl.output.error('Unable to attach console\n')
      return 1
    }),
  },
}

/** A command that asks guests to leave. */
function requesting(request: string, saying: string, name: string): Commands[string] {
  return {
    options: { letters: 'awFh', long: { all: 'a', wait: 'w' } },
    least: 0,
    *run(xl, { flags, words }) {
      const [word] = words
      if (word === undefined && !flags.has('a')) {
        xl.output.error('You must specify -a or a domain id.\n\n')
        return 1
      }
      const domids = flags.has('a') ? yield* allGuests(xl) : [yield* xl.domainOf(word ?? '')]
      const asked: number[] = []
      for (const domid of domids) {
        if (domid === undefined) return 1
        xl.output.error(`${saying} domain ${domid}\n`)
        const rc = yield* ask(xl, domid, request)
        if (rc !== 0) {
          xl.output.error(`${name} failed (rc=${rc})\n`)
          return 1
        }
        asked.push(domid)
      }
      if (flags.has('w')) yield* waitFor(xl, asked)
      return 0
    },
  }
}

function* allGuests(xl: Libxl): Steps<readonly number[]> {
  const domains = yield* xl.list()
  return domains.map((d) => d.domid).filter((domid) => domid !== 0)
}

/** Writes a request where a guest looks for it, and waits until it has taken note: 0, or libxl's
 *  error. */
function* ask(xl: Libxl, domid: number, request: string): Steps<number> {
  const domain = yield* xl.type(domid)
  if (domain === undefined) return LIBXL_FAIL
  const path = `/local/domain/${domid}/control/shutdown`
  yield { kind: 'store', path, value: request }
  const listens = domid !== 0 && !domain.isPaused && domain.shutdownReason === undefined
  yield { kind: 'sleep', ns: listens ? NOTE_NS : PATIENCE_NS }
  if (listens) {
    yield { kind: 'store', path, value: '' }
    return 0
  }
  xl.error('unacknowledged', `guest didn't acknowledge control request: ${LIBXL_TIMED_OUT}`)
  return LIBXL_TIMED_OUT
}

function* waitFor(xl: Libxl, domids: readonly number[]): Steps<void> {
  xl.output.error(`Waiting for ${domids.length} domains\n`)
  for (const domid of domids) {
    const { result } = yield { kind: 'await-shutdown', domid, ns: FOREVER_NS }
    xl.output.error(
      result < 0
        ? `Domain ${domid} has been destroyed\n`
        : `Domain ${domid} has been shut down, reason code ${result}\n`,
    )
  }
}
