// The shell on a machine. The prompt is there before the session is: it loads while its user types.
import { eraNamed } from '../backend/sim/era.js'
import { DEFAULT_HOST } from '../backend/sim/host-config.js'
import { isSimSpec, parseSimSpec } from '../backend/sim/sim-spec.js'
import type { Machine } from '../machine/machine.js'
import type { JournalRemark } from '../session/journal.js'
import type { JournalFile } from '../session/journal-file.js'
import type { Session } from '../session/session.js'
import type { CellTypes } from '../session/types/cell-types.js'
import { HeldOutput } from '../shell/held-output.js'
import { runShell } from '../shell/shell.js'
import { keepCompiled } from './compiled.js'
import type { Context } from './context.js'
import { type CurrentMachine, currentMachine } from './current-machine.js'
import { deskFor, notebookAt } from './desk-at-hand.js'
import { type DeskMachine, openMachine, ownMachine } from './desk-machine.js'
import { DEFAULT_MACHINE } from './global-options.js'
import { describeMachine } from './machine-text.js'
import type { OpenSession, SessionPlace } from './session.js'
import { version } from './version.js'

/** What is done with a session before its user is asked. */
export type Prelude = (
  session: Session,
  write: (text: string) => void,
  remark: (remark: JournalRemark) => Promise<void>,
) => Promise<void>

/** Runs the shell to its end; yields the exit status. A notebook named on the command line gives
 *  the machine; none of its cells runs by itself. */
export async function shell(
  context: Context,
  notebook?: string,
  prelude?: Prelude,
): Promise<number> {
  const opened = notebook === undefined ? undefined : await notebookAt(notebook, context)
  let machine = opened?.machine ?? ownMachine(context)
  const { banner, current: first } = await opening(machine, context)
  let current = first
  const screen = new Screen(context.columns)
  let open: OpenSession | undefined
  const session = async (): Promise<Session> => {
    if (open !== undefined) return open.session
    readAhead()
    const types = context.types ? await typesFor(() => open?.current.machine, screen) : undefined
    const keeper = await keeperFor(machine, screen)
    open = await sessionOn(await current(), screen, {
      types,
      keeper,
      evaluator: context.config.evaluator,
    })
    if (Object.keys(machine.params).length > 0)
      open.session.define({ params: Object.freeze({ ...machine.params }) })
    return open.session
  }
  const renew = async (next: DeskMachine): Promise<void> => {
    const there = await openMachine(next)
    open?.close()
    open = undefined
    machine = next
    current = async () => there
  }
  const desk = await deskFor({
    session: () => open?.session,
    current: () => open?.current,
    renew,
    silently: (work) => screen.silently(work),
    columns: context.columns,
    machine,
    opened,
  })
  try {
    if (prelude !== undefined) {
      const remark = async ({ kind, text }: JournalRemark) => {
        ;(await desk.open()).remark(kind, text)
      }
      await prelude(await session(), (text) => screen.write(text), remark)
    }
    return await runShell({
      session,
      early: async () => (open === undefined ? earlyIn(machine) : undefined),
      banner: `${banner}${desk.opening()}`,
      input: process.stdin,
      output: process.stdout,
      errors: process.stderr,
      env: { ...process.env, ...chosen(context) },
      ...(context.config.history === 0 ? { historyFile: false as const } : {}),
      endLine: () => screen.endLine(),
      besides: (show) => screen.showAbove(show),
      hold: (isLong) => screen.hold(isLong),
      traces: () => open?.traces,
      desk: desk.open,
      deskNow: desk.now,
      open: async (next) => openAsCell(next, await session(), await current()),
    })
  } finally {
    open?.close()
  }
}

/** Begins to read what is needed soon: chunks that are asked for one after another wait for each
 *  other. Whoever needs them is told if that fails. */
function readAhead(): void {
  for (const chunk of [import('./connect.js'), import('./session.js')]) chunk.catch(() => {})
}

/** What Tab offers while a session is being opened that has names of its own only. */
async function earlyIn({ spec, params }: DeskMachine) {
  keepCompiled()
  if (Object.keys(params).length > 0) return undefined
  return (await import('./early-names.js')).earlyNames(spec)
}

/** Where cells print. */
class Screen {
  /** How wide it is now. */
  readonly columns: () => number
  #last = '\n'
  #isSilent = false
  #above: (text: string) => boolean = () => false
  readonly #output = new HeldOutput((text) => this.#put(text, process.stdout))

  constructor(columns: () => number) {
    this.columns = columns
  }

  /** From now on what comes while a cell is being written is shown above it. */
  showAbove(show: (text: string) => boolean): void {
    this.#above = show
  }

  /** Keeps back what is too long: see `HeldOutput`. */
  hold(isLong: (text: string) => boolean): () => string {
    return this.#output.hold(isLong)
  }

  /** What ends the last line, if it is open. */
  endLine(): string {
    const text = this.#last === '\n' ? '' : '\n'
    this.#last = '\n'
    return text
  }

  write(text: string, stream: NodeJS.WritableStream = process.stdout): void {
    if (this.#isSilent || (stream === process.stdout && this.#above(text))) return
    if (stream === process.stdout) this.#output.write(text)
    else this.#put(text, stream)
  }

  /** What is printed while this works is not shown. */
  async silently<T>(work: () => Promise<T>): Promise<T> {
    this.#isSilent = true
    try {
      return await work()
    } finally {
      this.#isSilent = false
    }
  }

  #put(text: string, stream: NodeJS.WritableStream): void {
    this.#last = text.at(-1) ?? this.#last
    stream.write(text)
  }
}

/** The types of cells: their server reads while the session is put together. Nobody waits for it at
 *  a terminal; what comes through a pipe is checked whole. */
async function typesFor(
  machine: () => Machine | undefined,
  screen: Screen,
): Promise<CellTypes | undefined> {
  const isTerminal = process.stdin.isTTY === true
  const { cellTypes } = await import('./cell-types.js')
  const { PROMPT_PATIENCE, SCRIPT_PATIENCE } = await import('../session/types/cell-types.js')
  const patience = isTerminal ? PROMPT_PATIENCE : SCRIPT_PATIENCE
  const warn = (text: string): void => {
    screen.write(text, isTerminal ? process.stdout : process.stderr)
  }
  return cellTypes({ directory: process.cwd(), patience, machine, warn })
}

/** The journal of what is typed at a terminal. */
async function keeperFor(context: DeskMachine, screen: Screen): Promise<JournalFile | undefined> {
  if (process.stdin.isTTY !== true) return undefined
  const { journalFile } = await import('./journals.js')
  return journalFile(context, (text) => screen.write(text))
}

async function sessionOn(
  current: CurrentMachine,
  screen: Screen,
  parts: Pick<SessionPlace, 'types' | 'keeper' | 'evaluator'>,
): Promise<OpenSession> {
  const { openSession } = await import('./session.js')
  const { progress } = await import('./progress.js')
  const isTerminal = process.stdin.isTTY === true
  // While a cell is edited its editor reads, and has the screen to itself.
  progress.onlyWhile(() => !isTerminal || process.stdin.isPaused())
  return openSession(current, {
    write: (text) => screen.write(text),
    warn: (text) => screen.write(text, isTerminal ? process.stdout : process.stderr),
    columns: screen.columns,
    keepsStrays: isTerminal,
    hints: isTerminal,
    ...parts,
    keepOutput: 2 ** 16,
  })
}

/** `.open` as the cell it stands for, so that a saved notebook opens the same. */
async function openAsCell(
  spec: string,
  session: Session,
  current: CurrentMachine,
): Promise<string> {
  const [, path = spec, hz] = /^(.*?)\s+--hz[ =](\S+)$/.exec(spec) ?? []
  const source = `open(${quoted(path)}${hz === undefined ? '' : `, { hz: ${quoted(hz)} }`})`
  const result = await session.evaluate(source, { language: 'ts' })
  if (result.kind === 'error') throw result.error.thrown
  return describeMachine(current.machine.snapshot())
}

function quoted(text: string): string {
  return /['\\\n]/.test(text) ? JSON.stringify(text) : `'${text}'`
}

/** A machine that will be opened, and how the shell greets. */
interface Opening {
  readonly banner: string
  current(): Promise<CurrentMachine>
}

/** Which machine, as a notebook or the command line says it. */
interface Place {
  readonly spec: string | undefined
  readonly hz?: number | undefined
}

/** A simulated host is described by its spec, and boots while its user types; a recording must be
 *  there before there is a prompt. */
async function opening({ spec, hz }: Place, context: Context): Promise<Opening> {
  const text = spec ?? DEFAULT_MACHINE
  if (isSimSpec(text)) {
    const { era = DEFAULT_HOST.era } = parseSimSpec(text)
    let opened: Promise<CurrentMachine> | undefined
    const current = (): Promise<CurrentMachine> => {
      opened ??= currentMachine(context, spec, hz)
      return opened
    }
    const { title } = eraNamed(era)
    return { banner: await greeting(title, context), current }
  }
  const current = await currentMachine(context, spec, hz)
  const [first = ''] = describeMachine(current.machine.snapshot()).split('\n')
  return { banner: await greeting(first, context), current: async () => current }
}

/** The machine, broken between words where the terminal is narrow: what measures words is only
 *  read then. */
async function greeting(machine: string, context: Context): Promise<string> {
  const width = context.columns() - 2
  const texts = [machine, `xpv ${version()}: help lists the commands; .exit leaves`]
  if (texts.every(({ length }) => length <= width)) return texts.join('\n')
  const { wrapped } = await import('../chart/table.js')
  return texts.map((text) => wrapped(text, width).join('\n  ')).join('\n')
}

/** The settings of the prompt, as the variables that stand for them. */
function chosen({ config }: Context): Readonly<Record<string, string>> {
  const { color, editor, brackets, history, pager, unicode } = config
  const colour: Record<string, string> =
    color === 'always' ? { FORCE_COLOR: '1' } : color === 'never' ? { NO_COLOR: '1' } : {}
  return {
    ...colour,
    XPV_EDITOR: editor,
    XPV_BRACKETS: brackets ? 'on' : 'off',
    XPV_HISTORY: String(history),
    ...(pager === 'auto' ? {} : { PAGER: pager === 'off' ? 'cat' : pager }),
    ...(unicode === 'auto' ? {} : { XPV_ASCII: unicode === 'on' ? '0' : '1' }),
  }
}
