// `xpv --resume [ID]`: a session that died comes back: its machine, its seed, its cells run again.
//
//   xpv --resume          the last one that died; the others are named
//   xpv --resume list     all of them
//   xpv --resume ID       that one
//
// Holds: the cell in which it died, and one that was interrupted, do not run again; cells on a live
// machine run only when their user says so. What says something else than before is told.
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { XpvError } from '../base/error.js'
import type { JournalRemark } from '../session/journal.js'
import {
  closeJournal,
  hasCrashed,
  type KeptCell,
  type KeptJournal,
  readJournals,
  saidBy,
} from '../session/journal-file.js'
import type { Session } from '../session/session.js'
import type { Context } from './context.js'
import { DONE } from './exit-status.js'
import { DEFAULT_MACHINE } from './global-options.js'
import { journalFolder } from './journals.js'
import { shell } from './shell.js'

/** Brings a session back, then is its shell. Yields the exit status. Throws `XpvError` `cli.usage`
 *  when no such session died. */
export async function resume(words: readonly string[], context: Context): Promise<number> {
  const [wanted] = words
  const crashed = readJournals(journalFolder()).filter(hasCrashed)
  if (wanted === 'list') {
    context.out.write(crashed.length === 0 ? 'no session has died\n' : crashed.map(line).join(''))
    return DONE
  }
  const journal = chosen(crashed, wanted)
  process.chdir(journal.folder)
  const others = crashed.filter((each) => each !== journal)
  return shell(contextOf(journal, context), notebookOf(journal), async (session, write, remark) => {
    write(`${heading(journal, others)}\n`)
    await replay(journal, session, { write, remark })
    closeJournal(journal.path, 'resumed')
  })
}

/** The notebook that was open, if it is still there. */
function notebookOf({ notebook }: KeptJournal): string | undefined {
  return notebook !== undefined && existsSync(notebook) ? notebook : undefined
}

function chosen(crashed: readonly KeptJournal[], wanted: string | undefined): KeptJournal {
  const found = crashed.find(({ id }) => wanted === undefined || id === wanted)
  if (found !== undefined) return found
  const message = wanted === undefined ? 'no session has died' : `no session ${wanted} has died`
  throw new XpvError('cli.usage', message, 'xpv --resume list')
}

/** The command line that the session was started with. */
function contextOf({ machine, hz, seed }: KeptJournal, context: Context): Context {
  const connector: Context['connector'] = async () => {
    const { connect } = await import('./connect.js')
    return (spec, other) => connect(spec, { hz: hz ?? other, seed })
  }
  return { ...context, spec: machine, hz, seed, connector }
}

function line({ id, cells, machine, folder }: KeptJournal): string {
  const [last] = cells.at(-1)?.source.split('\n') ?? []
  const count = `${cells.length} cell${cells.length === 1 ? '' : 's'}`
  return `${id}  ${count} on ${machine ?? DEFAULT_MACHINE} in ${folder}, last: ${last}\n`
}

function heading(journal: KeptJournal, others: readonly KeptJournal[]): string {
  const more = others.length === 0 ? '' : `; ${others.length} more: xpv --resume list`
  return `the cells of ${journal.id}, run again${more}`
}

/** Where what comes back goes. */
interface ReplayPlace {
  write(text: string): void
  remark(remark: JournalRemark): Promise<void>
}

async function replay(
  journal: KeptJournal,
  session: Session,
  { write, remark }: ReplayPlace,
): Promise<void> {
  const onSignal = (): void => session.interrupt()
  session.guard()
  process.on('SIGINT', onSignal)
  try {
    for (let after = 0; after <= journal.cells.length; after++) {
      const cell = journal.cells[after - 1]
      if (cell !== undefined) write(`${await replayed(cell, journal, session)}\n`)
      for (const each of journal.remarks) if (each.after === after) await remark(each)
    }
  } finally {
    process.off('SIGINT', onSignal)
  }
}

/** Runs a cell again; yields the line that says what became of it. */
async function replayed(cell: KeptCell, journal: KeptJournal, session: Session): Promise<string> {
  const name = `${String(cell.number).padStart(3)}  ${oneLine(cell.source)}`
  if (cell.how === undefined)
    return `${name}\n     was running when the session died: not run again`
  if (cell.isRedacted) return `${name}\n     held a secret: to be typed again`
  if (cell.how === 'interrupted') return `${name}\n     was interrupted: not run again`
  if (isLive(cell, journal) && !(await isWanted(cell))) return `${name}\n     left out`
  const how = { language: cell.language, final: true }
  await session.evaluate(cell.source, cell.name === undefined ? how : { ...how, name: cell.name })
  const now = session.journal.entries.at(-1)
  const said = now === undefined ? '' : saidBy(now)
  const isSame = now?.ended === cell.how && said === cell.said
  return isSame ? name : `${name}\n${difference(cell, now?.ended ?? '', said)}`
}

/** The first line that is not as it was. */
function difference(cell: KeptCell, how: string, said: string): string {
  const before = cell.said.split('\n')
  const after = said.split('\n')
  const at = after.findIndex((text, i) => text !== before[i])
  const i = at === -1 ? after.length : at
  const ends = how === cell.how ? '' : `     ended with ${cell.how}, now with ${how}\n`
  return `${ends}     said ${quoted(before[i])}, now says ${quoted(after[i])}`
}

function quoted(text: string | undefined): string {
  return text === undefined ? 'nothing' : JSON.stringify(oneLine(text))
}

function oneLine(text: string): string {
  const [first = '', ...rest] = text.trim().split('\n')
  return `${first.slice(0, 60)}${rest.length > 0 || first.length > 60 ? ' ...' : ''}`
}

const LIVE = /^(live|ssh:)/

function isLive({ source }: KeptCell, { machine = DEFAULT_MACHINE }: KeptJournal): boolean {
  return LIVE.test(machine) || /\bopen\(\s*['"`](live|ssh:)/.test(source)
}

async function isWanted({ source }: KeptCell): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await lines.question(`on a live machine: ${oneLine(source)}\nrun it again? [y/N] `)
  lines.close()
  return /^y(es)?$/i.test(answer.trim())
}
