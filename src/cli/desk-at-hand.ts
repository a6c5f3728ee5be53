// The desk at hand: a shell's notebook, read when it is first asked for, or at once when one is
// named on the command line.
import type { NotebookDocument } from '../notebook/document.js'
import type { Session } from '../session/session.js'
import type { NotebookDesk } from '../shell/notebook-words.js'
import type { Context } from './context.js'
import type { CurrentMachine } from './current-machine.js'
import type { Desk } from './desk.js'
import type { DeskMachine } from './desk-machine.js'

/** A notebook that a session begins with. */
export interface OpenedNotebook {
  readonly path: string
  readonly document: NotebookDocument
  readonly machine: DeskMachine
}

/** What a shell hands its desk. */
export interface DeskParts {
  /** Undefined as long as there is none. */
  session(): Session | undefined
  current(): CurrentMachine | undefined
  renew(machine: DeskMachine): Promise<void>
  silently<T>(work: () => Promise<T>): Promise<T>
  columns(): number
  readonly machine: DeskMachine
  readonly opened: OpenedNotebook | undefined
}

/** A desk, and what greets whoever opened a notebook. */
export interface DeskAtHand {
  readonly open: () => Promise<NotebookDesk>
  readonly now: () => NotebookDesk | undefined
  readonly opening: () => string
}

/** The notebook at a path, and its machine; the process goes to its folder. Throws as reading it
 *  does. */
export async function notebookAt(path: string, context: Context): Promise<OpenedNotebook> {
  const { loadNotebook } = await import('./notebook-files.js')
  const { machineFor } = await import('./desk-machine.js')
  const { resolve } = await import('node:path')
  const document = loadNotebook(path)
  const where = resolve(path)
  const machine = machineFor(document, where, context)
  process.chdir(machine.directory)
  return { path: where, document, machine }
}

/** The desk of a shell. */
export async function deskFor(parts: DeskParts): Promise<DeskAtHand> {
  const { opened } = parts
  let desk: Desk | undefined = opened === undefined ? undefined : await deskOf(parts)
  const open = async (): Promise<Desk> => {
    desk ??= await deskOf(parts)
    return desk
  }
  return { open, now: () => desk, opening: () => (opened ? `\n${desk?.opening.trimEnd()}` : '') }
}

async function deskOf(parts: DeskParts): Promise<Desk> {
  const { Desk } = await import('./desk.js')
  const { EMPTY } = await import('./desk-cells.js')
  const { machineFor } = await import('./desk-machine.js')
  const { machine, opened, renew, silently, columns } = parts
  const front = { ...EMPTY.front, machine: machine.spec, hz: machine.hz, seed: machine.seed }
  const host = {
    ...{ renew, silently, columns },
    session: parts.session,
    current: parts.current,
    machineFor: (document: NotebookDocument, path: string) => machineFor(document, path, {}),
  }
  return new Desk(host, machine, opened?.document ?? { ...EMPTY, front }, opened?.path)
}
