// `.save`: the session's good cells as a notebook that has been run.
import { execFile } from 'node:child_process'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { isFolder } from '../backend/replay/file-source.js'
import { XpvError } from '../base/error.js'
import type { CellLanguage } from '../notebook/document.js'
import { printNotebook } from '../notebook/format.js'
import { isMachineWord } from '../notebook/machine-word.js'
import { notebookFrom } from '../notebook/save.js'
import type { JournalEntry } from '../session/journal.js'
import type { CurrentMachine } from './current-machine.js'
import { DEFAULT_MACHINE } from './global-options.js'
import { writeWhole } from './notebook-files.js'
import { packageRoot } from './package-root.js'
import { version } from './version.js'

const LANGUAGES: Readonly<Record<JournalEntry['language'], CellLanguage>> = {
  ts: 'ts',
  d: 'd',
  esc: 'esc',
  command: 'sh',
}

/** Writes the session's good cells as a notebook, then runs it from nothing to store its outputs:
 *  what a notebook says is what anyone gets who runs it. Yields how many cells it has. Throws
 *  `XpvError` `nb.*`. */
export async function save(
  entries: readonly JournalEntry[],
  path: string,
  current: CurrentMachine,
): Promise<number> {
  const { opened } = current
  const first = opened[0]?.spec ?? DEFAULT_MACHINE
  const inputs = opened.flatMap((machine) => machine.snapshot().inputs.map(({ path }) => path))
  const good = entries.filter((entry) => entry.ended === 'ok')
  if (good.length === 0) throw new XpvError('nb.nothing', 'no cell has ended well yet', '1 + 1')
  const document = notebookFrom(
    {
      title: opened[0]?.snapshot().title ?? '',
      version: version(),
      machine: isMachineWord(first) ? first : resolve(first),
      hz: current.hz,
      directory: process.cwd(),
      inputPaths: [...new Set(inputs.map((path) => resolve(path)))].filter((p) => !isFolder(p)),
      cells: good.map(({ language, source }) => ({ language: LANGUAGES[language], source })),
    },
    resolve(path),
  )
  writeWhole(path, printNotebook(document))
  const run = promisify(execFile)(process.execPath, [COMMAND, 'run', path])
  await run.catch((error: unknown) => {
    const why = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : ''
    throw new XpvError('nb.run', `${path} is saved, but does not run: ${why}`, `xpv run ${path}`)
  })
  return good.length
}

const COMMAND = join(packageRoot(), 'bin', 'xpv.mjs')
