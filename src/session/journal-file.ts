// A journal on disk: each cell is there before it runs, so that nothing is lost when the session
// dies.
//
//   {"xpv":1,"id":"20261123T163000-812","pid":812,"machine":"sim:xvm-3.1","seed":7,...}   the head
//   {"began":1,"language":"ts","source":"const n = 1"}                 on disk before the cell runs
//   {"ended":1,"how":"ok","shown":"...","ms":12}
//   {"note":"It waits."}                                               prose, or {"title":...}
//   {"closed":"left"}                                                  or "resumed", by a later one
//
// Holds: one file a session, for its owner only (0600), written at its end and nowhere else; made
// when the first cell runs. A line that was cut off by a crash is the last, and is passed over. One
// that cannot be written is told of once, and the session goes on.
import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  closeSync,
  fdatasyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type {
  CellLanguage,
  JournalCell,
  JournalEntry,
  JournalKeeper,
  JournalRemark,
} from './journal.js'

/** Characters of what a cell showed and wrote that are kept, to be compared. */
const KEPT = 4096
/** Journals that stay, and for how long. */
const MOST_FILES = 100
const OLDEST_MS = 30 * 24 * 3600 * 1000

/** What a journal says of its session. */
export interface JournalHead {
  readonly id: string
  readonly pid: number
  readonly startedMs: number
  /** The machine, as `--machine` takes it. */
  readonly machine: string | undefined
  readonly seed: number | undefined
  readonly hz: number | undefined
  readonly folder: string
  /** The notebook that was open. */
  readonly notebook?: string | undefined
}

/** A cell as a journal has it; `how` is undefined when it did not end. */
export interface KeptCell extends JournalCell {
  readonly how: JournalEntry['ended'] | undefined
  /** The start of what it wrote and showed. */
  readonly said: string
}

/** What was said of a session, after so many of its cells. */
export interface KeptRemark extends JournalRemark {
  readonly after: number
}

/** A journal as it was read. */
export interface KeptJournal extends JournalHead {
  readonly path: string
  readonly cells: readonly KeptCell[]
  readonly remarks: readonly KeptRemark[]
  /** How it was closed; undefined when its session died, or still runs. */
  readonly closed: string | undefined
}

/** Makes the name of a session: when, which process, and a little chance. */
export function journalId(startedMs: number, pid: number): string {
  const time = new Date(startedMs).toISOString().replace(/[-:]|\..*$/g, '')
  return `${time}-${pid}-${randomBytes(2).toString('hex')}`
}

/** What of a cell is kept, and compared when it runs again. */
export function saidBy({ output, shown }: Pick<JournalEntry, 'output' | 'shown'>): string {
  return `${output}${shown?.['text/plain'] ?? ''}`.slice(0, KEPT)
}

/** Writes the journal of one session. Owns its file. */
export class JournalFile implements JournalKeeper {
  readonly #folder: string
  readonly #head: JournalHead
  readonly #warn: (text: string) => void
  #file: number | undefined
  #isBroken = false
  /** A cell may end the process, and means it. */
  readonly #onExit = (): void => this.close()

  /** `warn` is told, once, why nothing can be kept. */
  constructor(folder: string, head: JournalHead, warn: (text: string) => void) {
    this.#folder = folder
    this.#head = head
    this.#warn = warn
  }

  began({ number, language, source, name, isRedacted }: JournalCell): void {
    this.#attempt(() => {
      this.#file ??= this.#create()
      this.#write({ began: number, language, source, name, ...(isRedacted ? { isRedacted } : {}) })
      fdatasyncSync(this.#file)
    })
  }

  ended(entry: JournalEntry): void {
    const { number, ended, durationMs } = entry
    const ms = Math.round(durationMs)
    this.#attempt(() => this.#write({ ended: number, how: ended, said: saidBy(entry), ms }))
  }

  remarked({ kind, text }: JournalRemark): void {
    this.#attempt(() => {
      this.#file ??= this.#create()
      this.#write({ [kind]: text })
    })
  }

  /** The session ends as its user wants it to. */
  close(): void {
    process.off('exit', this.#onExit)
    this.#attempt(() => this.#write({ closed: 'left' }))
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
    this.#isBroken = true
  }

  #create(): number {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    pruneJournals(this.#folder, this.#head.startedMs)
    this.#file = openSync(join(this.#folder, `${this.#head.id}.jsonl`), 'ax', 0o600)
    this.#write({ xpv: 1, ...this.#head })
    process.once('exit', this.#onExit)
    return this.#file
  }

  #write(record: object): void {
    if (this.#file !== undefined) writeSync(this.#file, `${JSON.stringify(record)}\n`)
  }

  #attempt(work: () => void): void {
    if (this.#isBroken) return
    try {
      work()
    } catch (thrown) {
      this.#isBroken = true
      const why = thrown instanceof Error ? thrown.message : String(thrown)
      this.#warn(`the journal is not kept: ${why}\n`)
    }
  }
}

/** All journals of a folder that can be read, newest first. */
export function readJournals(folder: string): readonly KeptJournal[] {
  const names = namesIn(folder)
  const read = names.flatMap((name) => parseJournal(join(folder, name)) ?? [])
  return read.sort((a, b) => b.startedMs - a.startedMs)
}

/** Says in a journal what has become of its session. */
export function closeJournal(path: string, how: string): void {
  appendFileSync(path, `\n${JSON.stringify({ closed: how })}\n`)
}

/** Whether the session of a journal died. */
export function hasCrashed(journal: KeptJournal): boolean {
  return journal.closed === undefined && journal.cells.length > 0 && !isAlive(journal.pid)
}

function pruneJournals(folder: string, nowMs: number): void {
  const aged = namesIn(folder).map((name) => {
    const path = join(folder, name)
    return { path, ms: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? nowMs }
  })
  aged.sort((a, b) => b.ms - a.ms)
  for (const [i, { path, ms }] of aged.entries())
    if (i >= MOST_FILES || ms < nowMs - OLDEST_MS) unlinkSync(path)
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.jsonl'))
  } catch {
    return []
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM'
  }
}

type JournalLine = Readonly<Record<string, unknown>>

function parseJournal(path: string): KeptJournal | undefined {
  const [head, ...lines] = readFileSync(path, 'utf8').split('\n').flatMap(parseLine)
  if (head?.['xpv'] !== 1) return undefined
  const cells = new Map<unknown, KeptCell>()
  const remarks: KeptRemark[] = []
  let closed: string | undefined
  for (const line of lines) {
    if ('began' in line) cells.set(line['began'], begunCell(line))
    const begun = cells.get(line['ended'])
    if (begun !== undefined) cells.set(begun.number, endedCell(begun, line))
    for (const kind of ['note', 'title'] as const)
      if (kind in line) remarks.push({ kind, text: String(line[kind]), after: cells.size })
    if ('closed' in line) closed = String(line['closed'])
  }
  return { ...headOf(head), path, cells: [...cells.values()], remarks, closed }
}

function parseLine(text: string): readonly JournalLine[] {
  try {
    const line: unknown = JSON.parse(text)
    return typeof line === 'object' && line !== null ? [line as JournalLine] : []
  } catch {
    return []
  }
}

function headOf(line: JournalLine): JournalHead {
  const number = (name: string): number | undefined =>
    typeof line[name] === 'number' ? line[name] : undefined
  const { machine } = line
  return {
    id: String(line['id']),
    pid: number('pid') ?? 0,
    startedMs: number('startedMs') ?? 0,
    machine: typeof machine === 'string' ? machine : undefined,
    seed: number('seed'),
    hz: number('hz'),
    folder: String(line['folder'] ?? ''),
    notebook: typeof line['notebook'] === 'string' ? line['notebook'] : undefined,
  }
}

function begunCell(line: JournalLine): KeptCell {
  const language = line['language'] as CellLanguage
  const source = String(line['source'])
  const isRedacted = line['isRedacted'] === true
  const name = typeof line['name'] === 'string' ? line['name'] : undefined
  const number = Number(line['began'])
  return { number, language, source, name, isRedacted, how: undefined, said: '' }
}

function endedCell(begun: KeptCell, line: JournalLine): KeptCell {
  return { ...begun, how: line['how'] as KeptCell['how'], said: String(line['said'] ?? '') }
}
