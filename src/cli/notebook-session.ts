// A session for notebooks: every cell's output as text, 80 columns wide, without colour, in a realm
// that is the same anywhere.
import { performance } from 'node:perf_hooks'
import { isActive } from '../machine/active-machine.js'
import type { ParamValue } from '../notebook/document.js'
import { enterRealm, type RealmSource } from '../notebook/realm/realm.js'
import type { CellOutcome, NotebookSession } from '../notebook/run.js'
import type { CellResult } from '../session/cell.js'
import { redacted } from '../session/secrets.js'
import type { Connect, Context } from './context.js'
import { CurrentMachine } from './current-machine.js'
import { leaveInterrupted } from './exit-status.js'
import { type OpenSession, openSession } from './session.js'

const COLUMNS = 80
const LANGUAGES = { ts: 'ts', d: 'd', esc: 'esc', sh: 'command' } as const

/** Characters a cell may print: what is longer is no output that anyone reads or compares. */
const MOST_PRINTED = 1 << 24

/** What a notebook says of the session its cells want. */
export interface NotebookPlace {
  readonly spec: string | undefined
  readonly hz: number | undefined
  /** Of simulated machines whose spec says none. */
  readonly seed: number | undefined
  /** Where its imports start. */
  readonly directory: string
  /** What cells know as `params`. */
  readonly params: Readonly<Record<string, ParamValue>>
}

/** Opens a fresh session for one notebook. Throws as opening its machine does. */
export async function notebookSession(
  place: NotebookPlace,
  context: Context,
): Promise<NotebookSession> {
  let printed = 0
  const connect = await context.connector()
  const open = openSession(machineFor(place, connect), {
    write: (text) => {
      printed += text.length
    },
    warn: () => {},
    columns: () => COLUMNS,
    keepOutput: MOST_PRINTED,
    directory: place.directory,
    evaluator: context.config.evaluator,
  })
  open.session.define({ params: Object.freeze({ ...place.params }) })
  open.session.guard({ onIdleSignal: () => leaveInterrupted(context) })
  const leaveRealm = enterRealm(realmSource(open, place))
  return {
    evaluate: async ({ source, language, id }, timeoutMs) => {
      printed = 0
      const began = performance.now()
      const how = { language: LANGUAGES[language], name: id, final: true }
      const limit = timeoutMs === undefined ? {} : { timeoutMs }
      const result = await open.session.evaluate(source, { ...how, ...limit })
      const isLate = performance.now() - began >= (timeoutMs ?? Number.POSITIVE_INFINITY)
      const outcome = outcomeOf(result, isLate ? timeoutMs : undefined)
      return redacted(printed > MOST_PRINTED ? TOO_MUCH : outcome, open.session.redact)
    },
    interrupt: () => open.session.interrupt(),
    close: () => {
      open.close()
      leaveRealm()
    },
  }
}

/** The machine, its chance as the notebook says wherever a spec does not. */
function machineFor({ spec, hz, seed }: NotebookPlace, connect: Connect): CurrentMachine {
  const opens: Connect = (wanted, other) =>
    connect(wanted, other, SEED.test(wanted ?? '') ? undefined : seed)
  return new CurrentMachine(spec, opens, hz)
}

const SEED = /\bseed=(\d+)/

/** Time as the open machine has it, 1970 where it has none; real on a live one. */
function realmSource({ current }: OpenSession, place: NotebookPlace): RealmSource | undefined {
  if (current.machine.backend === 'live') return undefined
  const seed = Number(place.seed ?? SEED.exec(place.spec ?? '')?.[1] ?? 1)
  const nowMs = (): number => {
    const { machine } = current
    if (!isActive(machine)) return 0
    const booted = machine.access.bootedNs()
    return (booted.kind === 'known' ? Number(booted.value) / 1e6 : 0) + machine.nowNs / 1e6
  }
  return { nowMs, seed }
}

/** What came of a cell; `limitMs` is the time it was given and took. */
function outcomeOf(result: CellResult, limitMs: number | undefined): CellOutcome {
  if (result.kind === 'incomplete') {
    return { kind: 'error', error: 'session.incomplete', text: 'the cell stops in the middle' }
  }
  if (result.kind === 'error') {
    const { code, name, text } = result.error
    return { kind: 'error', error: code ?? name, text: joined(result.output, text) }
  }
  if (result.kind === 'interrupted' && limitMs !== undefined) {
    const text = `nb.timeout: the cell took longer than ${limitMs} ms`
    return { kind: 'error', error: 'nb.timeout', text: joined(result.output, text) }
  }
  const text = joined(result.output, result.shown?.['text/plain'] ?? '')
  if (result.kind === 'ok' && result.status !== 0) {
    return { kind: 'error', error: `status=${result.status}`, text }
  }
  return { kind: result.kind, error: '', text, svg: result.shown?.['image/svg+xml'] }
}

/** What came of a cell that printed more than is kept: that is a failure, whatever else it did. */
const TOO_MUCH: CellOutcome = {
  kind: 'error',
  error: 'nb.too-much',
  text: `nb.too-much: the cell printed more than ${MOST_PRINTED} characters\n`,
}

/** What was printed, then what was shown, each on lines of its own. */
function joined(output: string, shown: string): string {
  if (shown === '') return output
  return output === '' || output.endsWith('\n') ? `${output}${shown}\n` : `${output}\n${shown}\n`
}
