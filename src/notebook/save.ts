// Saving a session as a notebook: its cells with their outputs, under a front matter that pins the
// inputs.
import { statSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { stringify } from 'yaml'
import type { CellLanguage, NotebookDocument, NotebookInput } from './document.js'
import { makeCell } from './format.js'
import { hashFile } from './hash-file.js'
import { isMachineWord } from './machine-word.js'

/** What a session hands over: its cells in order, and the machine they ran on. */
export interface SavedSession {
  readonly title: string
  readonly version: string
  /** What `--machine` took: a path, or the spec of a simulated host. */
  readonly machine: string
  /** Cycles a second, where the command line had to say it. */
  readonly hz: number | undefined
  /** Where the session's relative paths started. */
  readonly directory: string
  readonly inputPaths: readonly string[]
  readonly cells: readonly { readonly language: CellLanguage; readonly source: string }[]
}

/** Builds a notebook without outputs: run it to fill them in. Paths become relative to `path`. */
export function notebookFrom(session: SavedSession, path: string): NotebookDocument {
  const folder = dirname(path)
  const inputs: NotebookInput[] = session.inputPaths.map((input) => ({
    path: relative(folder, input),
    sha256: hashFile(input),
    bytes: statSync(input).size,
  }))
  const machine = isMachineWord(session.machine)
    ? session.machine
    : relative(folder, session.machine)
  const where = relative(folder, session.directory)
  const front = {
    title: session.title,
    version: session.version,
    machine,
    hz: session.hz,
    seed: undefined,
    folder: where === '' ? undefined : where,
    inputs,
    params: [],
    allow: [],
  }
  const cells = session.cells.flatMap((cell, i) => [
    { kind: 'prose' as const, text: '\n' },
    makeCell(`c${i + 1}`, cell.language, cell.source),
  ])
  const heading = { kind: 'prose' as const, text: `\n# ${session.title}\n` }
  return { head: frontText(session, front), front, parts: [heading, ...cells] }
}

function frontText(session: SavedSession, front: NotebookDocument['front']): string {
  const yaml = {
    xpv: 1,
    title: front.title,
    'xpv-version': session.version,
    ...backend(front),
    ...(front.folder === undefined ? {} : { folder: front.folder }),
    ...(front.inputs.length === 0 ? {} : { inputs: front.inputs }),
  }
  return `---\n${stringify(yaml)}---\n`
}

function backend({ machine, hz }: NotebookDocument['front']): object {
  if (machine === undefined) return {}
  const kind = isMachineWord(machine) ? 'sim' : 'trace'
  return { backend: { kind, machine, ...(hz === undefined ? {} : { hz }) } }
}
