// A session put together: the prompt's names, its commands, the machine.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ERAS } from '../backend/sim/era.js'
import { FAULT_KINDS } from '../backend/sim/fault-fields.js'
import { SimMachine } from '../backend/sim/sim-machine.js'
import { readDotEnv } from '../config/config.js'
import type { Machine } from '../machine/machine.js'
import { MSRS } from '../machine/msr/msr-table.js'
import { dtraceCommand } from '../session/commands/dtrace.js'
import { faultCommands } from '../session/commands/fault-commands.js'
import { hostCommands } from '../session/commands/host.js'
import { jobCommands } from '../session/commands/jobs.js'
import { toolstackCommands } from '../session/commands/toolstack.js'
import type { JournalFile } from '../session/journal-file.js'
import { patience } from '../session/patience.js'
import { redactor } from '../session/secrets.js'
import { Session } from '../session/session.js'
import { catchStrays } from '../session/stray.js'
import { Traces } from '../session/traces.js'
import type { CellTypes } from '../session/types/cell-types.js'
import { VmEvaluator } from '../session/vm-evaluator.js'
import { commandFunctions } from './command-functions.js'
import type { CurrentMachine } from './current-machine.js'
import { faultManagementOn } from './fault-managements.js'
import { promptGlobals } from './globals.js'
import { OBJECT_TOPICS } from './object-topics.js'
import { ownCommands } from './own-commands.js'
import { packageRoot } from './package-root.js'
import { queryCatalogSpecs } from './probe-specs.js'
import { processIds } from './process-ids.js'
import { promptSubcommands } from './prompt-subcommands.js'
import { TOPICS } from './topics.js'
import { xentraceCommand } from './xentrace-command.js'

/** Where a session's output goes, and how wide that is. */
export interface SessionPlace {
  readonly write: (text: string) => void
  readonly warn: (text: string) => void
  readonly columns: () => number
  /** How many characters of a cell's output are kept once they are written: all when absent. */
  readonly keepOutput?: number
  /** Where relative paths and imports of cells start. */
  readonly directory?: string
  /** Where relative paths start, when that is another place than where imports do. */
  readonly paths?: string
  /** Whether values are shown in HTML too, for a browser. */
  readonly isRich?: boolean
  /** Whether somebody sits there who may want to know how to go on. */
  readonly hints?: boolean
  /** Whether this place sees to what fails in the background by itself. */
  readonly keepsStrays?: boolean
  /** The types of its cells, closed with the session; they have none when absent. */
  readonly types?: CellTypes | undefined
  /** What runs its cells: V8's prompt mode when absent. */
  readonly evaluator?: 'prompt' | 'vm'
  /** Keeps the cells on disk; closed with the session. */
  readonly keeper?: JournalFile | undefined
}

/** A session and the machine it is on; both are closed together. */
export interface OpenSession {
  readonly session: Session
  readonly current: CurrentMachine
  /** The D programs that watch in the background. */
  readonly traces: Traces
  close(): void
}

const registers = (): readonly string[] => MSRS.map(({ name }) => name)

/** What the first string of a function may be, where it is no probe. */
export const WORDS_IN: ReadonlyMap<string, () => readonly string[]> = new Map([
  ['rdmsr', registers],
  ['wrmsr', registers],
  ['named', registers],
  ['open', () => ERAS.map(({ name }) => `sim:${name}`)],
  ['inject', () => FAULT_KINDS],
])

/** Names of the parts of a host, as rules call them. */
function partsOf(machine: Machine): readonly string[] {
  const nodes = [...faultManagementOn(machine).topology.nodes()]
  return [...new Set(nodes.map(({ path }) => path.at(-1)?.name ?? ''))]
}

/** Opens a session on a machine, which it takes over. */
export function openSession(current: CurrentMachine, place: SessionPlace): OpenSession {
  const machine = (): Machine => current.machine
  const directory = (): string => place.paths ?? place.directory ?? process.cwd()
  const traces = new Traces()
  const session = new Session({
    globals: {
      ...promptGlobals(current, place.columns, directory),
      xpv: commandFunctions(() => session, place.columns),
    },
    topics: [...TOPICS, ...OBJECT_TOPICS],
    ...(place.types === undefined ? {} : { types: place.types }),
    ...(place.evaluator === 'vm' ? { engine: () => new VmEvaluator() } : {}),
    ...(place.keeper === undefined ? {} : { keeper: place.keeper }),
    redact: redactor(process.env, readDotEnv(process.cwd())),
    commands: [
      dtraceCommand({ machine, explain: true, ids: processIds(), traces, hints: place.hints }),
      ...toolstackCommands({ machine, traces }),
      ...hostCommands(machine, directory),
      ...faultCommands({ machine, fma: () => faultManagementOn(machine()), traces, directory }),
      ...jobCommands(traces, place.hints),
      xentraceCommand(machine, directory),
      ...ownCommands(directory, false),
      ...promptSubcommands({ machine, directory }),
    ],
    write: place.write,
    warn: place.warn,
    keepOutput: place.keepOutput,
    settle: () => traces.catchUp(),
    width: place.columns,
    isRich: place.isRich === true,
    probeSpecs: queryCatalogSpecs,
    wordsIn: (called) => WORDS_IN.get(called)?.(),
    parts: () => partsOf(machine()),
    modules: { xpv: () => import('../index.js') },
    ownAddress: pathToFileURL(join(packageRoot(), 'dist', 'index.js')).href,
    ...(place.directory === undefined ? {} : { directory: place.directory }),
  })
  const release = place.keepsStrays
    ? (): void => {}
    : catchStrays(session, (thrown) => place.warn(`${session.describe(thrown).text}\n`))
  const ask = patience(session, traces)
  current.listen({
    opened: (opened) => {
      if (!(opened instanceof SimMachine)) return
      opened.kernel.pulse = ask
      faultManagementOn(opened)
    },
    closing: () => void traces.stop(),
  })
  return {
    session,
    current,
    traces,
    close: () => {
      place.keeper?.close()
      traces.stop()
      release()
      session.close()
      current.close()
    },
  }
}
