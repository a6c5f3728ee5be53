// Runs again: what ran before a cell that is taken back, in a fresh session, without a word.
//
// Holds: what was interrupted, and what only asked, does not run again. What says something else
// than before is told.
import type { JournalEntry } from '../session/journal.js'
import type { Session } from '../session/session.js'
import type { DeskMachine } from './desk-machine.js'
import { type DeskRun, isQuestion } from './desk-runs.js'
import { firstLine } from './desk-text.js'
import { progress } from './progress.js'

/** What ran again, and what is to be told of it. */
export interface RanAgain {
  readonly runs: readonly DeskRun[]
  readonly told: string
}

/** Runs them in order in a session in which nothing has run. */
export async function runAgain(
  session: Session,
  runs: readonly DeskRun[],
  silently: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<RanAgain> {
  const wanted = runs.filter(({ entry }) => entry.ended !== 'interrupted' && !isQuestion(entry))
  const task = progress.begin({ title: 'undo', unit: 'cells', total: wanted.length })
  const done: DeskRun[] = []
  let told = ''
  for (const run of wanted) {
    task.at(done.length)
    const entry = await silently(() => rerun(session, run))
    if (entry === undefined || entry.ended === 'interrupted') {
      told += `interrupted: ${wanted.length - done.length} cells before it did not run again\n`
      break
    }
    if (!isSame(entry, run.entry)) told += `not as before: ${firstLine(entry.source, 60)}\n`
    done.push({ ...run, entry })
  }
  task.end()
  return { runs: done, told }
}

/** Whether what cells did cannot be done again: they did it to a live machine. */
export function isOnLive({ spec = '' }: DeskMachine, runs: readonly DeskRun[]): boolean {
  const opens = /\bopen\(\s*['"`](live|ssh:)/
  return /^(live|ssh:)/.test(spec) || runs.some(({ entry }) => opens.test(entry.source))
}

async function rerun(session: Session, { id, entry }: DeskRun): Promise<JournalEntry | undefined> {
  const { source, language } = entry
  const name = id === undefined ? {} : { name: id }
  await session.evaluate(source, { language, final: true, ...name })
  return session.journal.entries.at(-1)
}

function isSame(a: JournalEntry, b: JournalEntry): boolean {
  const said = ({ output, shown }: JournalEntry) => `${output}${shown?.['text/plain'] ?? ''}`
  return a.ended === b.ended && said(a) === said(b)
}
