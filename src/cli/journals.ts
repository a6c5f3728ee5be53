// Where the journals of sessions are, and the one of the session that begins.
//
//   $XDG_STATE_HOME/xpv/sessions/20261123T163000-812-4f1c.jsonl
import { dirname, join } from 'node:path'
import { JournalFile, journalId } from '../session/journal-file.js'
import { historyFile } from '../shell/history.js'
import type { Context } from './context.js'

/** The folder of journals, beside the history. */
export function journalFolder(): string {
  return join(dirname(historyFile(process.env)), 'sessions')
}

/** The journal of the session that begins; `warn` is told why it cannot be kept. */
export function journalFile(
  {
    spec,
    seed,
    hz,
    notebook,
  }: Pick<Context, 'spec' | 'seed' | 'hz'> & {
    readonly notebook?: string | undefined
  },
  warn: (text: string) => void,
): JournalFile {
  const { pid } = process
  const startedMs = Date.now()
  const head = { id: journalId(startedMs, pid), pid, startedMs, folder: process.cwd() }
  return new JournalFile(journalFolder(), { ...head, machine: spec, seed, hz, notebook }, warn)
}
