// The shell on a machine: session, terminal, and `.save` as a notebook.
import { execFile } from 'node:child_process'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { isFolder } from '../backend/replay/file-source.js'
import { XpvError } from '../base/error.js'
import type { CellLanguage } from '../notebook/document.js'
import { printNotebook } from '../notebook/format.js'
import { notebookFrom } from '../notebook/save.js'
import type { JournalEntry } from '../session/journal.js'
import { runShell } from '../shell/shell.js'
import { packageRoot } from './connect.js'
import type { Context } from './context.js'
import { describeMachine } from './globals.js'
import { loadNotebook, writeWhole } from './notebook-files.js'
import { type OpenSession, openSession } from './session.js'
import { version } from './version.js'

/** Runs the shell to its end; yields the exit status. A notebook named on the command line gives
 *  the machine; none of its cells runs by itself. */
export async function shell(context: Context, notebook?: string): Promise<number> {
  const spec = notebook === undefined ? context.spec : await machineOfNotebook(notebook, context)
  const open = openSession(context, spec, {
    write: (text) => void process.stdout.write(text),
    warn: (text) => void process.stdout.write(text),
    columns: () => process.stdout.columns ?? 80,
    keepsStrays: process.stdin.isTTY === true,
  })
  try {
    return await runShell({
      session: open.session,
      banner: banner(open),
      input: process.stdin,
      output: process.stdout,
      errors: process.stderr,
      env: { ...process.env, ...colour(context) },
      saveNotebook: (cells, path) => save(cells, path, open),
      open: (next) => openAsCell(next, open),
    })
  } finally {
    open.close()
  }
}

/** `.open` as the cell it stands for, so that a saved notebook opens the same. */
async function openAsCell(spec: string, { session, current }: OpenSession): Promise<string> {
  const [, path = spec, hz] = /^(.*?)\s+--hz[ =](\S+)$/.exec(spec) ?? []
  const source = `open(${quoted(path)}${hz === undefined ? '' : `, { hz: ${quoted(hz)} }`})`
  const result = await session.evaluate(source, { language: 'ts' })
  if (result.kind === 'error') throw result.error.thrown
  return describeMachine(current.machine.snapshot())
}

function quoted(text: string): string {
  return /['\\\n]/.test(text) ? JSON.stringify(text) : `'${text}'`
}

function banner(open: OpenSession): string {
  const [first] = describeMachine(open.current.machine.snapshot()).split('\n')
  return `xpv ${version()}: ${first}\nhelp lists the commands; .exit leaves`
}

function colour(context: Context): Record<string, string> {
  if (context.color === 'always') return { FORCE_COLOR: '1' }
  return context.color === 'never' ? { NO_COLOR: '1' } : {}
}

async function machineOfNotebook(path: string, context: Context): Promise<string | undefined> {
  const { machineOf } = await import('./notebook.js')
  return machineOf(loadNotebook(path), path, context)
}

const LANGUAGES: Readonly<Record<JournalEntry['language'], CellLanguage>> = {
  ts: 'ts',
  d: 'd',
  command: 'sh',
}

/** Writes the session's good cells as a notebook, then runs it from nothing to store its outputs:
 *  what a notebook says is what anyone gets who runs it. Yields how many cells it has. Throws
 *  `XpvError` `nb.*`. */
async function save(
  entries: readonly JournalEntry[],
  path: string,
  open: OpenSession,
): Promise<number> {
  const { opened } = open.current
  const inputs = opened.flatMap((machine) => machine.snapshot().inputs.map(({ path }) => path))
  const good = entries.filter((entry) => entry.ended === 'ok')
  if (good.length === 0) throw new XpvError('nb.nothing', 'no cell has ended well yet', '1 + 1')
  const document = notebookFrom(
    {
      title: opened[0]?.snapshot().title ?? '',
      version: version(),
      machinePath: resolve(opened[0]?.spec ?? ''),
      hz: open.current.hz,
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
