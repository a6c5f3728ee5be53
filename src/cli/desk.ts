// The desk: the notebook at the prompt. What is typed becomes its cells; one that was opened goes
// on there.
//
//   session's journal -> runs -> cells of a document -> .cells .show .run .edit .undo .save
//
// Holds: opening a notebook runs nothing. A cell that failed is no part of it; one that was taken
// back leaves the session as it was before it, where the machine can be had anew.
import { relative, resolve } from 'node:path'
import { XpvError } from '../base/error.js'
import { cellsOf, type NotebookDocument } from '../notebook/document.js'
import { withTitle } from '../notebook/front-edit.js'
import { type CellGraph, graphOf } from '../notebook/graph/graph.js'
import { sessionStates } from '../notebook/graph/run-states.js'
import type { JournalEntry } from '../session/journal.js'
import type { Session } from '../session/session.js'
import type { DeskAnswer, DeskPlace, DeskWord, NotebookDesk } from '../shell/notebook-words.js'
import type { CurrentMachine } from './current-machine.js'
import { isOnLive, runAgain } from './desk-again.js'
import {
  cellNamed,
  contentOf,
  freshId,
  idsFor,
  withCell,
  withNote,
  withoutCells,
  withSource,
  withStored,
} from './desk-cells.js'
import { cellsMeant } from './desk-choice.js'
import type { DeskMachine } from './desk-machine.js'
import { type DeskRun, DeskRuns, hasShown, isQuestion, SPOKEN, writtenAs } from './desk-runs.js'
import {
  cellsPage,
  cellText,
  type DeskState,
  firstLine,
  marksText,
  openingText,
} from './desk-text.js'
import { loadNotebook } from './notebook-files.js'

/** What the desk stands in. */
export interface DeskHost {
  /** The session as it is; undefined before it is open. */
  session(): Session | undefined
  current(): CurrentMachine | undefined
  /** Closes the session and its machine; the next one is on `machine`. When that cannot be opened
   *  it throws, and the session stays. */
  renew(machine: DeskMachine): Promise<void>
  /** Works without anything being printed. */
  silently<T>(work: () => Promise<T>): Promise<T>
  columns(): number
  /** Which machine a notebook is for. */
  machineFor(document: NotebookDocument, path: string): DeskMachine
}

/** A cell, and whether what runs replaces its source. */
interface Target {
  readonly id: string
  readonly isEdit: boolean
}

/** The notebook at the prompt. Owns its document and the list of what has run. */
export class Desk implements NotebookDesk {
  readonly #host: DeskHost
  readonly #runs = new DeskRuns()
  #machine: DeskMachine
  #document: NotebookDocument
  #path: string | undefined
  /** Ids of the cells that came with the file. */
  #filed: ReadonlySet<string> = new Set()
  /** Entries of the session's journal that are runs already. */
  #seen = 0
  /** The cell that what runs next is a run of. */
  #target: Target | undefined
  #undone: readonly DeskRun[] = []
  /** Whether cells can be stale here: they cannot where each ran once, in order. */
  #isMarked = false
  #marked: ReadonlyMap<string, DeskState> = new Map()
  #kept: string
  #hasWarned = ''

  /** `document` is empty, or what was opened from `path`. */
  constructor(
    host: DeskHost,
    machine: DeskMachine,
    document: NotebookDocument,
    path: string | undefined,
  ) {
    this.#host = host
    this.#machine = machine
    this.#document = document
    this.#path = path
    this.#kept = contentOf(document)
    this.#settle()
  }

  async obey(word: DeskWord, argument: string, place: DeskPlace): Promise<DeskAnswer> {
    this.#sync()
    switch (word) {
      case 'cells':
        return told(cellsPage(this.#document, this.#states(), this.#host))
      case 'show':
        return told(this.#show(argument))
      case 'run':
        return told(await this.#runWord(argument, place))
      case 'edit':
        return this.#edit(argument)
      case 'note':
      case 'title':
        return told(this.remark(word, argument))
      case 'undo':
        return told(await this.#undo(place))
      case 'redo':
        return told(await this.#redo(place))
      case 'load':
        return told(await this.#load(argument, place))
      case 'save':
        return told(await this.#save(argument))
      case 'answer': {
        const { answerWord } = await import('./desk-answer.js')
        return told(await answerWord(argument, this.#document, () => this.#session()))
      }
    }
  }

  /** What greets whoever opened a notebook. */
  get opening(): string {
    const path = relative('.', this.#path ?? '')
    this.#sync()
    const hasRun = this.#runs.all.length > 0
    const shown = { columns: this.#host.columns(), hasRun }
    return openingText(path, this.#document, this.#states(), shown)
  }

  afterCell(): string {
    this.#sync()
    if (!this.#isMarked) return ''
    const states = this.#states()
    const marks = marksText(states, this.#marked)
    this.#marked = states
    return marks
  }

  beforeLeaving(): string {
    this.#sync()
    const content = contentOf(this.#document)
    if (this.#path === undefined || content === this.#kept || content === this.#hasWarned) return ''
    this.#hasWarned = content
    const name = relative('.', this.#path)
    return `${name} has changes that are not saved: .save keeps them; leave again to drop them`
  }

  remark(kind: 'note' | 'title', text: string): string {
    const example = kind === 'note' ? '.note What this shows' : '.title Who asks for memory'
    if (text === '') throw new XpvError('shell.usage', `which ${kind}?`, example)
    this.#sync()
    const session = this.#host.session()
    session?.journal.remark({ kind, text: session.redact(text) })
    const lay = kind === 'note' ? withNote : withTitle
    this.#document = lay(this.#document, text)
    return ''
  }

  idsFor(word: DeskWord): readonly string[] {
    this.#sync()
    return idsFor(word, this.#document)
  }

  dropEdit(): void {
    this.#target = undefined
  }

  #session(): Session {
    const session = this.#host.session()
    if (session === undefined)
      throw new XpvError('nb.no-session', 'no session is open yet', '1 + 1')
    return session
  }

  /** What ran since is a run of a cell; what was typed becomes one. */
  #sync(): void {
    const { entries } = this.#host.session()?.journal ?? { entries: [] }
    for (const entry of entries.slice(this.#seen)) this.#consume(entry)
    this.#seen = entries.length
  }

  #consume(entry: JournalEntry): void {
    const before = this.#document
    const isGood = entry.ended === 'ok'
    const isTold = this.#target !== undefined
    this.#target ??= this.#resumed(entry)
    const id = this.#idOf(entry)
    if (isGood && id !== undefined && this.#target === undefined)
      this.#document = withCell(before, id, writtenAs(entry))
    if (isGood && id !== undefined && this.#target?.isEdit === true)
      this.#document = withSource(before, id, entry.source)
    this.#runs.add({ id, entry, before, after: this.#document })
    if (isGood || !isTold || this.#target?.isEdit !== true) this.#target = undefined
  }

  /** The cell that is meant by what a session that came back ran again. */
  #resumed({ name, source }: JournalEntry): Target | undefined {
    const cell = cellsOf(this.#document).find(({ id }) => id === name)
    return cell && { id: cell.id, isEdit: cell.source.trimEnd() !== source.trimEnd() }
  }

  /** The cell that an entry is a run of; a question, and what failed when it was typed, is none. */
  #idOf(entry: JournalEntry): string | undefined {
    if (isQuestion(entry)) return undefined
    if (this.#target !== undefined) return this.#target.id
    if (entry.ended !== 'ok') return undefined
    return freshId(this.#document, new Set(this.#undone.flatMap(({ id }) => id ?? [])))
  }

  #states(): ReadonlyMap<string, DeskState> {
    const states = sessionStates(this.#document, this.#runs.states())
    return new Map(
      [...states].map(([id, state]) => {
        const isBad = (this.#runs.of(id)?.entry.ended ?? 'ok') !== 'ok'
        return [id, isBad && /^(fresh|silent)$/.test(state) ? 'failed' : state]
      }),
    )
  }

  #graph(): CellGraph {
    return graphOf(this.#document, {
      yields: (id) => {
        const last = this.#runs.of(id)
        return last === undefined ? undefined : last.entry.shown !== undefined
      },
    })
  }

  #show(id: string): string {
    const cell = cellNamed(this.#document, id)
    const last = this.#runs.of(cell.id)?.entry
    const here =
      last === undefined ? undefined : joined(last.output, last.shown?.['text/plain'] ?? '')
    return cellText(this.#document, cell, this.#states().get(cell.id) ?? 'never', here)
  }

  async #runWord(what: string, place: DeskPlace): Promise<string> {
    const ids = this.#wanted(what)
    const { permitCells } = await import('./desk-permission.js')
    const filed = ids.filter((id) => this.#filed.has(id))
    await permitCells(filed, this.#document, { path: this.#path, spec: this.#machine.spec })
    if (what === '' && this.#runs.all.length > 0) await this.#begin(place)
    let count = 0
    for (const id of ids) {
      if (!(await this.#runCell(id, place))) return `stopped at #${id}; .run ..ID goes on\n`
      count += 1
    }
    const marks = this.afterCell()
    if (count === 0) return 'nothing to run\n'
    const ran = ids.length === 1 ? '' : `${count} cells run\n`
    return marks === '' ? ran : `${ran}${marks}\n`
  }

  #wanted(what: string): readonly string[] {
    const hasRun = (id: string): boolean => this.#runs.of(id) !== undefined
    const [graph, states] = [this.#graph(), this.#states()]
    return cellsMeant(what, { document: this.#document, graph, states, hasRun })
  }

  /** Runs one cell; yields whether it ended as it should. */
  async #runCell(id: string, place: DeskPlace): Promise<boolean> {
    const { source, language, options } = cellNamed(this.#document, id)
    place.tell(`#${id}  ${firstLine(source, this.#host.columns() - id.length - 4)}\n`)
    this.#target = { id, isEdit: false }
    this.#isMarked = true
    const how = { language: SPOKEN[language], final: true, name: id }
    const result = await this.#session().evaluate(source.replace(/\n$/, ''), how)
    place.tell(place.report(result))
    this.#sync()
    this.#target = undefined
    return result.kind === 'ok' || (result.kind === 'error' && options.has('expect-error'))
  }

  #edit(id: string): DeskAnswer {
    const cell = cellNamed(this.#document, id)
    this.#target = { id: cell.id, isEdit: true }
    this.#isMarked = true
    const how = { language: SPOKEN[cell.language], name: cell.id }
    return { kind: 'edit', text: cell.source.replace(/\n$/, ''), how }
  }

  /** Takes the last cell back. */
  async #undo(place: DeskPlace): Promise<string> {
    const runs = this.#runs.all
    const at = runs.findLastIndex(({ entry }) => !isQuestion(entry))
    const last = runs[at]
    if (last === undefined) throw new XpvError('nb.nothing-to-undo', 'no cell has run', '.cells')
    this.#document = this.#without(last)
    this.#undone = [...this.#undone, last]
    const name = `taken back: ${firstLine(last.entry.source, this.#host.columns() - 14)}\n`
    if (isOnLive(this.#machine, runs)) {
      this.#runs.become(runs.slice(0, at))
      return `${name}on a live machine what it did stays; it is no cell of the notebook any more\n`
    }
    const differing = await this.#again(runs.slice(0, at), place)
    return `${name}${differing}`
  }

  #without({ id, before, after }: DeskRun): NotebookDocument {
    if (id === undefined || before === after) return this.#document
    const old = cellsOf(before).find((cell) => cell.id === id)
    if (old !== undefined) return withSource(this.#document, id, old.source)
    return withoutCells(this.#document, (each) => each === id)
  }

  /** A fresh session in which these ran, silently. Yields what is not as it was. */
  async #again(runs: readonly DeskRun[], place: DeskPlace): Promise<string> {
    const session = await this.#begin(place)
    const again = await runAgain(session, runs, (work) => this.#host.silently(work))
    this.#runs.become(again.runs)
    this.#seen = session.journal.entries.length
    return again.told
  }

  async #redo(place: DeskPlace): Promise<string> {
    const last = this.#undone.at(-1)
    if (last === undefined) throw new XpvError('nb.nothing-to-redo', 'nothing was taken back')
    const { id, entry } = last
    const isThere = cellsOf(this.#document).some((cell) => cell.id === id)
    if (id !== undefined && isThere) this.#target = { id, isEdit: last.before !== last.after }
    this.#undone = this.#undone.slice(0, -1)
    const how = { language: entry.language, final: true, ...(id === undefined ? {} : { name: id }) }
    place.tell(`${entry.source}\n`)
    place.tell(place.report(await this.#session().evaluate(entry.source, how)))
    this.#sync()
    this.#target = undefined
    return ''
  }

  async #load(path: string, place: DeskPlace): Promise<string> {
    if (path === '') throw new XpvError('shell.usage', 'load what?', '.load found.xpv.md')
    const lost = this.beforeLeaving()
    if (lost !== '') throw new XpvError('nb.unsaved', lost, `.save, or .load ${path} again`)
    const document = loadNotebook(path)
    const where = resolve(path)
    const machine = this.#host.machineFor(document, where)
    await this.#host.renew(machine)
    await place.reopen()
    this.#machine = machine
    this.#document = document
    this.#path = where
    this.#runs.become([])
    this.#seen = 0
    this.#undone = []
    this.#settle()
    return this.opening
  }

  /** What an opened notebook brings. */
  #settle(): void {
    this.#kept = contentOf(this.#document)
    this.#filed = new Set(cellsOf(this.#document).map(({ id }) => id))
    this.#isMarked = this.#path !== undefined
    if (this.#isMarked) this.#marked = this.#states()
  }

  /** A fresh session on the same machine, in which nothing has run. */
  async #begin(place: DeskPlace): Promise<Session> {
    await this.#host.renew(this.#machine)
    this.#seen = 0
    this.#runs.become([])
    return place.reopen()
  }

  async #save(words: string): Promise<string> {
    const { saveDesk } = await import('./save.js')
    const contents = {
      document: this.#document,
      path: this.#path,
      filed: this.#filed,
      graph: this.#graph(),
      shows: (id: string) => {
        const last = this.#runs.of(id)?.entry
        return last !== undefined && last.ended === 'ok' && hasShown(last)
      },
      current: this.#host.current(),
    }
    const save = (signal?: AbortSignal) => saveDesk(words, { ...contents, signal })
    const saved = await (this.#host.session()?.interruptible(save) ?? save())
    if (saved === undefined) return 'interrupted: it is written, but has not run\n'
    this.#path = saved.path
    this.#document = withStored(this.#document, saved.saved)
    this.#kept = contentOf(this.#document)
    return saved.text
  }
}

const told = (text: string): DeskAnswer => ({ kind: 'text', text })

function joined(output: string, shown: string): string {
  return output === '' || output.endsWith('\n') ? `${output}${shown}` : `${output}\n${shown}`
}
